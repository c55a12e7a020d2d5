import type { Instruction } from '../../dockerfile/parse'
import { joinPath } from '../../dockerfile/stage-state'
import type { SingleStage } from './single-stage'
import type { BaseName } from './slim-base'

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
  /** The base has certificates of authorities, which its small counterpart has not. */
  readonly needsCertificates: boolean
  /** The program is one file that needs nothing of its base, so it can do without one. */
  readonly isStatic: boolean
  /** Why a second stage on the small base would leave nothing behind; a distroless one may still. */
  readonly leavesNothing?: string | undefined
  /** The folder of Python's virtual environment. */
  readonly venv?: string | undefined
  /** Words in front of the command that are not needed to run it: `uv`, `run`. */
  readonly startsThrough: readonly string[]
  /** The final base starts what is needed, so the command is not taken over. */
  readonly startsItself?: boolean
  /** What could not be shown, in sentences: the user should look. */
  readonly doubts: readonly string[]
}

/** A rule gives its plan, or says why it has none; undefined when the project is not of its language. */
export type SplitRule = (single: SingleStage) => SplitPlan | { readonly refusal: string } | undefined

export const noExtras = {
  inserts: [],
  packages: [],
  env: [],
  needsCertificates: false,
  isStatic: false,
  startsThrough: [],
  doubts: [],
} as const

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

/**
 * The path among `made`, what the build makes, that the image runs: its first word, or one that an entry script is given. Undefined
 * when it is none of them.
 */
export function programPath({ program, workdir, env }: SingleStage, made: readonly string[]): string | undefined {
  const search = [...(env.PATH ?? '').split(':'), ...standardPath, '/go/bin', '/usr/local/cargo/bin']
  for (const word of program?.words ?? []) {
    const found = word.includes('/')
      ? made.find((path) => path === joinPath(workdir, word))
      : made.find((path) => path.endsWith(`/${word}`) && search.includes(path.slice(0, path.lastIndexOf('/'))))
    if (found !== undefined) return found
  }
  return undefined
}

const standardPath = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin']

/** The line that lets a program be found by its name where only the build's base had its folder on the path. */
export function pathOf({ program }: SingleStage, binary: string): string[] {
  const folder = binary.slice(0, binary.lastIndexOf('/'))
  const isNamed = program?.words.includes(binary.slice(folder.length + 1)) === true
  return isNamed && !standardPath.includes(folder) ? [`PATH=${folder}:$PATH`] : []
}

/** Official images of compilers stand on one with certificates; plain Debian has none, and alpine has its own. */
export function lacksCertificates(base: BaseName): boolean {
  return ['golang', 'rust', 'gcc'].includes(base.image) && !base.isAlpine && !base.isSlim
}

/** A path and the places to which later commands copy or move it. */
export function placesOf({ commands }: SingleStage, path: string): string[] {
  const places = [path]
  for (const { words, workdir } of commands) {
    if (!/^(cp|mv|install)$/.test(words[0]!)) continue
    const operands = words.slice(1).filter((word) => !word.startsWith('-'))
    const destination = joinPath(workdir, operands.at(-1) ?? '')
    const source = operands
      .slice(0, -1)
      .map((word) => joinPath(workdir, word))
      .find((each) => places.includes(each))
    if (source === undefined) continue
    const isFolder = operands.at(-1)!.endsWith('/') || standardPath.includes(destination) || operands.length > 2
    places.push(isFolder ? joinPath(destination, source.split('/').at(-1)!) : destination)
  }
  return places
}

export const leavesNothing =
  'its base is slim already and it installs no build tools, so a second stage would leave nothing behind.'
