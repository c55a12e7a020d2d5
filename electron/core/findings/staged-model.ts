import { reachableStages } from '../dockerfile/graph'
import { flagValue, type Instruction } from '../dockerfile/parse'
import {
  joinPath,
  type ShellCommand,
  type StepWithState,
  shellCommands,
  stepsWithState,
} from '../dockerfile/stage-state'
import { resolveSource, type Stage, type StagedDockerfile, type StageSource } from '../dockerfile/stages'
import { argumentWords, expandVariables, type Variables } from '../dockerfile/words'
import type { ProjectFiles } from '../variants/split/project-files'

/** A COPY or ADD with its paths made absolute. */
export interface ModelCopy {
  readonly instruction: Instruction
  /** Undefined is the build context. */
  readonly from: StageSource | undefined
  /** In the context relative to its top, elsewhere absolute. */
  readonly sources: readonly string[]
  readonly destination: string
  /** The destination is a folder that takes the sources under their names. */
  readonly isFolder: boolean
}

/** A stage with all that holds in it, the stages it is based on included. */
export interface ModelStage {
  readonly stage: Stage
  /** From the first stage of the chain to this one. */
  readonly chain: readonly number[]
  /** Reference of the image at the bottom; undefined for scratch. */
  readonly base: string | undefined
  readonly steps: readonly StepWithState[]
  readonly commands: readonly ShellCommand[]
  readonly copies: readonly ModelCopy[]
  readonly workdir: string
  readonly env: Variables
  readonly user: string | undefined
}

export interface StagedModel {
  readonly stages: readonly ModelStage[]
  /** The one that becomes the image. */
  readonly final: ModelStage
  /** Numbers of the stages that are built. */
  readonly reached: ReadonlySet<number>
  readonly files: ProjectFiles
  readonly escapeChar: string
}

export function modelOf(staged: StagedDockerfile, target: number, files: ProjectFiles): StagedModel {
  const stages: ModelStage[] = []
  for (const stage of staged.stages) stages.push(modelStage(stage, stages, staged.stages))
  const reached = reachableStages(staged.stages, target)
  return { stages, final: stages[target]!, reached, files, escapeChar: staged.dockerfile.escapeChar }
}

function modelStage(stage: Stage, earlier: readonly ModelStage[], all: readonly Stage[]): ModelStage {
  const parent = stage.base.kind === 'stage' ? earlier[stage.base.index] : undefined
  const { steps, end } = stepsWithState(stage, parent)
  return {
    stage,
    chain: [...(parent?.chain ?? []), stage.index],
    base: parent ? parent.base : stage.base.kind === 'image' ? stage.base.reference : undefined,
    steps,
    commands: shellCommands(steps),
    copies: steps.flatMap((step) => copyOf(step, stage, all)),
    ...end,
  }
}

function copyOf({ instruction, workdir, env }: StepWithState, stage: Stage, all: readonly Stage[]): ModelCopy[] {
  if (!/^(COPY|ADD)$/.test(instruction.keyword)) return []
  const name = flagValue(instruction, 'from')
  const from = name === undefined ? undefined : resolveSource(name, stage, all)
  const words = argumentWords(instruction.argumentText).map((word) => expandVariables(word, env))
  const destination = words.at(-1) ?? '.'
  const sources = words
    .slice(0, -1)
    .map((word) => (from === undefined ? word.replace(/^(\.?\/)+/, '') : joinPath('/', word)))
  const isFolder = destination.endsWith('/') || sources.length > 1
  return [{ instruction, from, sources, destination: joinPath(workdir, destination), isFolder }]
}

/** Where a path of one stage is in the final one: every place, none when it is not copied. */
export function landings(model: StagedModel, stage: number, path: string): string[] {
  const found = new Set<string>()
  const seen = new Set<string>()
  // The last is looked at first, so that places come in the order of the copies.
  const stack = [{ stage, path }]
  for (let each = stack.pop(); each !== undefined && seen.size < mostPlaces; each = stack.pop()) {
    const key = `${each.stage} ${each.path}`
    if (seen.has(key)) continue
    seen.add(key)
    if (model.final.chain.includes(each.stage)) found.add(each.path)
    else stack.push(...takenBy(model, each.stage, each.path).reverse())
  }
  return [...found]
}

/** More than any project has, for files whose copies multiply. */
const mostPlaces = 1000

/** The next places of a path: in the stages that stand on its stage, and in those that copy it. */
function takenBy(model: StagedModel, stage: number, path: string): { stage: number; path: string }[] {
  return model.stages
    .filter((other) => model.reached.has(other.stage.index) && other.stage.index !== stage)
    .flatMap((other) => {
      const { index } = other.stage
      if (other.chain.includes(stage)) return [{ stage: index, path }]
      return other.copies
        .filter(({ from }) => from?.kind === 'stage' && model.stages[from.index]!.chain.includes(stage))
        .flatMap((copy) => placesIn(copy, path))
        .map((place) => ({ stage: index, path: place }))
    })
}

/** Where a copy puts a path of its source; of a folder the content is copied, of a file the file. */
function placesIn({ sources, destination, isFolder }: ModelCopy, path: string): string[] {
  return sources.flatMap((source) => {
    if (path === source)
      return isFolder && /\.\w+$/.test(source) ? [joinPath(destination, source.split('/').at(-1)!)] : [destination]
    const folder = source === '/' ? '/' : `${source}/`
    return path.startsWith(folder) ? [joinPath(destination, path.slice(folder.length))] : []
  })
}
