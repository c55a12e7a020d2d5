import type { Command } from './command'
import type { FlagName } from './flags'

/** One argument of a command. */
export interface ArgumentSpec {
  readonly name: string
  /** Undefined where anything may be given. */
  readonly choices?: readonly string[]
}

/** A command of the command line, without its code. */
export interface CommandSpec {
  readonly name: string
  /** A clause for the list of commands. */
  readonly summary: string
  readonly arguments: readonly ArgumentSpec[]
  /** The options it takes, in the order of the help. */
  readonly flags: readonly FlagName[]
  /**
   * It has builds, containers or programs to end when it is cancelled, and therefore a thread of its own. A signal ends the others at once, as
   * the system does it.
   */
  readonly isLongRunning?: true
  /** Loaded when asked for: no command should wait for what another one needs. */
  readonly load: () => Promise<{ readonly run: Command }>
}

const folder: ArgumentSpec = { name: 'FOLDER' }
const image: ArgumentSpec = { name: 'IMAGE' }
const buildInputs = ['build-arg', 'build-context'] as const
/** How an image is found and read. */
const imageInputs = ['source', 'platform', 'no-cache'] as const
const report = ['include-secrets', 'json', 'output'] as const

/** All commands, in the order of the help. */
export const commands: readonly CommandSpec[] = [
  {
    name: 'compare',
    summary: 'build both variants of a project and compare their images',
    arguments: [folder],
    flags: [
      ...(['before', 'after', ...buildInputs, 'no-cache'] as const),
      ...(['run', 'input', 'port', 'path', 'seconds', 'network', 'matrix', 'runs', 'scan'] as const),
      ...(['report', 'save', 'markdown', ...report] as const),
    ],
    isLongRunning: true,
    load: () => import('./compare-command'),
  },
  {
    name: 'variants',
    summary: 'list the Dockerfiles of a project and what can be derived from them',
    arguments: [folder],
    flags: ['json', 'output'],
    load: () => import('./variants-command'),
  },
  {
    name: 'ladder',
    summary: 'build all variants of a project, one after another, and compare their figures',
    arguments: [folder],
    flags: ['variant', ...buildInputs, 'no-cache', ...report],
    isLongRunning: true,
    load: () => import('./ladder-command'),
  },
  {
    name: 'derive',
    summary: 'print the Dockerfile that is missing',
    arguments: [folder],
    flags: ['to', 'explain', 'no-cache', 'json', 'output'],
    load: () => import('./derive-command'),
  },
  {
    name: 'check',
    summary: 'report what would keep images from running or makes them larger, from the Dockerfiles alone',
    arguments: [folder],
    flags: [...report],
    load: () => import('./check-command'),
  },
  {
    name: 'graph',
    summary: 'print the build stages and what they copy from each other',
    arguments: [folder],
    flags: ['svg', ...report],
    load: () => import('./graph-command'),
  },
  {
    name: 'inspect',
    summary: 'report the layers, sizes, largest files and waste of an image, archive or image layout',
    arguments: [image],
    flags: [...imageInputs, ...report],
    load: () => import('./inspect-command'),
  },
  {
    name: 'surface',
    summary: 'list what an attacker could use in an image, and deleted files that are still readable',
    arguments: [image],
    flags: [...imageInputs, ...report],
    load: () => import('./surface-command'),
  },
  {
    name: 'sbom',
    summary: 'write the packages of an image as CycloneDX or SPDX',
    arguments: [image],
    flags: ['format', ...imageInputs, 'output'],
    load: () => import('./sbom-command'),
  },
  {
    name: 'read',
    summary: 'print one file of an image without unpacking it',
    arguments: [image, { name: 'PATH' }],
    flags: ['platform', 'output'],
    load: () => import('./read-command'),
  },
  {
    name: 'cache',
    summary: 'show or remove the index cache',
    arguments: [{ name: 'ACTION', choices: ['show', 'clear'] }],
    flags: [],
    load: () => import('./cache-command'),
  },
  {
    name: 'engine',
    summary: 'start, stop or report Cutaway’s own container engine',
    arguments: [{ name: 'ACTION', choices: ['start', 'stop', 'status'] }],
    flags: [],
    load: () => import('./engine-command'),
  },
]

/** The command of that name; undefined where there is none. */
export const commandNamed = (name: string): CommandSpec | undefined => commands.find((each) => each.name === name)
