import type { Checksum, LayerTable } from '../../core/image/layer-table'
import { archiveProblem } from '../../core/image/tar/header'
import { type TarEntry, TarScanner, type TarSink } from '../../core/image/tar/scanner'
import { createChecksum } from './checksum'
import { type LayerReader, layerFormat, readGzipLayer, readPlainLayer } from './layer-reader'

const largestJson = 16 << 20

export interface StoredLayer {
  readonly table: LayerTable
  /** Length of the blob in the archive. */
  readonly storedBytes: number
  readonly isCompressed: boolean
}

/** An archive's small documents by member name, and its layers by path; a missing one throws archive-invalid. */
export interface ArchiveContent {
  readonly documents: ReadonlyMap<string, string>
  readonly layer: (path: string) => Promise<StoredLayer>
}

/**
 * Reads a docker-archive (what `GET /images/get` streams) while it arrives: every member is either a small JSON
 * document or a layer, told apart by its first bytes, because the manifest that names them comes last.
 */
export class ArchiveReader implements TarSink {
  readonly #outer = new TarScanner(this)
  readonly #plainChecksum: Checksum
  readonly #documents = new Map<string, string>()
  readonly #layers = new Map<string, Promise<StoredLayer>>()
  readonly #links = new Map<string, string>()
  #name = ''
  #left = 0
  #start: Uint8Array | undefined
  #startFill = 0
  #reader: LayerReader | undefined

  private constructor(checksum: Checksum) {
    this.#plainChecksum = checksum
  }

  static async create(): Promise<ArchiveReader> {
    return new ArchiveReader(await createChecksum())
  }

  async push(chunk: Uint8Array): Promise<void> {
    this.#outer.push(chunk)
    await this.#reader?.settle()
  }

  /** What the archive holds; call after the last chunk. */
  finish(): ArchiveContent {
    this.#outer.end()
    return {
      documents: this.#documents,
      layer: (path) => this.#layer(path),
    }
  }

  entry(entry: TarEntry): void {
    this.#name = memberName(entry.name)
    this.#reader = undefined
    this.#start = undefined
    if (entry.type === '1' || entry.type === '2') this.#links.set(this.#name, linkTarget(this.#name, entry))
    if (entry.type !== '0') return
    this.#left = entry.contentBytes
    this.#startFill = 0
    this.#start = new Uint8Array(Math.min(entry.contentBytes, 512))
  }

  content(chunk: Uint8Array, from: number, to: number): void {
    let at = from
    if (this.#start !== undefined && this.#reader === undefined && this.#startFill < this.#start.length) {
      const taken = Math.min(this.#start.length - this.#startFill, to - at)
      this.#start.set(chunk.subarray(at, at + taken), this.#startFill)
      this.#startFill += taken
      at += taken
      if (this.#startFill < this.#start.length) return
      this.#recognise()
    }
    if (at === to) return
    if (this.#reader) this.#reader.write(chunk.subarray(at, to))
    else if (this.#start) {
      this.#start.set(chunk.subarray(at, to), this.#startFill)
      this.#startFill += to - at
    }
  }

  entryEnd(): void {
    if (this.#reader) {
      const { isCompressed } = this.#reader
      const storedBytes = this.#left
      const layer = this.#reader.end().then((table) => ({ table, storedBytes, isCompressed }))
      layer.catch(() => undefined) // reported when the manifest asks for it
      this.#layers.set(this.#name, layer)
      this.#reader = undefined
    } else if (this.#start) this.#documents.set(this.#name, Buffer.from(this.#start).toString('utf8'))
    this.#start = undefined
  }

  #recognise(): void {
    const start = this.#start!
    const format = layerFormat(start)
    if (format !== undefined) {
      this.#reader = format === 'gzip' ? readGzipLayer() : readPlainLayer(this.#plainChecksum)
      this.#reader.write(start)
    } else if (this.#left <= largestJson) {
      this.#start = new Uint8Array(this.#left)
      this.#start.set(start)
    } else this.#start = undefined
  }

  #layer(path: string): Promise<StoredLayer> {
    let name = memberName(path)
    for (let hops = 0; hops < 8 && this.#links.has(name); hops++) name = this.#links.get(name)!
    const layer = this.#layers.get(name)
    if (layer === undefined) throw archiveProblem(`the layer ${path} is missing`)
    return layer
  }
}

/** Archives write `./name`, `/name` or `name`. */
export const memberName = (path: string): string => path.replace(/^(\.?\/)+/, '')

/** Old engines write a layer that two images share once, and a link to it the second time. */
function linkTarget(name: string, { type, linkName }: TarEntry): string {
  if (type === '1') return memberName(linkName)
  const parts = name.split('/').slice(0, -1)
  for (const part of linkName.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '.' && part !== '') parts.push(part)
  }
  return parts.join('/')
}
