import { EngineError } from '../core/failure'
import { flattenStages } from '../core/variants/flatten'
import { splitStage } from '../core/variants/split/split'
import type { DerivationReason, FoundDockerfile } from '../core/variants/variant'
import { openProject } from '../engine/project/open-project'
import { type Command, exactly, fromHere, UsageError } from './command'

const targets = ['flatten', 'multi-stage', 'distroless'] as const
type Target = (typeof targets)[number]

/** `derive <folder> --to flatten | multi-stage | distroless`: the Dockerfile that is missing, from the one that is there. */
export const run: Command = async (call) => {
  const [folder] = exactly(call, 1)
  const target = targets.find((name) => name === call.flags.to)
  if (target === undefined) throw new UsageError(`--to ${call.flags.to}`)
  const { dockerfiles } = await openProject(fromHere(folder!))
  const found = dockerfiles.find(({ staged }) => staged.stages.length > 1 === (target === 'flatten'))
  if (found === undefined) {
    const problem = target === 'flatten' ? 'none has several stages to flatten.' : 'each has several stages already.'
    throw new EngineError({ code: 'not-derivable', file: dockerfiles[0]!.path, target, problem })
  }
  const { text, reasons } = derive(found, target)
  call.print(`From ${found.path}:`)
  for (const line of reasons.map(reasonLine)) call.print(`  ${line}`)
  const comments = call.flags.explain ? reasons.map((reason) => `# ${reasonLine(reason)}\n`).join('') : ''
  return { output: `${comments}${text}`, isVerbatim: true, exitCode: 0 }
}

function derive(
  { path, staged, files }: FoundDockerfile,
  target: Target,
): { text: string; reasons: readonly DerivationReason[] } {
  if (target === 'flatten') {
    const flat = flattenStages(staged, staged.stages.length - 1)
    return { text: flat.staged.dockerfile.text, reasons: flat.reasons }
  }
  const split = splitStage(staged, files, target)
  if (!split.ok) throw new EngineError({ code: 'not-derivable', file: path, target, problem: split.problem })
  return { text: split.staged.dockerfile.text, reasons: split.reasons }
}

const reasonLine = ({ line, reason }: DerivationReason): string =>
  line === undefined ? reason : `line ${line}: ${reason}`
