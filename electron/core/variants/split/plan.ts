import type { Instruction } from '../../dockerfile/parse'
import { joinPath } from '../../dockerfile/stage-steps'
import type { SingleStage } from './single-stage'

/** Lines that the build stage gets beside the user's own. */
export interface Insert {
  /** Undefined puts them at the end of the build stage. */
  readonly before: Instruction | undefined
  readonly lines: readonly string[]
  readonly reason: string
}

/** What the final stage takes from the build stage, to the same place. */
export interface CopiedPath {
  readonly path: string
  readonly reason: string
}

/** How one language's project is divided. */
export interface SplitPlan {
  readonly language: string
  readonly runtimeBase: string
  readonly baseReason: string
  readonly inserts: readonly Insert[]
  /** apt packages that the program needs to run. */
  readonly packages: readonly string[]
  /** Environment of the final stage beside the user's own. */
  readonly env: readonly string[]
  readonly copies: readonly CopiedPath[]
  /** The program is one file that needs nothing of its base, so it can do without one. */
  readonly isStatic: boolean
  /** What could not be shown, in sentences: the user should look. */
  readonly doubts: readonly string[]
}

/** A rule gives its plan, or says why it has none; undefined when the project is not of its language. */
export type SplitRule = (single: SingleStage) => SplitPlan | { readonly refusal: string } | undefined

export const noExtras = { inserts: [], packages: [], env: [], isStatic: false, doubts: [] } as const

// Folders and files that programs read at run time, by the names that projects give them.
const dataNames =
  /^(templates?|views|static|public|assets|www|web|i18n|locales?|translations|migrations|config|conf|data|resources|certs)$/i

/** Data that a compiled program may read, where the build has it: folders at the top of the context with a telling name. */
export function dataCopies({ files, workdir, steps }: SingleStage): CopiedPath[] {
  const takesAll = steps.some(
    ({ instruction: { keyword, argumentText } }) => keyword === 'COPY' && /^\.\/?\s+(\.\/?|\S*\/?)$/.test(argumentText),
  )
  if (!takesAll) return []
  return files.names
    .filter((name) => dataNames.test(name))
    .map((name) => ({
      path: joinPath(workdir, name),
      reason: `The program may read the project’s “${name}” at run time; compiling does not put it into the binary.`,
    }))
}

/** The path of the program that the image runs; undefined when it is none of `made`, the paths that the build makes. */
export function programPath({ program, workdir, env }: SingleStage, made: readonly string[]): string | undefined {
  const first = program?.words[0]
  if (first === undefined) return undefined
  const wanted = first.includes('/') ? joinPath(workdir, first) : undefined
  if (wanted !== undefined) return made.find((path) => path === wanted)
  const search = (env.PATH ?? '')
    .split(':')
    .concat(['/usr/local/sbin', '/usr/local/bin', '/usr/bin', '/bin', '/go/bin'])
  return made.find((path) => path.endsWith(`/${first}`) && search.includes(path.slice(0, path.lastIndexOf('/'))))
}
