import { contentNotSaved } from '../../core/compare/saved-comparison'
import { EngineError } from '../../core/failure'
import type { Checksum } from '../../core/image/layer-table'
import { nodePath, pathParts } from '../../core/image/path-tree'
import type { TarEntry, TarSink } from '../../core/image/tar/scanner'
import { EngineClient } from '../docker/client'
import { ArchiveReader } from './archive-reader'
import { createChecksum } from './checksum'
import type { ReadOptions } from './export-stream'
import { readLayerOfArchive } from './file-content'
import type { SourcedImage } from './image-source'
import { scanLayer } from './layer-reader'

/** A file of one layer, which later layers may hide: its place in the layer's table. */
export interface HiddenRequest {
  readonly layer: number
  readonly node: number
  readonly limitBytes: number
  readonly signal: AbortSignal
  /** While an engine exports the image. */
  readonly onProgress?: ReadOptions['onProgress']
}

interface Wanted {
  /** From the root, without a slash in front. */
  readonly path: string
  readonly contentBytes: number
  readonly checksum: readonly [number, number]
}

/**
 * The content of a file as one layer stores it, or its beginning. From an archive the layer is read; an engine is asked to export the
 * image, up to the file. Throws bad-input, file-unreadable, archive-invalid, engine-lost, cancelled.
 */
export async function readHiddenFile(
  { index, source, archive }: SourcedImage,
  request: HiddenRequest,
): Promise<Uint8Array> {
  const { layer, node, limitBytes, signal, onProgress } = request
  const table = index.rootfs.layers[layer]
  if (table === undefined || node >= table.kind.length)
    throw new EngineError({ code: 'bad-input', problem: `there is no entry ${node} in layer ${layer + 1}` })
  const path = nodePath(table, node)
  if (archive) return (await readLayerOfArchive(archive, { layer, path, limitBytes, signal })).bytes
  if (source.kind !== 'engine') throw new EngineError(contentNotSaved(`/${path}`))
  const checksum = [table.checksum[node * 2]!, table.checksum[node * 2 + 1]!] as const
  const wanted = { path, contentBytes: table.contentBytes[node]!, checksum }
  return readExported(new EngineClient(source.endpoint), index.imageId, {
    wanted,
    limitBytes,
    signal,
    onRead: (readBytes) => onProgress?.({ readBytes, expectedBytes: index.unpackedBytes }),
  })
}

interface ExportRequest {
  readonly wanted: Wanted
  readonly limitBytes: number
  readonly signal: AbortSignal
  readonly onRead: (readBytes: number) => void
}

/** Which member is which layer is told at the end of an export, so a file is known by its path, length and checksum. */
async function readExported(
  client: EngineClient,
  imageId: string,
  { wanted, limitBytes, signal, onRead }: ExportRequest,
): Promise<Uint8Array> {
  const sinks: MatchSink[] = []
  const shared = await createChecksum()
  const makeSink = (checksum: Checksum): MatchSink => {
    const sink = new MatchSink(wanted, checksum, limitBytes)
    sinks.push(sink)
    return sink
  }
  const reader = new ArchiveReader((format) => {
    const scan =
      format === 'gzip' ? scanLayer('gzip', createChecksum().then(makeSink)) : scanLayer(format, makeSink(shared))
    return { ...scan, finish: () => scan.end().then(() => ({})) }
  })
  const stream = await client.stream({ method: 'GET', path: '/images/get', query: { names: [imageId] }, signal })
  let readBytes = 0
  try {
    for await (const chunk of stream) {
      await reader.push(chunk)
      readBytes += chunk.length
      onRead(readBytes)
      if (sinks.some(({ found }) => found)) break // the rest stays with the engine
    }
  } catch (error) {
    throw client.asLost(error, signal)
  } finally {
    stream.destroy()
  }
  // Layers that are compressed are unpacked beside this, so the last one may come late.
  const found = sinks.find((sink) => sink.found) ?? (await lastOf(reader, sinks))
  if (found?.found) return found.found
  throw new EngineError({ code: 'file-unreadable', path: `/${wanted.path}`, problem: 'the engine’s export lacks it' })
}

async function lastOf(reader: ArchiveReader<object>, sinks: readonly MatchSink[]): Promise<MatchSink | undefined> {
  await reader.settled()
  return sinks.find((sink) => sink.found)
}

/** Keeps the beginning of the one file that is wanted. */
class MatchSink implements TarSink {
  readonly #wanted: Wanted
  readonly #checksum: Checksum
  readonly #limitBytes: number
  #chunks: Uint8Array[] | undefined
  #left = 0
  found: Uint8Array | undefined

  constructor(wanted: Wanted, checksum: Checksum, limitBytes: number) {
    this.#wanted = wanted
    this.#checksum = checksum
    this.#limitBytes = limitBytes
  }

  entry({ name, type, contentBytes }: TarEntry): void {
    const { path, contentBytes: wantedBytes } = this.#wanted
    const isWanted = type === '0' && contentBytes === wantedBytes && pathParts(name).join('/') === path
    this.#chunks = isWanted && this.found === undefined ? [] : undefined
    this.#left = this.#limitBytes
  }

  content(chunk: Uint8Array, from: number, to: number): void {
    if (this.#chunks === undefined) return
    this.#checksum.update(chunk, from, to)
    const taken = Math.min(this.#left, to - from)
    if (taken > 0) this.#chunks.push(new Uint8Array(chunk.subarray(from, from + taken))) // the chunk is used again
    this.#left -= taken
  }

  entryEnd(): void {
    if (this.#chunks === undefined) return
    const [high, low] = this.#checksum.take()
    if (high === this.#wanted.checksum[0] && low === this.#wanted.checksum[1]) this.found = Buffer.concat(this.#chunks)
    this.#chunks = undefined
  }
}
