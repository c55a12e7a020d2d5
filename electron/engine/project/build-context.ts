import { type FileHandle, lstat, readdir, readlink, realpath } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import tar from 'tar-stream'
import type { IgnoreRules } from '../../core/context/ignore-rules'
import { EngineError } from '../../core/failure'
import type { ContextChange } from '../../core/failure-kinds'
import { unreadable } from '../unreadable'
import { type SentDockerfile, sentDockerfile } from './context-dockerfile'
import { readIgnoreRules } from './ignore'
import { openPlainFile, realInside } from './inside'
import { memberTime } from './member-time'
import { type DecodedName, decodeName } from './names'

export interface ContextOptions {
  /** Nothing outside this folder is read, wherever links lead. */
  readonly project: string
  /** The folder that is sent: a path in the project, '' for the project itself. */
  readonly context: string
  /** Path of the Dockerfile in the project. */
  readonly dockerfile: string
  /** Replaces the content of that file; undefined sends it as it is on disk. */
  readonly dockerfileText: string | undefined
  /** The Dockerfile whose ignore file counts, where it is another one. */
  readonly ignoredFor?: string | undefined
  /** Text to stand at the end of files, by path; the folder itself is not touched. */
  readonly append?: ReadonlyMap<string, string> | undefined
  /** Called after every file with the content bytes packed so far. */
  readonly onSent?: (bytes: number) => void
}

export interface BuildContext {
  /** A tar, made while it is read. Errors of the folder arrive as EngineError. */
  readonly stream: Readable
  /** Path of the Dockerfile in the tar. */
  readonly dockerfile: string
}

/**
 * Packs a folder as `docker build` sends it: ignore file applied, the Dockerfile always there, owner 0:0, links and modes as on disk. A
 * Dockerfile that isn't a file of the context gets a name that none of its files has. No copy of the folder is made. Throws folder-missing,
 * outside-project, what reading the ignore file and the Dockerfile throws; the stream fails with context-changed, name-not-utf8,
 * path-unreadable.
 */
export async function packContext(options: ContextOptions): Promise<BuildContext> {
  const folder = join(options.project, options.context)
  const project = await realpath(options.project).catch((error) => {
    throw folderProblem(folder, error)
  })
  const root = await realInside(project, options.context).catch((error) => {
    throw folderProblem(folder, error)
  })
  const { context, dockerfile, dockerfileText } = options
  const rules = await readIgnoreRules(project, context, options.ignoredFor ?? dockerfile)
  const sent = await sentDockerfile({ project, root, dockerfile, text: dockerfileText, rules })
  const pack = tar.pack()
  const packer = new Packer({ options, project, root, rules, sent, pack })
  packer.run().then(
    () => pack.finalize(),
    (error) => pack.destroy(error instanceof EngineError ? error : unreadable(folder, error)),
  )
  return { stream: Readable.from(pack, { objectMode: false }), dockerfile: sent.path }
}

function folderProblem(folder: string, error: unknown): unknown {
  const cause = error instanceof EngineError ? error.cause : error
  if ((cause as NodeJS.ErrnoException | undefined)?.code !== 'ENOENT') return error
  return new EngineError({ code: 'folder-missing', path: folder }, { cause })
}

/** What Cutaway says of a member; the packer fills in the rest. */
type MemberHeader = Pick<tar.Header, 'name'> & Partial<tar.Header>

interface Packing {
  readonly options: ContextOptions
  /** Real paths of the project and of the folder that is sent. */
  readonly project: string
  readonly root: string
  readonly rules: IgnoreRules
  readonly sent: SentDockerfile
  readonly pack: tar.Pack
}

class Packer {
  readonly #packing: Packing
  readonly #append: ReadonlyMap<string, string>
  #sentBytes = 0

  constructor(packing: Packing) {
    this.#packing = packing
    this.#append = packing.options.append ?? new Map()
  }

  async run(): Promise<void> {
    const { path, text } = this.#packing.sent
    if (text !== undefined)
      await this.#add({ name: path, mode: 0o644, mtime: new Date(0), uid: 0, gid: 0 }, Buffer.from(text))
    await this.#walk('')
  }

  async #walk(folder: string): Promise<void> {
    for (const name of await this.#namesIn(folder)) {
      if (this.#packing.pack.destroyed) return
      await this.#addPath(folder === '' ? name.text : `${folder}/${name.text}`, name)
    }
  }

  /** Throws context-changed for a folder that is not one any more, or whose path now leads elsewhere. */
  async #namesIn(folder: string): Promise<DecodedName[]> {
    const onDisk = join(this.#packing.root, folder)
    try {
      const names = await readdir(onDisk, { encoding: 'buffer' })
      if ((await realpath(onDisk)) !== onDisk) throw this.#changed(folder, 'replaced')
      return names.map(decodeName).sort((a, b) => (a.text < b.text ? -1 : 1))
    } catch (error) {
      throw this.#problem(folder, error)
    }
  }

  async #addPath(path: string, { escaped }: DecodedName): Promise<void> {
    const { rules, sent } = this.#packing
    if (path === sent.path && sent.text !== undefined) return
    const isIgnored = rules.ignores(path)
    if (isIgnored && (escaped !== undefined || !rules.mayKeepInside(path))) return
    if (escaped !== undefined)
      throw new EngineError({ code: 'name-not-utf8', path: path.replace(/[^/]*$/, () => escaped) })
    try {
      await this.#addStated(path, isIgnored)
    } catch (error) {
      throw this.#problem(path, error)
    }
  }

  async #addStated(path: string, isIgnored: boolean): Promise<void> {
    const onDisk = join(this.#packing.root, path)
    const stat = await lstat(onDisk).catch((error) => {
      if (isIgnored) return undefined // it matters as a folder only
      throw error
    })
    if (stat === undefined || (isIgnored && !stat.isDirectory())) return
    // Windows has no modes; Docker sends 0755 from there.
    const mode = process.platform === 'win32' ? 0o755 : stat.mode & 0o7777
    const header = { name: path, mode, uid: 0, gid: 0, ...memberTime(stat.mtimeMs) }
    if (stat.isDirectory()) {
      if (!isIgnored) await this.#add({ ...header, name: `${path}/`, type: 'directory' })
      await this.#walk(path)
    } else if (stat.isSymbolicLink()) await this.#add({ ...header, type: 'symlink', linkname: await readlink(onDisk) })
    else if (stat.isFile()) await this.#addFile(header, path)
  }

  #add(header: MemberHeader, content?: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      const done = (error?: Error | null): void => (error ? reject(error) : resolve())
      if (content === undefined) this.#packing.pack.entry(header, done)
      else this.#packing.pack.entry(header, content, done)
    })
  }

  async #addFile(header: MemberHeader, path: string): Promise<void> {
    const handle = await openPlainFile(this.#packing.root, join(this.#packing.root, path))
    if (handle === undefined) throw this.#changed(path, 'replaced')
    try {
      const appended = this.#append.get(path)
      if (appended === undefined) await this.#addContent(header, path, handle)
      else await this.#add(header, Buffer.concat([await handle.readFile(), Buffer.from(appended)]))
    } finally {
      await handle.close()
    }
  }

  async #addContent(header: MemberHeader, path: string, handle: FileHandle): Promise<void> {
    const { size } = await handle.stat()
    const entry = this.#packing.pack.entry({ ...header, size }) as unknown as Writable
    if (size === 0) entry.end()
    else await pipeline(this.#contentOf(handle, path, size), entry)
    this.#sentBytes += size
    this.#packing.options.onSent?.(this.#sentBytes)
  }

  /** As many bytes as the header says. Throws context-changed when the file is not what it was when it was opened. */
  async *#contentOf(handle: FileHandle, path: string, size: number): AsyncGenerator<Buffer> {
    const before = await handle.stat()
    for (let sent = 0; sent < size; ) {
      const chunk = Buffer.allocUnsafe(Math.min(chunkBytes, size - sent))
      const { bytesRead } = await handle.read(chunk, 0, chunk.length)
      if (bytesRead === 0) throw this.#changed(path, 'shrank')
      sent += bytesRead
      yield chunk.subarray(0, bytesRead)
    }
    const after = await handle.stat()
    if (after.size > size) throw this.#changed(path, 'grew')
    if (after.size < size) throw this.#changed(path, 'shrank')
    if (after.mtimeMs !== before.mtimeMs) throw this.#changed(path, 'changed')
  }

  #changed(path: string, change: ContextChange, cause?: unknown): EngineError {
    const inProject = relative(this.#packing.project, join(this.#packing.root, path)).split(sep).join('/')
    return new EngineError({ code: 'context-changed', path: inProject, change }, { cause })
  }

  #problem(path: string, error: unknown): unknown {
    if (error instanceof EngineError) return error
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return this.#changed(path, 'vanished', error)
    // A link in the place of a file, a file in the place of a folder.
    if (code === 'ELOOP' || code === 'ENOTDIR') return this.#changed(path, 'replaced', error)
    return unreadable(join(this.#packing.root, path), error)
  }
}

const chunkBytes = 256 << 10
