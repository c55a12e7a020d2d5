import {
  type Program,
  programOf,
  type ShellCommand,
  type StepWithState,
  shellCommands,
  stepsWithState,
} from '../../dockerfile/stage-state'
import type { Stage, StagedDockerfile } from '../../dockerfile/stages'
import type { Variables } from '../../dockerfile/words'
import type { ProjectFiles } from './project-files'
import { baseName } from './slim-base'

/** A traditional Dockerfile, taken apart for those who split it. */
export interface SingleStage {
  readonly staged: StagedDockerfile
  readonly stage: Stage
  /** Reference of the base image. */
  readonly base: string
  readonly steps: readonly StepWithState[]
  readonly commands: readonly ShellCommand[]
  readonly workdir: string
  readonly env: Variables
  readonly program: Program | undefined
  readonly files: ProjectFiles
}

/** Official images that begin elsewhere than in /. */
const baseWorkdirs: Readonly<Record<string, string>> = { golang: '/go', gradle: '/home/gradle', php: '/var/www/html' }

/** Undefined for a file with several stages, or one on scratch, which has nothing to leave behind. */
export function analyseStage(staged: StagedDockerfile, files: ProjectFiles): SingleStage | undefined {
  const [stage] = staged.stages
  if (stage === undefined || staged.stages.length > 1 || stage.base.kind !== 'image') return undefined
  const { steps, end } = stepsWithState(stage, { workdir: baseWorkdirs[baseName(stage.base.reference).image] ?? '/' })
  return {
    staged,
    stage,
    base: stage.base.reference,
    steps,
    commands: shellCommands(steps),
    workdir: end.workdir,
    env: end.env,
    program: programOf(stage),
    files,
  }
}

/** Commands that begin with these words: `runs(single, 'go', 'build')`. Paths before the program's name do not matter. */
export function runs({ commands }: SingleStage, ...words: readonly string[]): ShellCommand[] {
  return commands.filter((command) =>
    words.every((word, at) => (at === 0 ? command.words[0]!.split('/').at(-1) : command.words[at]) === word),
  )
}

/** The value of a flag written `-o value`, `-o=value` or `--output=value`. */
export function flagOf(command: Pick<ShellCommand, 'words'>, ...names: readonly string[]): string | undefined {
  for (const [at, word] of command.words.entries()) {
    if (names.includes(word)) return command.words[at + 1]
    const name = names.find((each) => word.startsWith(`${each}=`))
    if (name !== undefined) return word.slice(name.length + 1)
  }
  return undefined
}
