import type { Checksum } from '../../core/image/layer-table'
import { archiveProblem } from '../../core/image/tar/header'
import { type TarEntry, TarScanner, type TarSink } from '../../core/image/tar/scanner'
import { type ArchiveContent, largestJson, memberName, type StoredLayer } from './archive-content'
import { createChecksum } from './checksum'
import { formatBytesNeeded, layerFormat, tabulateLayer } from './layer-reader'

/**
 * Reads a saved image in a tar (a file, or what `GET /images/get` streams) while it arrives: every member is either a small JSON
 * document or a layer, told apart by its first bytes, because the manifest that names them comes last.
 */
export class ArchiveReader implements TarSink {
  readonly #outer = new TarScanner(this)
  readonly #checksum: Checksum
  readonly #documents = new Map<string, string>()
  readonly #layers = new Map<string, Promise<StoredLayer>>()
  readonly #links = new Map<string, string>()
  #name = ''
  #left = 0
  #offset = 0
  #start: Uint8Array | undefined
  #startFill = 0
  #layer: ReturnType<typeof tabulateLayer> | undefined
  #documentBytes = 0

  private constructor(checksum: Checksum) {
    this.#checksum = checksum
  }

  static async create(): Promise<ArchiveReader> {
    return new ArchiveReader(await createChecksum())
  }

  async push(chunk: Uint8Array): Promise<void> {
    this.#outer.push(chunk)
    await this.#layer?.settle()
  }

  /** What the archive holds; call after the last chunk. */
  finish(): ArchiveContent {
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
      this.#layer = tabulateLayer(format, this.#checksum)
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
