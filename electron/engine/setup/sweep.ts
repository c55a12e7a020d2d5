import { existsSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type EngineFolders, processesOf, unescapeMount } from './engine-processes'
import { runCommand } from './run-command'

/**
 * Ends what a daemon that was killed left behind: containerd, containers, build steps, mounts and sockets. Its images stay. Throws when a
 * process or a mount cannot be removed.
 */
export async function sweepEngine(folders: EngineFolders, sockets: readonly string[]): Promise<void> {
  await endAll(folders)
  await unmountAll(folders)
  for (const path of [...folders.runFolders, ...sockets]) await rm(path, { recursive: true, force: true })
}

async function endAll(folders: EngineFolders): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const left = processesOf(folders)
    if (left.length === 0) return
    for (const pid of left) kill(pid)
    await sleep(50)
  }
  throw new Error(`processes of an earlier engine do not end: ${processesOf(folders).join(', ')}`)
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // it has ended by itself
  }
}

async function unmountAll(folders: EngineFolders): Promise<void> {
  for (const path of engineMounts(folders))
    await runCommand('umount', [path]).catch(() => runCommand('umount', ['--lazy', path]))
  const [left] = engineMounts(folders)
  // Invariant: nothing is deleted through a mount.
  if (left !== undefined) throw new Error(`${left} cannot be unmounted`)
}

function engineMounts({ dataRoot, runFolders }: EngineFolders): string[] {
  const found = mountsIn([dataRoot, ...runFolders], readFileSync('/proc/self/mountinfo', 'utf8'))
  // A disk of the user may be mounted as data root. The daemon marks a mount of its own there with a file.
  const execRoots = runFolders.flatMap((folder) => [folder, join(folder, 'exec')])
  const isDaemons = execRoots.some((folder) => existsSync(join(folder, 'unmount-on-shutdown')))
  return found.filter((path) => path !== dataRoot || isDaemons)
}

/** Mount points that are these folders or below them, the last mounted first. */
export const mountsIn = (folders: readonly string[], mountinfo: string): string[] =>
  mountinfo
    .split('\n')
    .map((line) => unescapeMount(line.split(' ')[4] ?? ''))
    .filter((path) => folders.some((folder) => path === folder || path.startsWith(`${folder}/`)))
    .reverse()
