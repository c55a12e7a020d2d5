import { archiveProblem } from '../../core/image/tar/header'
import { type TarEntry, TarScanner, type TarSink } from '../../core/image/tar/scanner'
import { type ArchiveContent, largestJson, memberName, type StoredLayer } from './archive-content'
import { createChecksum } from './checksum'
import {
  formatBytesNeeded,
  type LayerFormat,
  type LayerRead,
  type LayerScan,
  layerFormat,
  tabulateLayer,
} from './layer-reader'

/** Takes one layer as it arrives. */
export type LayerWork<T> = LayerScan & { finish(): Promise<T> }

type StoredAt = Pick<StoredLayer, 'storedBytes' | 'offset'>

/** ArchiveContent, with what was made of each layer. */
interface ReadContent<T> extends Pick<ArchiveContent, 'document'> {
  layer(path: string): Promise<T & StoredAt>
}

/**
 * Reads a saved image in a tar (a file, or what `GET /images/get` streams) while it arrives: every member is either a small JSON
 * document or a layer, told apart by its first bytes, because the manifest that names them comes last.
 */
export class ArchiveReader<T extends object = LayerRead> implements TarSink {
  readonly #outer = new TarScanner(this)
  readonly #open: (format: LayerFormat) => LayerWork<T>
  readonly #documents = new Map<string, string>()
  readonly #layers = new Map<string, Promise<T & StoredAt>>()
  readonly #links = new Map<string, string>()
  #name = ''
  #left = 0
  #offset = 0
  #start: Uint8Array | undefined
  #startFill = 0
  #layer: LayerWork<T> | undefined
  #documentBytes = 0

  /** What is done with each layer. */
  constructor(open: (format: LayerFormat) => LayerWork<T>) {
    this.#open = open
  }

  /** One that makes the table of every layer. */
  static async create(): Promise<ArchiveReader> {
    const checksum = await createChecksum()
    return new ArchiveReader((format) => tabulateLayer(format, checksum))
  }

  async push(chunk: Uint8Array): Promise<void> {
    this.#outer.push(chunk)
    await this.#layer?.settle()
  }

  /** What the archive holds; call after the last chunk. */
  finish(): ReadContent<T> {
    this.#outer.end()
    return {
      document: async (name) => this.#documents.get(this.#resolve(name)),
      layer: async (path) => {
        const layer = this.#layers.get(this.#resolve(path))
        if (layer === undefined) throw archiveProblem(`the layer ${path} is missing`)
        return layer
      },
    }
  }

  /** Resolves when all layers that have ended are worked through, whatever came of it. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#layers.values())
  }

  entry(entry: TarEntry): void {
    this.#name = memberName(entry.name)
    this.#layer = undefined
    this.#start = undefined
    if (entry.type === '1' || entry.type === '2') this.#links.set(this.#name, linkTarget(this.#name, entry))
    if (entry.type !== '0') return
    this.#left = entry.contentBytes
    this.#offset = this.#outer.offset
    this.#startFill = 0
    this.#start = new Uint8Array(Math.min(entry.contentBytes, formatBytesNeeded))
  }

  content(chunk: Uint8Array, from: number, to: number): void {
    let at = from
    if (this.#start !== undefined && this.#layer === undefined && this.#startFill < this.#start.length) {
      const taken = Math.min(this.#start.length - this.#startFill, to - at)
      this.#start.set(chunk.subarray(at, at + taken), this.#startFill)
      this.#startFill += taken
      at += taken
      if (this.#startFill < this.#start.length) return
      this.#recognise()
    }
    if (at === to) return
    if (this.#layer) this.#layer.write(chunk.subarray(at, to))
    else if (this.#start) {
      this.#start.set(chunk.subarray(at, to), this.#startFill)
      this.#startFill += to - at
    }
  }

  entryEnd(): void {
    if (this.#layer) {
      const storedBytes = this.#left
      const offset = this.#offset
      const layer = this.#layer.finish().then((read) => ({ ...read, storedBytes, offset }))
      layer.catch(() => undefined) // reported when the manifest asks for it
      this.#layers.set(this.#name, layer)
      this.#layer = undefined
    } else if (this.#start) this.#documents.set(this.#name, Buffer.from(this.#start).toString('utf8'))
    this.#start = undefined
  }

  #recognise(): void {
    const start = this.#start!
    const format = layerFormat(start)
    if (format !== undefined) {
      this.#layer = this.#open(format)
      this.#layer.write(start)
    } else if (this.#documentBytes + this.#left <= largestJson) {
      // All documents together are limited: an archive may hold any number of them.
      this.#documentBytes += this.#left
      this.#start = new Uint8Array(this.#left)
      this.#start.set(start)
    } else this.#start = undefined
  }

  #resolve(path: string): string {
    let name = memberName(path)
    for (let hops = 0; hops < 8 && this.#links.has(name); hops++) name = this.#links.get(name)!
    return name
  }
}

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
