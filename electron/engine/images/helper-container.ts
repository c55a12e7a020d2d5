import type { Readable } from 'node:stream'
import { archiveProblem } from '../../core/image/tar/header'
import { type TarEntry, TarScanner, type TarSink } from '../../core/image/tar/scanner'
import type { EngineClient } from '../docker/client'
import { ownerLabel, thisOwner } from '../life/owner'
import { removeContainer } from '../life/sweep'
import { watchOver } from '../life/watchdog'

/** A container that is created, never started, and removed in every case: a window on an image and on folders of the engine's host. */
export interface HelperContainer {
  /** The file at a path as the engine gives it: a tar with one member. Throws engine-refused when there is none. */
  archive(path: string): Promise<Readable>
  /** The content of a small file. */
  readFile(path: string): Promise<Buffer>
  /** The small files in a folder, one after another, from one reply. */
  readFolder(path: string): AsyncIterable<FolderFile>
  /** Says how many more replies will be asked for: the engine removes the container while the last one is still worked on. */
  removeAfter(replies: number): void
}

export interface FolderFile {
  readonly name: string
  readonly content: Buffer
}

export interface HelperOptions {
  /** Any image that the engine has; with no mounts, the one to look into. */
  readonly image: string
  /** Files and folders of the engine's host by the place where they appear; read-only. */
  readonly mounts: Readonly<Record<string, string>>
  readonly signal: AbortSignal
}

/** Makes the helper, runs the work, removes the helper. Throws engine-refused, engine-lost, cancelled. */
export async function withHelper<T>(
  client: EngineClient,
  options: HelperOptions,
  work: (helper: HelperContainer) => Promise<T>,
): Promise<T> {
  const { signal } = options
  const stopWatching = watchOver(client)
  const container = await create(client, options).catch((error) => {
    stopWatching()
    throw error
  })
  let removal: Promise<unknown> | undefined
  // Also after a cancel: the request must not carry the signal.
  const remove = (): Promise<unknown> => (removal ??= removeContainer(client, container).finally(stopWatching))
  let left = Number.POSITIVE_INFINITY
  const archive = async (path: string): Promise<Readable> => {
    const reply = await client.stream({
      method: 'GET',
      path: `/containers/${container}/archive`,
      query: { path },
      signal,
    })
    // A failure of this removal is told by the one at the end, which is the same.
    reply.once('end', () => --left === 0 && remove().catch(() => undefined))
    return reply
  }
  const removeAfter = (replies: number): void => {
    left = replies
  }
  const readFile = async (path: string): Promise<Buffer> => {
    for await (const { content } of smallFiles(await archive(path))) return content
    throw archiveProblem('the engine sent no file')
  }
  async function* readFolder(path: string): AsyncIterable<FolderFile> {
    yield* smallFiles(await archive(path))
  }
  try {
    return await work({ archive, readFile, readFolder, removeAfter })
  } finally {
    await remove()
  }
}

/** Folders go in as mounts, not as binds: a bind would create a missing folder on the engine's host. */
async function create(client: EngineClient, { image, mounts }: HelperOptions): Promise<string> {
  const body = {
    Image: image,
    Cmd: ['-'],
    NetworkDisabled: true,
    Labels: { 'dev.cutaway.helper': 'never started', [ownerLabel]: thisOwner() },
    HostConfig: {
      NetworkMode: 'none',
      Mounts: Object.entries(mounts).map(([Target, Source]) => ({ Type: 'bind', Source, Target, ReadOnly: true })),
    },
  }
  return (await client.json<{ Id: string }>({ method: 'POST', path: '/containers/create', body })).Id
}

async function* smallFiles(reply: Readable): AsyncIterable<FolderFile> {
  const sink = new FileSink()
  const scanner = new TarScanner(sink)
  for await (const chunk of reply) {
    scanner.push(chunk)
    yield* sink.take()
  }
  scanner.end()
}

/** Collects the content of every file. */
class FileSink implements TarSink {
  #files: FolderFile[] = []
  #name: string | undefined
  #parts: Uint8Array[] = []

  entry({ name, type }: TarEntry): void {
    this.#name = type === '0' ? name : undefined
    this.#parts = []
  }

  content(chunk: Uint8Array, from: number, to: number): void {
    if (this.#name !== undefined) this.#parts.push(chunk.subarray(from, to))
  }

  entryEnd(): void {
    if (this.#name !== undefined) this.#files.push({ name: this.#name, content: Buffer.concat(this.#parts) })
  }

  take(): FolderFile[] {
    return this.#files.splice(0)
  }
}
