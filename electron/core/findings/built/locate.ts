import type { StagedDockerfile } from '../../dockerfile/stages'
import { modelOf, type StagedModel } from '../staged-model'
import type { BuiltFinding } from './built-image'

/** A finding about a built image, and the line of its Dockerfile that it comes from, where one can be named. */
export interface LocatedFinding extends BuiltFinding {
  readonly line: number | null
}

/** Finds the lines: the command's, the user's, or the COPY that brought the file. */
export function locateFindings(
  findings: readonly BuiltFinding[],
  staged: StagedDockerfile,
  target: number,
): LocatedFinding[] {
  if (findings.length === 0) return []
  const model = modelOf(staged, target, { names: [], text: () => undefined })
  return findings.map((finding) => ({ ...finding, line: lineOf(finding, model) ?? null }))
}

function lineOf({ rule, path }: BuiltFinding, { stages, final }: StagedModel): number | undefined {
  const chain = final.chain.map((index) => stages[index]!)
  const last = (...keywords: readonly string[]): number | undefined =>
    chain.flatMap(({ stage }) => stage.instructions).findLast(({ keyword }) => keywords.includes(keyword))?.span
      .startLine
  if (rule === 'user-unknown') return last('USER')
  if (rule === 'program-missing' || rule === 'script-missing') return last('ENTRYPOINT') ?? last('CMD')
  const copies = chain.flatMap((stage) => stage.copies)
  const brought = copies.findLast(
    ({ destination, isFolder, sources }) =>
      path === destination ||
      path.startsWith(`${destination === '/' ? '' : destination}/`) ||
      (isFolder && sources.some((source) => path === `${destination}/${source.split('/').at(-1)}`)),
  )
  return brought?.instruction.span.startLine
}
