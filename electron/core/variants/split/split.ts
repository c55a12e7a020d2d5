import { isImageSetting } from '../../dockerfile/image-settings'
import { parseStages, type StagedDockerfile } from '../../dockerfile/stages'
import type { DerivationReason } from '../variant'
import { toDistroless } from './distroless'
import { commentStart } from './final-stage'
import { copiesOutside } from './outside-copies'
import type { SplitPlan } from './plan'
import type { ProjectFiles } from './project-files'
import { planSplit } from './rules'
import { analyseStage, type SingleStage } from './single-stage'
import { slimStage } from './slim-stage'

export type SplitTarget = 'multi-stage' | 'distroless'

export type Split =
  | {
      readonly ok: true
      readonly staged: StagedDockerfile
      readonly reasons: readonly DerivationReason[]
      readonly target: SplitTarget
      readonly language: string
      /** The program needs nothing of a base image. */
      readonly isStatic: boolean
    }
  | { readonly ok: false; readonly problem: string }

/**
 * Divides a traditional Dockerfile: the user's instructions, order and comments stay as the build stage; what the program needs to run
 * goes to a small final stage, at the same paths. Says why where what is needed cannot be told.
 */
export function splitStage(original: StagedDockerfile, files: ProjectFiles, target: SplitTarget): Split {
  const single = analyseStage(original, files)
  if (single === undefined) return { ok: false, problem: 'only a file with one stage on an image can be divided.' }
  const found = planSplit(single)
  if ('refusal' in found) return { ok: false, problem: found.refusal }
  if (target === 'multi-stage' && found.leavesNothing !== undefined) return { ok: false, problem: found.leavesNothing }
  const plan = withOutsideCopies(single, found)
  if (plan.copies.some(({ path }) => path === '/'))
    return { ok: false, problem: 'its WORKDIR is /, so the project’s files cannot be told from those of the system.' }
  const final = target === 'distroless' ? toDistroless(single, plan) : slimStage(single, plan)
  if ('refusal' in final) return { ok: false, problem: final.refusal }
  const text = [...buildStage(single, plan), '', ...final.lines].join('\n')
  const { value: staged } = parseStages(`${text}\n`, original.inputs)
  return {
    ok: true,
    staged,
    reasons: [...buildReasons(single, plan), ...final.reasons],
    target,
    language: plan.language,
    isStatic: plan.isStatic,
  }
}

function withOutsideCopies(single: SingleStage, plan: SplitPlan): SplitPlan {
  const isCopied = (path: string): boolean =>
    plan.copies.some((copy) => path === copy.path || path.startsWith(`${copy.path}/`))
  return { ...plan, copies: [...plan.copies, ...copiesOutside(single, plan).filter(({ path }) => !isCopied(path))] }
}

/** The user's lines up to the settings of the image, comments included. */
function buildStage({ staged, stage }: SingleStage, plan: SplitPlan): string[] {
  const source = staged.dockerfile.text.split(/\r?\n/)
  const moved = new Set<number>()
  for (const instruction of stage.instructions.filter(isImageSetting))
    for (let line = commentStart(source, instruction); line <= instruction.span.endLine; line++) moved.add(line)
  const lines: string[] = []
  source.forEach((text, at) => {
    const line = at + 1
    for (const insert of plan.inserts)
      if (insert.before !== undefined && commentStart(source, insert.before) === line) lines.push(...insert.lines)
    if (line === stage.from.span.startLine && stage.name === undefined) lines.push(`${text.trimEnd()} AS build`)
    else if (!moved.has(line)) lines.push(text)
  })
  while (lines.at(-1)?.trim() === '') lines.pop()
  for (const insert of plan.inserts) if (insert.before === undefined) lines.push(...insert.lines)
  return lines
}

function buildReasons({ stage }: SingleStage, plan: SplitPlan): DerivationReason[] {
  return plan.inserts.map(({ before, lines, reason }) => ({
    line: (before ?? stage.instructions.findLast((each) => !isImageSetting(each)) ?? stage.from).span.startLine,
    before: before?.text,
    after: lines.join('\n'),
    reason,
  }))
}
