import { existsSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'

/** Where one engine keeps its files. */
export interface EngineFolders {
  readonly dataRoot: string
  /** Every folder that was or is its exec-root or holds its pid file. */
  readonly runFolders: readonly string[]
}

/** What /proc tells of one process. */
export interface ProcessFacts {
  readonly pid: number
  readonly arguments: readonly string[]
  /** Text of /proc/PID/mountinfo; read for processes that are in another mount namespace than ours. */
  readonly mounts: string
  /** Text of /proc/PID/cgroup. */
  readonly cgroups: string
  /** Its data root is another folder of the same name: another Cutaway runs in a container, whose processes are seen from outside. */
  readonly isElsewhere: boolean
}

/** What this engine has in its data root. */
export interface EngineContent {
  readonly hasContainer: (id: string) => boolean
  readonly hasFolder: (path: string) => boolean
}

/** The daemon of this engine, by its data root. */
export const isDaemonOf = (
  { dataRoot }: EngineFolders,
  { arguments: [program = '', ...rest], isElsewhere }: ProcessFacts,
): boolean => !isElsewhere && basename(program) === 'dockerd' && rest.includes(`--data-root=${dataRoot}`)

const programs =
  /^(dockerd|docker-(init|proxy|tar|untar|applyLayer|mountfrom)|containerd|containerd-shim(-runc-v[12])?|runc|unshare|slirp4netns|sh)$/

/**
 * Whether a process is part of this engine: a program of the engine that was given one of its folders, or any program that runs in one of
 * its containers or build steps.
 */
export function belongsTo(folders: EngineFolders, facts: ProcessFacts, content: EngineContent): boolean {
  const [program = '', ...rest] = facts.arguments
  const isNamed = programs.test(basename(program)) && rest.some((argument) => names(argument, folders))
  if (isNamed && !facts.isElsewhere) return true
  const layers = rootLayers(folders.dataRoot, facts.mounts)
  return layers.some(content.hasFolder) || containerIds(facts.cgroups).some(content.hasContainer)
}

function names(argument: string, { dataRoot, runFolders }: EngineFolders): boolean {
  const path = argument.replace(/^--?[\w-]+=/, '').replace(/^unix:\/\//, '')
  return [dataRoot, ...runFolders].some((folder) => path === folder || path.startsWith(`${folder}/`))
}

/** A container's root is a mount of layers, whose options name the folders of the data root. */
function rootLayers(dataRoot: string, mounts: string): string[] {
  const root = mounts.split('\n').find((line) => line.split(' ')[4] === '/') ?? ''
  return [' ', '=', ':'].flatMap((before) =>
    unescapeMount(root)
      .split(`${before}${dataRoot}/`)
      .slice(1)
      .map((rest) => `${dataRoot}/${/^[^:, ]*/.exec(rest)![0]}`),
  )
}

/** The kernel writes blanks, tabs, line feeds and backslashes of a path as octal numbers. */
export const unescapeMount = (text: string): string =>
  text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))

const containerIds = (cgroups: string): string[] => cgroups.match(/(?<=[/-])[0-9a-z]{25,64}(?=\.scope$|\/|$)/gm) ?? []

/** Process ids of this engine's daemon. */
export const daemonsOf = (folders: EngineFolders): number[] =>
  everyProcess(folders)
    .filter((facts) => isDaemonOf(folders, facts))
    .map(({ pid }) => pid)

/** Process ids of everything that belongs to this engine. */
export function processesOf(folders: EngineFolders): number[] {
  const hasContainer = (id: string): boolean =>
    existsSync(join(folders.dataRoot, 'containers', id)) || existsSync(join(folders.dataRoot, 'buildkit/executor', id))
  return everyProcess(folders)
    .filter((facts) => facts.pid !== process.pid && belongsTo(folders, facts, { hasContainer, hasFolder: existsSync }))
    .map(({ pid }) => pid)
}

function everyProcess({ dataRoot }: EngineFolders): ProcessFacts[] {
  const ownMounts = mountNamespace('self')
  const ownRoot = identityOf(dataRoot)
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const command = readProc(name, 'cmdline')
      // Kernel threads and processes that have ended have no command line.
      if (command === '') return []
      const hasOwnMounts = mountNamespace(name) !== ownMounts
      const root = hasOwnMounts ? identityOf(`/proc/${name}/root${dataRoot}`) : ownRoot
      return [
        {
          pid: Number(name),
          arguments: command.split('\0'),
          mounts: hasOwnMounts ? readProc(name, 'mountinfo') : '',
          cgroups: readProc(name, 'cgroup'),
          isElsewhere: root !== undefined && root !== ownRoot,
        },
      ]
    })
}

/** Device and number of a folder, 'absent', or undefined when this user may not look. */
function identityOf(folder: string): string | undefined {
  try {
    const { dev, ino } = statSync(folder)
    return `${dev}:${ino}`
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'absent' : undefined
  }
}

function mountNamespace(pid: string): string {
  try {
    return readlinkSync(`/proc/${pid}/ns/mnt`)
  } catch {
    return '' // the process is gone
  }
}

function readProc(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return '' // the process is gone
  }
}
