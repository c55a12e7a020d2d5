import { constants, type Stats } from 'node:fs'
import { type FileHandle, open, readlink, realpath, stat } from 'node:fs/promises'
import { isAbsolute, join, relative, sep } from 'node:path'
import { EngineError } from '../../core/failure'
import { unreadable } from '../unreadable'

/** The largest Dockerfile, ignore file or manifest that is read. */
const maxTextBytes = 1 << 20

/** Whether a real path is the folder or in it; both must be real paths. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path)
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}

/** The real path of a file or folder of a project, whose own path must be real. Throws outside-project, path-unreadable. */
export async function realInside(project: string, path: string): Promise<string> {
  const real = await realpath(join(project, path)).catch((cause) => {
    throw unreadable(join(project, path), cause)
  })
  if (!isInside(project, real)) throw new EngineError({ code: 'outside-project', path })
  return real
}

/**
 * The text of a regular file of a project, links in its path followed as long as they stay in the project; undefined where there is none. Never
 * waits for a pipe or a device. Throws outside-project, file-unsuitable, path-unreadable.
 */
export async function readTextInside(
  project: string,
  path: string,
  mostBytes = maxTextBytes,
): Promise<string | undefined> {
  const full = join(project, path)
  let handle: FileHandle | undefined
  try {
    // Opening some devices has effects, so that the look comes first.
    refuseUnsuitable(await stat(full), path, mostBytes)
    handle = await open(full, constants.O_RDONLY | nonBlocking)
    refuseUnsuitable(await handle.stat(), path, mostBytes)
    if (!(await isOpenedInside(handle, project, full))) throw new EngineError({ code: 'outside-project', path })
    return (await readBounded(handle, path, mostBytes)).toString('utf8')
  } catch (cause) {
    if (cause instanceof EngineError) throw cause
    const { code } = cause as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG') return undefined
    throw unreadable(full, cause)
  } finally {
    await handle?.close()
  }
}

/** Opens a file that is not a link; its real path must be in the folder. Undefined where it is not, or not regular. */
export async function openPlainFile(folder: string, path: string): Promise<FileHandle | undefined> {
  const handle = await open(path, constants.O_RDONLY | nonBlocking | noFollow)
  const isFine = (await handle.stat()).isFile() && (await isOpenedInside(handle, folder, path))
  if (isFine) return handle
  await handle.close()
  return undefined
}

const nonBlocking = constants.O_NONBLOCK ?? 0 // Windows has neither
const noFollow = constants.O_NOFOLLOW ?? 0

/** Asks the descriptor, since a link in the path may have changed after any look at the path. */
async function isOpenedInside(handle: FileHandle, folder: string, path: string): Promise<boolean> {
  const opened = process.platform === 'linux' ? await readlink(`/proc/self/fd/${handle.fd}`).catch(() => '') : ''
  if (opened !== '') return isInside(folder, opened)
  const real = await realpath(path)
  const [there, here] = await Promise.all([stat(real, { bigint: true }), handle.stat({ bigint: true })])
  return isInside(folder, real) && there.ino === here.ino && there.dev === here.dev
}

function refuseUnsuitable(found: Stats, path: string, mostBytes: number): void {
  const problem = unsuitable(found, mostBytes)
  if (problem !== undefined) throw new EngineError({ code: 'file-unsuitable', path, problem })
}

function unsuitable(found: Stats, mostBytes: number): string | undefined {
  if (found.isFile()) return found.size > mostBytes ? tooLarge(mostBytes) : undefined
  if (found.isDirectory()) return 'it is a folder'
  if (found.isFIFO()) return 'it is a named pipe'
  return found.isSocket() ? 'it is a socket' : 'it is a device'
}

const tooLarge = (mostBytes: number): string =>
  `it is larger than ${mostBytes === maxTextBytes ? '1 MiB' : `${mostBytes >> 10} KiB`}`

/** Reads to the end, whatever size the file claims to have. */
async function readBounded(handle: FileHandle, path: string, mostBytes: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(mostBytes + 1)
  let length = 0
  for (;;) {
    const { bytesRead } = await handle.read(buffer, length, buffer.length - length)
    if (bytesRead === 0) return buffer.subarray(0, length)
    length += bytesRead
    if (length > mostBytes) throw new EngineError({ code: 'file-unsuitable', path, problem: tooLarge(mostBytes) })
  }
}
