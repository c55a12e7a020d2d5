import { readImageConfig } from '../../core/image/image-config'
import { type ImageIndex, makeImageIndex } from '../../core/image/image-index'
import type { Checksum, LayerTable } from '../../core/image/layer-table'
import { archiveProblem } from '../../core/image/tar/header'
import { type TarEntry, TarScanner, type TarSink } from '../../core/image/tar/scanner'
import { createChecksum } from './checksum'
import { type LayerReader, layerFormat, readGzipLayer, readPlainLayer } from './layer-reader'

const largestJson = 16 << 20

/**
 * Reads a docker-archive (what `GET /images/get` streams) while it arrives: every member is either a small JSON
 * document or a layer, told apart by its first bytes, because the manifest that names them comes last.
 */
export class ArchiveReader implements TarSink {
  readonly #outer = new TarScanner(this)
  readonly #plainChecksum: Checksum
  readonly #documents = new Map<string, string>()
  readonly #layers = new Map<string, Promise<LayerTable>>()
  readonly #links = new Map<string, string>()
  #name = ''
  #left = 0
  #start: Uint8Array | undefined
  #startFill = 0
  #layer: LayerReader | undefined

  private constructor(checksum: Checksum) {
    this.#plainChecksum = checksum
  }

  static async create(): Promise<ArchiveReader> {
    return new ArchiveReader(await createChecksum())
  }

  async push(chunk: Uint8Array): Promise<void> {
    this.#outer.push(chunk)
    await this.#layer?.settle()
  }

  /** The images of the archive, by the references it was asked for; call after the last chunk. */
  async finish(references: readonly string[]): Promise<ImageIndex[]> {
    this.#outer.end()
    const manifest = this.#manifest()
    return Promise.all(references.map((reference) => this.#image(manifest, reference)))
  }

  entry(entry: TarEntry): void {
    this.#name = normal(entry.name)
    this.#layer = undefined
    this.#start = undefined
    if (entry.type === '1' || entry.type === '2') this.#links.set(this.#name, linkTarget(this.#name, entry))
    if (entry.type !== '0') return
    this.#left = entry.contentBytes
    this.#startFill = 0
    this.#start = new Uint8Array(Math.min(entry.contentBytes, 512))
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
      const table = this.#layer.end()
      table.catch(() => undefined) // reported when the manifest asks for it
      this.#layers.set(this.#name, table)
      this.#layer = undefined
    } else if (this.#start) this.#documents.set(this.#name, Buffer.from(this.#start).toString('utf8'))
    this.#start = undefined
  }

  #recognise(): void {
    const start = this.#start!
    const format = layerFormat(start)
    if (format !== undefined) {
      this.#layer = format === 'gzip' ? readGzipLayer() : readPlainLayer(this.#plainChecksum)
      this.#layer.write(start)
    } else if (this.#left <= largestJson) {
      this.#start = new Uint8Array(this.#left)
      this.#start.set(start)
    } else this.#start = undefined
  }

  #manifest(): readonly ManifestItem[] {
    const text = this.#documents.get('manifest.json')
    if (text === undefined) throw archiveProblem('it has no manifest.json')
    const items = parseJson(text, 'manifest.json')
    if (!Array.isArray(items)) throw archiveProblem('its manifest.json is not a list')
    return items.filter((item): item is ManifestItem => typeof item?.Config === 'string' && Array.isArray(item.Layers))
  }

  async #image(manifest: readonly ManifestItem[], reference: string): Promise<ImageIndex> {
    const digest = reference.replace(/^sha256:/, '')
    const item = manifest.find(
      (each) => each.Config.includes(digest) || each.RepoTags?.includes(reference) || manifest.length === 1,
    )
    if (item === undefined) throw archiveProblem(`it does not hold the image ${reference}`)
    const config = readImageConfig(parseJson(this.#documents.get(normal(item.Config)) ?? '', item.Config))
    if (config.diffIds.length !== item.Layers.length)
      throw archiveProblem(`manifest.json lists ${item.Layers.length} layers and the config ${config.diffIds.length}`)
    const tables = await Promise.all(item.Layers.map((path) => this.#table(path)))
    return makeImageIndex(`sha256:${configDigest(item.Config)}`, 'export-stream', config, tables)
  }

  #table(path: string): Promise<LayerTable> {
    let name = normal(path)
    for (let hops = 0; hops < 8 && this.#links.has(name); hops++) name = this.#links.get(name)!
    const table = this.#layers.get(name)
    if (table === undefined) throw archiveProblem(`the layer ${path} is missing`)
    return table
  }
}

interface ManifestItem {
  readonly Config: string
  readonly RepoTags?: readonly string[] | null
  readonly Layers: readonly string[]
}

const normal = (path: string): string => path.replace(/^(\.?\/)+/, '')

const configDigest = (path: string): string =>
  path
    .split('/')
    .at(-1)!
    .replace(/\.json$/, '')

/** Old engines write a layer that two images share once, and a link to it the second time. */
function linkTarget(name: string, { type, linkName }: TarEntry): string {
  if (type === '1') return normal(linkName)
  const parts = name.split('/').slice(0, -1)
  for (const part of linkName.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '.' && part !== '') parts.push(part)
  }
  return parts.join('/')
}

function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw Object.assign(archiveProblem(`${name} is missing or not JSON`), { cause })
  }
}
