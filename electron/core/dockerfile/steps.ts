import type { LineSpan } from '../diagnostic'
import type { Stage } from './stages'
import { unquote } from './words'

/** One numbered unit of a build: `[builder 2/5]` is number 2 of 5. */
export interface Step {
  readonly stageIndex: number
  readonly number: number
  readonly of: number
  readonly keyword: string
  readonly text: string
  readonly span: LineSpan
}

const stepKeywords = new Set(['RUN', 'COPY', 'ADD', 'WORKDIR'])

/**
 * The steps BuildKit numbers in a stage: FROM when the base is an image, then what changes files. Metadata has no step;
 * `WORKDIR /` counts in the total but takes no number, because it changes nothing.
 */
export function stageSteps(stage: Stage): Step[] {
  const counted = stage.instructions.filter((instruction) => stepKeywords.has(instruction.keyword))
  const all = stage.base.kind === 'image' ? [stage.from, ...counted] : counted
  return all
    .filter((instruction) => !(instruction.keyword === 'WORKDIR' && /^\/+$/.test(unquote(instruction.argumentText))))
    .map((instruction, at) => ({
      stageIndex: stage.index,
      number: at + 1,
      of: all.length,
      keyword: instruction.keyword,
      text: firstLine(instruction.text),
      span: instruction.span,
    }))
}

function firstLine(text: string): string {
  const line = text.split('\n', 1)[0]!.trim()
  return line.endsWith('\\') ? `${line.slice(0, -1).trimEnd()} …` : line
}
