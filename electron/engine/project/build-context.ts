import { createReadStream } from 'node:fs'
import { type FileHandle, lstat, open, readdir, readFile, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import tar from 'tar-stream'
import { EngineError } from '../../core/failure'
import { unreadable } from '../unreadable'
import { type IgnoreRules, readIgnoreRules } from './ignore'

export interface ContextOptions {
  readonly folder: string
  /** Path of the Dockerfile in the context. */
  readonly dockerfile: string
  /** Replaces that file's content; needed when the Dockerfile is derived or lies outside the folder. */
  readonly dockerfileText: string | undefined
  /** Text to stand at the end of files, by path; the folder itself is not touched. */
  readonly append?: ReadonlyMap<string, string> | undefined
  /** Called after every file with the content bytes packed so far. */
  readonly onSent?: (bytes: number) => void
}

export interface BuildContext {
  /** A tar, made while it is read. Errors of the folder arrive as EngineError. */
  readonly stream: Readable
}

/**
 * Packs a folder as `docker build` sends it: .dockerignore applied, the Dockerfile always there, owner 0:0, links and modes
 * as on disk. No copy of the folder is made.
 */
export async function packContext(options: ContextOptions): Promise<BuildContext> {
  const rules = await readIgnoreRules(options.folder, options.dockerfile).catch((error) => {
    throw contextProblem(options.folder, error)
  })
  const pack = tar.pack()
  const packer = new Packer(options, rules, pack)
  packer.run().then(
    () => pack.finalize(),
    (error) => pack.destroy(error instanceof EngineError ? error : contextProblem(options.folder, error)),
  )
  return { stream: Readable.from(pack, { objectMode: false }) }
}

/** What Cutaway says of a member; the packer fills in the rest. */
type MemberHeader = Pick<tar.Header, 'name'> & Partial<tar.Header>

class Packer {
  readonly #options: ContextOptions
  readonly #rules: IgnoreRules
  readonly #pack: tar.Pack
  #sentBytes = 0

  constructor(options: ContextOptions, rules: IgnoreRules, pack: tar.Pack) {
    this.#options = options
    this.#rules = rules
    this.#pack = pack
  }

  async run(): Promise<void> {
    const { dockerfile, dockerfileText } = this.#options
    if (dockerfileText !== undefined) await this.#addText(dockerfile, dockerfileText)
    await this.#walk('')
  }

  async #walk(folder: string): Promise<void> {
    const names = await readdir(join(this.#options.folder, folder))
    for (const name of names.sort()) {
      if (this.#pack.destroyed) return
      const path = folder === '' ? name : `${folder}/${name}`
      if (path === this.#options.dockerfile && this.#options.dockerfileText !== undefined) continue
      await this.#addPath(path)
    }
  }

  async #addPath(path: string): Promise<void> {
    const onDisk = join(this.#options.folder, path)
    const stat = await lstat(onDisk)
    const isIgnored = this.#rules.ignores(path)
    if (isIgnored && !(stat.isDirectory() && this.#rules.hasNegations)) return
    // Windows has no modes; Docker sends 0755 from there.
    const mode = process.platform === 'win32' ? 0o755 : stat.mode & 0o7777
    const header = { name: path, mode, mtime: stat.mtime, uid: 0, gid: 0 }
    if (stat.isDirectory()) {
      if (!isIgnored) await this.#add({ ...header, name: `${path}/`, type: 'directory' })
      await this.#walk(path)
    } else if (stat.isSymbolicLink()) await this.#add({ ...header, type: 'symlink', linkname: await readlink(onDisk) })
    else if (stat.isFile()) {
      const appended = this.#options.append?.get(path)
      if (appended === undefined) await this.#addFile(header, onDisk)
      else await this.#add(header, (await readFile(onDisk, 'utf8')) + appended)
    }
  }

  #add(header: MemberHeader, text?: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const done = (error?: Error | null): void => (error ? reject(error) : resolve())
      if (text === undefined) this.#pack.entry(header, done)
      else this.#pack.entry(header, text, done)
    })
  }

  #addText(name: string, text: string): Promise<void> {
    return this.#add({ name, mode: 0o644, mtime: new Date(0), uid: 0, gid: 0 }, text)
  }

  async #addFile(header: MemberHeader, onDisk: string): Promise<void> {
    const handle = await open(onDisk)
    try {
      // The size in the header must hold even if the file grows meanwhile: read exactly that much.
      const { size } = await handle.stat()
      const entry = this.#pack.entry({ ...header, size }) as unknown as Writable
      if (size === 0) entry.end()
      else await pipeline(contentOf(handle, size), entry)
      this.#sentBytes += size
      this.#options.onSent?.(this.#sentBytes)
    } finally {
      await handle.close().catch(() => undefined) // the stream may have closed it
    }
  }
}

const contentOf = (handle: FileHandle, bytes: number): Readable =>
  createReadStream('', { fd: handle, end: bytes - 1, autoClose: false })

function contextProblem(folder: string, cause: unknown): EngineError {
  const { code, path } = cause as NodeJS.ErrnoException
  if (code === 'ENOENT' && path === folder) return new EngineError({ code: 'folder-missing', path: folder }, { cause })
  return unreadable(folder, cause)
}
