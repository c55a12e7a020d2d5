import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
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
}

/** The daemon of this engine, by its data root. */
export const isDaemonOf = (
  { dataRoot }: EngineFolders,
  { arguments: [program = '', ...rest] }: ProcessFacts,
): boolean => basename(program) === 'dockerd' && rest.includes(`--data-root=${dataRoot}`)

const programs =
  /^(dockerd|docker-(init|proxy|tar|untar|applyLayer|mountfrom)|containerd|containerd-shim(-runc-v[12])?|runc|unshare|slirp4netns|sh)$/

/**
 * Whether a process is part of this engine: a program of the engine that was given one of its folders, or any program that runs in one of
 * its containers or build steps.
 */
export function belongsTo(folders: EngineFolders, facts: ProcessFacts, hasContainer: (id: string) => boolean): boolean {
  const [program = '', ...rest] = facts.arguments
  const isProgram = programs.test(basename(program)) && rest.some((argument) => names(argument, folders))
  return isProgram || isRootInside(folders.dataRoot, facts.mounts) || containerIds(facts.cgroups).some(hasContainer)
}

function names(argument: string, { dataRoot, runFolders }: EngineFolders): boolean {
  const path = argument.replace(/^--?[\w-]+=/, '').replace(/^unix:\/\//, '')
  return [dataRoot, ...runFolders].some((folder) => path === folder || path.startsWith(`${folder}/`))
}

/** A container's root is a mount of a layer, whose options name the folders of the data root. */
function isRootInside(dataRoot: string, mounts: string): boolean {
  const root = mounts.split('\n').find((line) => line.split(' ')[4] === '/')
  if (root === undefined) return false
  const text = unescapeMount(root)
  return [' ', '=', ':'].some((before) => text.includes(`${before}${dataRoot}/`))
}

/** The kernel writes blanks, tabs, line feeds and backslashes of a path as octal numbers. */
export const unescapeMount = (text: string): string =>
  text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))

const containerIds = (cgroups: string): string[] => cgroups.match(/(?<=[/-])[0-9a-z]{25,64}(?=\.scope$|\/|$)/gm) ?? []

/** Process ids of this engine's daemon. */
export const daemonsOf = (folders: EngineFolders): number[] =>
  everyProcess()
    .filter((facts) => isDaemonOf(folders, facts))
    .map(({ pid }) => pid)

/** Process ids of everything that belongs to this engine. */
export function processesOf(folders: EngineFolders): number[] {
  const hasContainer = (id: string): boolean =>
    existsSync(join(folders.dataRoot, 'containers', id)) || existsSync(join(folders.dataRoot, 'buildkit/executor', id))
  return everyProcess()
    .filter((facts) => facts.pid !== process.pid && belongsTo(folders, facts, hasContainer))
    .map(({ pid }) => pid)
}

function everyProcess(): ProcessFacts[] {
  const ownMounts = mountNamespace('self')
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const command = readProc(name, 'cmdline')
      // Kernel threads and processes that have ended have no command line.
      if (command === '') return []
      const mounts = mountNamespace(name) === ownMounts ? '' : readProc(name, 'mountinfo')
      return [{ pid: Number(name), arguments: command.split('\0'), mounts, cgroups: readProc(name, 'cgroup') }]
    })
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
