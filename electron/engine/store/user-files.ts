import { constants, fstatSync } from 'node:fs'
import { access, open, readlink, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { EngineError } from '../../core/failure'
import { unwritable } from '../unwritable'
import { writeAside } from './write-aside'

// Files that the user named: reports, comparisons, Dockerfiles. They get the permissions that any program would give them.

/** Where output goes: a file that is replaced as a whole, a device or pipe that is written to, or an open file of this process. */
type Target =
  | { readonly kind: 'file'; readonly path: string; readonly mode: number | undefined }
  | { readonly kind: 'stream'; readonly path: string }
  | { readonly kind: 'descriptor'; readonly descriptor: number }

/** Throws path-unwritable where a file of that name cannot be written; asked before the work, so that no result is lost after it. */
export async function checkUserFile(path: string): Promise<void> {
  try {
    const target = await findTarget(path)
    if (target.kind === 'descriptor') fstatSync(target.descriptor)
    if (target.kind === 'stream' || (target.kind === 'file' && target.mode !== undefined))
      await access(target.path, constants.W_OK)
    else if (target.kind === 'file') await access(dirname(target.path), constants.W_OK)
  } catch (cause) {
    throw unwritable(path, cause)
  }
}

/**
 * Writes a file under the name that the user gave. A regular file is replaced as a whole: after a failure an existing one is as it was.
 * Links are followed; devices and pipes are written to. Throws path-unwritable, disk-full.
 */
export async function writeUserFile(path: string, content: string | Uint8Array): Promise<void> {
  try {
    const target = await findTarget(path)
    if (target.kind === 'descriptor') return await writeDescriptor(target.descriptor, content)
    if (target.kind === 'stream') return await overwrite(target.path, content)
    await replaceFile(target.path, target.mode, content)
  } catch (cause) {
    throw cause instanceof EngineError ? cause : unwritable(path, cause)
  }
}

async function replaceFile(path: string, mode: number | undefined, content: string | Uint8Array): Promise<void> {
  try {
    await writeAside(path, content, { isSynced: true, mode: mode ?? 0o666 & ~process.umask() })
  } catch (error) {
    // A folder that takes no new files, and a file that is a mount point: only the file itself can be written.
    const isFixed = /^(EACCES|EPERM|EROFS|EBUSY|EXDEV)$/.test((error as NodeJS.ErrnoException).code ?? '')
    if (mode === undefined || !isFixed) throw error
    await overwrite(path, content)
  }
}

async function overwrite(path: string, content: string | Uint8Array): Promise<void> {
  const file = await open(path, constants.O_WRONLY)
  try {
    if ((await file.stat()).isFile()) await file.truncate(0)
    await file.writeFile(content)
  } finally {
    await file.close()
  }
}

/** Writes to standard output. Throws disk-full, path-unwritable; a reader that has seen enough (`| head`) is no failure. */
export async function writeStandardOutput(content: string | Uint8Array): Promise<void> {
  await writeStream(process.stdout, content).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'EPIPE') throw unwritable('standard output', cause)
  })
}

/** A descriptor that this process was started with stays open, and goes on where it is. */
function writeDescriptor(descriptor: number, content: string | Uint8Array): Promise<void> {
  if (descriptor === 1) return writeStandardOutput(content)
  return descriptor === 2 ? writeStream(process.stderr, content) : overwrite(`/dev/fd/${descriptor}`, content)
}

const writeStream = (stream: NodeJS.WriteStream, content: string | Uint8Array): Promise<void> =>
  new Promise((done, fail) => stream.write(content, (error) => (error ? fail(error) : done())))

const maxLinks = 40

/** Follows symbolic links by hand: what /dev/stdout leads to in the end must not be replaced, and a link's missing target is made. */
async function findTarget(path: string): Promise<Target> {
  let at = path
  for (let links = 0; links < maxLinks; links++) {
    at = await inRealFolder(at)
    const descriptor = descriptorOf(at)
    if (descriptor !== undefined) return { kind: 'descriptor', descriptor }
    const link = await readlink(at).catch(() => undefined)
    if (link === undefined) return targetAt(at)
    at = resolve(dirname(at), link)
  }
  throw Object.assign(new Error(`too many symbolic links: ${path}`), { code: 'ELOOP' })
}

/** With the folder's own links resolved, except those of a process's descriptors, which are followed by number. */
async function inRealFolder(path: string): Promise<string> {
  if (descriptorOf(path) !== undefined) return path
  return join(await realpath(dirname(path)), basename(path))
}

async function targetAt(path: string): Promise<Target> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (found === undefined) return { kind: 'file', path, mode: undefined }
  if (found.isDirectory()) throw Object.assign(new Error(`a folder: ${path}`), { code: 'EISDIR' })
  return found.isFile() ? { kind: 'file', path, mode: found.mode & 0o777 } : { kind: 'stream', path }
}

function descriptorOf(path: string): number | undefined {
  if (process.platform === 'win32') return undefined
  if (path === '/dev/stdout') return 1
  if (path === '/dev/stderr') return 2
  const [, , number] = /^\/(dev|proc\/self|proc\/\d+)\/fd\/(\d+)$/.exec(path) ?? []
  return number === undefined || (path.startsWith('/proc/') && !isOwnProcess(path)) ? undefined : Number(number)
}

const isOwnProcess = (path: string): boolean =>
  path.startsWith('/proc/self/') || path.startsWith(`/proc/${process.pid}/`)
