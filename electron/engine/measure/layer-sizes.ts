import { createHash, type Hash } from 'node:crypto'
import { createGzip, type Gzip } from 'node:zlib'
import { type TarEntry, TarScanner, type TarSink } from '../../core/image/tar/scanner'
import type { EngineClient } from '../docker/client'
import type { ReadOptions } from '../images/export-stream'
import { formatBytesNeeded, layerFormat } from '../images/layer-reader'

/**
 * How many bytes each layer takes when compressed with gzip, as a registry stores it, by diffID; measured by doing it, from one export of
 * all images. Layers that the engine has compressed are not among them: their size is known. Throws engine-lost, cancelled.
 */
export async function measureLayers(
  client: EngineClient,
  imageIds: readonly string[],
  { signal, onProgress }: ReadOptions & { readonly expectedBytes?: number },
): Promise<ReadonlyMap<string, number>> {
  const stream = await client.stream({ method: 'GET', path: '/images/get', query: { names: imageIds }, signal })
  const sink = new GzipSink()
  const scanner = new TarScanner(sink)
  let readBytes = 0
  try {
    for await (const chunk of stream) {
      scanner.push(chunk)
      await sink.settle()
      readBytes += chunk.length
      onProgress?.({ readBytes, expectedBytes: 0 })
    }
  } catch (error) {
    stream.destroy()
    throw client.asLost(error, signal)
  }
  return sink.finish()
}

/** Compresses every member that is a layer. */
class GzipSink implements TarSink {
  readonly #sizes: Promise<readonly [diffId: string, bytes: number]>[] = []
  #start: Buffer | undefined
  #current: { readonly gzip: Gzip; readonly hash: Hash } | undefined

  entry({ type }: TarEntry): void {
    this.#start = type === '0' ? Buffer.alloc(0) : undefined
  }

  content(chunk: Uint8Array, from: number, to: number): void {
    const bytes = Buffer.from(chunk.subarray(from, to)) // a copy: the chunk is used again
    if (this.#current) return this.#write(bytes)
    if (this.#start === undefined) return
    this.#start = Buffer.concat([this.#start, bytes])
    if (this.#start.length < formatBytesNeeded) return
    const isLayer = layerFormat(this.#start.subarray(0, formatBytesNeeded)) === 'tar'
    const first = this.#start
    this.#start = undefined
    if (!isLayer) return
    this.#current = { gzip: createGzip(), hash: createHash('sha256') }
    this.#sizes.push(sizeOf(this.#current))
    this.#write(first)
  }

  entryEnd(): void {
    this.#current?.gzip.end()
    this.#current = undefined
    this.#start = undefined
  }

  /** Resolves when more can be taken. */
  async settle(): Promise<void> {
    const gzip = this.#current?.gzip
    if (gzip?.writableNeedDrain) await new Promise((resolve) => gzip.once('drain', resolve))
  }

  async finish(): Promise<ReadonlyMap<string, number>> {
    return new Map(await Promise.all(this.#sizes))
  }

  #write(bytes: Buffer): void {
    this.#current?.hash.update(bytes)
    this.#current?.gzip.write(bytes)
  }
}

async function sizeOf({
  gzip,
  hash,
}: {
  readonly gzip: Gzip
  readonly hash: Hash
}): Promise<readonly [diffId: string, bytes: number]> {
  let size = 0
  for await (const chunk of gzip) size += (chunk as Buffer).length
  return [`sha256:${hash.digest('hex')}`, size]
}
