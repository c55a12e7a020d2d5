import { reachableStages } from '../dockerfile/graph'
import { isImageSetting } from '../dockerfile/image-settings'
import { flagValue, type Instruction } from '../dockerfile/parse'
import { parseStages, resolveSource, type Stage, type StagedDockerfile } from '../dockerfile/stages'
import { copyInside } from './copy-inside'
import { baseFamily, packageFamily } from './families'
import type { DerivationReason } from './variant'

/** What would have shipped without stages, and why each line differs. */
export interface Flattened {
  readonly staged: StagedDockerfile
  readonly reasons: readonly DerivationReason[]
}

/**
 * Merges the stages that `target` needs into one, on the base of the stage that builds: instructions in build order,
 * COPY --from as a copy inside, settings of the image from the final stage. A stage with RUN on another base cannot be
 * merged and stays a stage of its own; the reasons say so.
 */
export function flattenStages(original: StagedDockerfile, target: number): Flattened {
  const { stages } = original
  const reached = reachableStages(stages, target)
  const build = buildStage(stages, target, reached)
  const root = rootOf(stages, build)
  const lines = new Lines()
  const apart = stagesApart(stages, reached, root, target)
  for (const index of apart) lines.keepStage(stages[index]!)
  const from = root.from.argumentText.split(/\s+/)[0]!
  for (const instruction of globalArgs(original)) lines.unshift(instruction.text)
  lines.add(`FROM ${platformOf(root)}${from}`)
  lines.explain(
    stages[target]!.from,
    `FROM ${from}`,
    `One stage: all is kept on the base of the build stage “${build.label}”.`,
  )
  const merged = [...reached].filter((index) => !apart.includes(index)).sort((a, b) => a - b)
  for (const index of merged) addSegment(lines, stages, stages[index]!, { target, merged, root })
  addImageSettings(lines, stages, target)
  return { staged: parseStages(`${lines.text()}\n`, original.inputs).value, reasons: lines.reasons }
}

interface SegmentContext {
  readonly target: number
  readonly merged: readonly number[]
  readonly root: Stage
}

class Lines {
  readonly reasons: DerivationReason[] = []
  readonly #lines: string[] = []

  add(text: string): void {
    this.#lines.push(text)
  }

  unshift(text: string): void {
    this.#lines.unshift(text)
  }

  explain(original: Instruction, after: string | undefined, reason: string): void {
    this.reasons.push({ line: original.span.startLine, before: original.text, after, reason })
  }

  keepStage(stage: Stage): void {
    // Its number changes, so it needs a name.
    this.add(stage.name === undefined ? `${stage.from.text} AS ${stage.label}` : stage.from.text)
    for (const instruction of stage.instructions) this.add(instruction.text)
    this.add('')
    this.explain(
      stage.from,
      stage.from.text,
      `Stage “${stage.label}” runs on another base and cannot be merged; it stays apart, so this is an approximation.`,
    )
  }

  text(): string {
    return this.#lines.join('\n')
  }
}

/** The stage the final one copies from that has most to run; the target itself when it copies from none. */
function buildStage(stages: readonly Stage[], target: number, reached: ReadonlySet<number>): Stage {
  const runs = (stage: Stage): number =>
    stage.instructions.filter((instruction) => instruction.keyword === 'RUN').length
  const candidates = [...reached].filter(
    (index) => index !== target && rootOf(stages, stages[index]!).base.kind === 'image',
  )
  const final = stages[target]!
  const copied = final.instructions.flatMap((instruction) => {
    const name = flagValue(instruction, 'from')
    const source = name === undefined ? undefined : resolveSource(name, final, stages)
    return source?.kind === 'stage' ? [source.index] : []
  })
  const preferred = candidates.filter((index) => copied.includes(index))
  const pool = preferred.length > 0 ? preferred : candidates
  return pool.map((index) => stages[index]!).sort((a, b) => runs(b) - runs(a) || a.index - b.index)[0] ?? final
}

function rootOf(stages: readonly Stage[], stage: Stage): Stage {
  const base = baseStage(stages, stage)
  return base ? rootOf(stages, base) : stage
}

const baseStage = (stages: readonly Stage[], stage: Stage): Stage | undefined =>
  stage.base.kind === 'stage' ? stages[stage.base.index] : undefined

function baseText(stage: Stage): string {
  return stage.base.kind === 'image' ? stage.base.reference : stage.base.kind
}

/** Stages with commands on another base than the build's, and the stages those are based on; in file order. */
function stagesApart(stages: readonly Stage[], reached: ReadonlySet<number>, root: Stage, target: number): number[] {
  const apart = new Set<number>()
  for (const index of reached) {
    const isSameBase = baseText(rootOf(stages, stages[index]!)) === baseText(root)
    const hasCommands = stages[index]!.instructions.some((each) => each.keyword === 'RUN')
    if (index === target || isSameBase || !hasCommands) continue
    for (let stage: Stage | undefined = stages[index]; stage; stage = baseStage(stages, stage)) apart.add(stage.index)
  }
  return [...apart].sort((a, b) => a - b)
}

function globalArgs(original: StagedDockerfile): Instruction[] {
  const firstFrom = original.stages[0]?.from.span.startLine ?? 0
  return original.dockerfile.instructions
    .filter((instruction) => instruction.keyword === 'ARG' && instruction.span.startLine < firstFrom)
    .reverse()
}

const platformOf = (stage: Stage): string => {
  const platform = flagValue(stage.from, 'platform')
  return platform === undefined || platform.includes('BUILDPLATFORM') ? '' : `--platform=${platform} `
}

function addSegment(lines: Lines, stages: readonly Stage[], stage: Stage, context: SegmentContext): void {
  const isBuildBase = rootOf(stages, stage) === context.root
  const isContinuation =
    stage.base.kind === 'stage' && context.merged.at(context.merged.indexOf(stage.index) - 1) === stage.base.index
  lines.add('')
  lines.add(`# ${stage.index === context.target ? 'the final stage' : `stage ${stage.label}`}`)
  if (stage.index !== context.merged[0] && !isContinuation) {
    lines.add('USER root')
    lines.add('WORKDIR /')
  }
  for (const instruction of stage.instructions) {
    if (isImageSetting(instruction)) {
      if (stage.index !== context.target)
        lines.explain(instruction, undefined, 'Settings of the image come from the final stage only.')
    } else if (instruction.keyword === 'COPY' && flagValue(instruction, 'from') !== undefined)
      addCopy(lines, stages, stage, instruction, context)
    else if (instruction.keyword === 'RUN') addRun(lines, instruction, isBuildBase, context.root)
    else if (instruction.keyword === 'USER' && stage.index === context.target)
      lines.add(numericUser(lines, instruction))
    else lines.add(instruction.text)
  }
}

function addCopy(
  lines: Lines,
  stages: readonly Stage[],
  stage: Stage,
  copy: Instruction,
  context: SegmentContext,
): void {
  const source = resolveSource(flagValue(copy, 'from')!, stage, stages)
  if (source.kind !== 'stage') {
    lines.add(copy.text)
    return
  }
  if (!context.merged.includes(source.index)) {
    lines.add(copy.text.replace(/--from=\S+/, `--from=${stages[source.index]!.label}`))
    return
  }
  const inside = copyInside(copy)
  for (const line of inside.lines) lines.add(line)
  lines.explain(copy, inside.lines.join('\n') || undefined, inside.reason)
}

function addRun(lines: Lines, run: Instruction, isBuildBase: boolean, root: Stage): void {
  const needs = packageFamily(run.argumentText)
  const base = baseFamily(baseText(root))
  if (!isBuildBase && needs !== undefined && base !== undefined && needs !== base) {
    lines.explain(
      run,
      undefined,
      `Left out: it uses the package manager of ${needs}, and the build stage’s base is ${base}; this is an approximation.`,
    )
    return
  }
  lines.add(run.text.replace(/(--mount=\S*?)\bfrom=[^,\s]+,?/g, '$1'))
}

/** `nonroot` exists in distroless bases only; its number works everywhere. */
function numericUser(lines: Lines, user: Instruction): string {
  if (!/^nonroot(:nonroot)?$/.test(user.argumentText)) return user.text
  const after = 'USER 65532:65532'
  lines.explain(user, after, 'The user nonroot is part of the distroless base; its number is the same user here.')
  return after
}

/** CMD, ENTRYPOINT ... of the target and of the stages it is based on; ENTRYPOINT is cleared where only CMD is set. */
function addImageSettings(lines: Lines, stages: readonly Stage[], target: number): void {
  const chain: Stage[] = []
  for (let stage: Stage | undefined = stages[target]; stage; stage = baseStage(stages, stage)) chain.unshift(stage)
  const settings = chain.flatMap((stage) => stage.instructions.filter(isImageSetting))
  const latest = (keyword: string): Instruction | undefined => settings.findLast((each) => each.keyword === keyword)
  const entrypoint = latest('ENTRYPOINT')
  lines.add('')
  for (const each of settings) if (!['CMD', 'ENTRYPOINT', 'HEALTHCHECK'].includes(each.keyword)) lines.add(each.text)
  const health = latest('HEALTHCHECK')
  if (health) lines.add(health.text)
  lines.add(entrypoint ? entrypoint.text : defaultEntrypoint(lines, rootOf(stages, stages[target]!)))
  const command = latest('CMD')
  if (command) lines.add(command.text)
  else if (!entrypoint)
    lines.explain(
      stages[target]!.from,
      undefined,
      'The command of the final stage’s base image is not carried over; give this variant a CMD.',
    )
}

const distrolessEntrypoints: readonly (readonly [RegExp, string])[] = [
  [/distroless\/python3/, 'ENTRYPOINT ["python3"]'],
  [/distroless\/nodejs/, 'ENTRYPOINT ["node"]'],
  [/distroless\/java\d/, 'ENTRYPOINT ["java", "-jar"]'],
]

function defaultEntrypoint(lines: Lines, final: Stage): string {
  const known = distrolessEntrypoints.find(([image]) => image.test(baseText(final)))
  const after = known?.[1] ?? 'ENTRYPOINT []'
  lines.explain(
    final.from,
    after,
    known ? 'The runtime base starts this program by itself.' : 'The build base must not add an entrypoint of its own.',
  )
  return after
}
