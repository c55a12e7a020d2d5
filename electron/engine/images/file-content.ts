import { posix } from 'node:path'
import { EngineError } from '../../core/failure'
import { entryKind } from '../../core/image/layer-table'
import { nodePath, pathParts } from '../../core/image/path-tree'
import { contentNode } from '../../core/image/rootfs'
import { RootfsPaths } from '../../core/image/rootfs-paths'
import { type TarEntry, TarScanner, type TarSink } from '../../core/image/tar/scanner'
import type { EngineClient } from '../docker/client'
import { fileChunks } from './file-chunks'
import { type HelperContainer, withHelper } from './helper-container'
import { scanLayerStream } from './layer-reader'
import type { OpenedArchive } from './open-archive'

export interface FileRequest {
  readonly path: string
  /** No more than this is read into memory. */
  readonly limitBytes: number
  readonly signal: AbortSignal
}

export interface FileContent {
  /** Where the path led, links followed. */
  readonly path: string
  readonly contentBytes: number
  /** The content, or its beginning when it is longer than the limit. */
  readonly bytes: Uint8Array
}

const mostLinks = 40

/**
 * One file of an image that the engine has, through a container that is never started. What an engine puts into every container
 * (`/etc/hosts`, `/etc/hostname`, `/etc/resolv.conf`, `/dev`) is seen instead of the image's own, and `..` in a link is taken
 * literally, as the engine does; RootfsPaths knows better where there is an index. Throws file-unreadable,
 * engine-refused, engine-lost, cancelled.
 */
export async function readEngineFile(
  client: EngineClient,
  imageId: string,
  request: FileRequest,
): Promise<FileContent> {
  const { signal } = request
  try {
    return await withHelper(client, { image: imageId, mounts: {}, signal }, (helper) => readHelperFile(helper, request))
  } catch (error) {
    throw client.asLost(error, signal)
  }
}

/** The same, for one of several files of an image through one container. Throws as readEngineFile does. */
export async function readHelperFile(helper: HelperContainer, request: FileRequest): Promise<FileContent> {
  let path = absolute('/', request.path)
  for (let links = 0; links <= mostLinks; links++) {
    const found = await firstEntry(helper, path, request)
    if (found.entry.type === '5') throw unreadable(path, 'it is a folder')
    if (found.entry.type !== '2') return { path, contentBytes: found.entry.contentBytes, bytes: found.bytes() }
    path = absolute(posix.dirname(path), found.entry.linkName)
  }
  throw unreadable(request.path, 'its links lead in a circle')
}

/** One file of a saved image; only the layer that has it is read. Throws file-unreadable, archive-invalid, cancelled. */
export async function readArchivedFile(archive: OpenedArchive, request: FileRequest): Promise<FileContent> {
  const { rootfs } = archive.index
  const found = new RootfsPaths(rootfs).resolve(request.path)
  if (found.node === undefined) throw unreadable(request.path, found.problem)
  const content = rootfs.kind[found.node] === entryKind.file ? contentNode(rootfs, found.node) : -1
  if (content < 0) throw unreadable(request.path, 'it is no file')
  const layer = rootfs.layer[found.node]!
  const path = nodePath(rootfs.layers[layer]!, content)
  return { ...(await readLayerOfArchive(archive, { ...request, layer, path })), path: found.path }
}

/** A file as one layer of a saved image stores it; `path` is from the root, without a slash in front. Throws archive-invalid, cancelled. */
export async function readLayerOfArchive(
  { locations }: OpenedArchive,
  { layer, path, limitBytes, signal }: FileRequest & { readonly layer: number },
): Promise<FileContent> {
  const { file, offset, storedBytes } = locations[layer]!
  const sink = new CaptureSink(limitBytes, ({ name, type }) => type !== '1' && pathParts(name).join('/') === path)
  await scanLayerStream(fileChunks(file, { offset, length: storedBytes, signal }), sink)
  return { path: `/${path}`, contentBytes: sink.found?.contentBytes ?? 0, bytes: sink.bytes() }
}

const unreadable = (path: string, problem: string): EngineError =>
  new EngineError({ code: 'file-unreadable', path, problem })

const absolute = (folder: string, path: string): string => posix.resolve('/', folder, path)

async function firstEntry(helper: HelperContainer, path: string, request: FileRequest): Promise<Found> {
  const reply = await helper.archive(path).catch((error) => {
    const isAbsent =
      error instanceof EngineError && error.failure.code === 'engine-refused' && error.failure.status === 404
    throw isAbsent ? unreadable(path, 'there is no such file') : error
  })
  const sink: CaptureSink = new CaptureSink(request.limitBytes, () => sink.found === undefined)
  const scanner = new TarScanner(sink)
  for await (const chunk of reply) {
    scanner.push(chunk)
    if (sink.isDone) break // leaves the rest of a large file, or of a folder, with the engine
  }
  if (sink.found === undefined) throw unreadable(path, 'the engine sent no file')
  return { entry: sink.found, bytes: () => sink.bytes() }
}

interface Found {
  readonly entry: TarEntry
  readonly bytes: () => Uint8Array
}

/** Keeps the beginning of the content of the last entry that is wanted: of two with one name the later one counts. */
class CaptureSink implements TarSink {
  readonly #limitBytes: number
  readonly #isWanted: (entry: TarEntry) => boolean
  #isCapturing = false
  #chunks: Uint8Array[] = []
  #left = 0
  found: TarEntry | undefined
  /** The first wanted entry is captured as far as the limit allows. */
  isDone = false

  constructor(limitBytes: number, isWanted: (entry: TarEntry) => boolean) {
    this.#limitBytes = limitBytes
    this.#isWanted = isWanted
  }

  entry(entry: TarEntry): void {
    this.#isCapturing = this.#isWanted(entry)
    if (!this.#isCapturing) return
    this.found = entry
    this.#chunks = []
    this.#left = this.#limitBytes
  }

  content(chunk: Uint8Array, from: number, to: number): void {
    if (!this.#isCapturing || this.#left === 0) return
    const taken = Math.min(this.#left, to - from)
    this.#chunks.push(new Uint8Array(chunk.subarray(from, from + taken))) // a copy: the chunk is used again
    this.#left -= taken
    this.isDone ||= this.#left === 0
  }

  entryEnd(): void {
    this.isDone ||= this.#isCapturing
    this.#isCapturing = false
  }

  bytes(): Uint8Array {
    return Buffer.concat(this.#chunks)
  }
}
