import { createHash } from 'node:crypto'
import { readdir, readFile, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { fieldsOf, isAmount } from '../../core/image/check-config'
import { layerProblem } from '../../core/image/check-layer'
import type { LayerTable } from '../../core/image/layer-table'
import { packLayer, unpackLayer } from '../../core/image/pack-layer'
import { unwritable } from '../unwritable'
import { writeOwnFile } from './own-files'

export interface CacheUse {
  readonly files: number
  readonly bytes: number
}

/** What is kept of an image beside its layers. */
export interface KeptImage {
  readonly configJson: string
  readonly transferBytes: number | undefined
}

/** What indexing learned, kept by content digest: layer tables by diffID, the rest by image id. */
export interface IndexCache {
  layer(diffId: string): Promise<LayerTable | undefined>
  keepLayer(diffId: string, table: LayerTable): Promise<void>
  image(imageId: string): Promise<KeptImage | undefined>
  keepImage(imageId: string, image: KeptImage): Promise<void>
}

/** Changes with the form of what is kept; files of other versions are not found and fall to the limit. */
const version = 2
const checkLength = 32
const defaultLimitBytes = 512 << 20

/**
 * Files in one folder. Each begins with the SHA-256 of the rest, so a torn or damaged one is noticed, removed and made again; each
 * is written aside and renamed, so processes may share the folder. Nothing here may fail a job: an unreadable or full disk is no cache.
 */
export class DiskIndexCache implements IndexCache {
  readonly #folder: string
  readonly #limitBytes: number

  constructor(folder: string, limitBytes = defaultLimitBytes) {
    this.#folder = folder
    this.#limitBytes = limitBytes
  }

  async layer(diffId: string): Promise<LayerTable | undefined> {
    const bytes = await this.#read(fileName('layer', diffId))
    if (bytes === undefined) return undefined
    try {
      const table = unpackLayer(bytes)
      return layerProblem(table) === undefined ? table : undefined
    } catch {
      return undefined // made by a version that packed otherwise
    }
  }

  async keepLayer(diffId: string, table: LayerTable): Promise<void> {
    await this.#write(fileName('layer', diffId), packLayer(table))
  }

  async image(imageId: string): Promise<KeptImage | undefined> {
    const bytes = await this.#read(fileName('image', imageId))
    return bytes && readKeptImage(Buffer.from(bytes).toString('utf8'))
  }

  async keepImage(imageId: string, { configJson, transferBytes }: KeptImage): Promise<void> {
    await this.#write(fileName('image', imageId), Buffer.from(JSON.stringify({ configJson, transferBytes })))
  }

  async use(): Promise<CacheUse> {
    const files = await this.#list()
    return { files: files.length, bytes: files.reduce((sum, file) => sum + file.bytes, 0) }
  }

  /** Throws path-unwritable. */
  async clear(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true }).catch((cause) => {
      throw unwritable(this.#folder, cause)
    })
  }

  async #read(name: string): Promise<Uint8Array | undefined> {
    const path = join(this.#folder, name)
    const bytes = await readFile(path).catch(() => undefined)
    if (bytes === undefined) return undefined
    const rest = bytes.subarray(checkLength)
    if (!checkOf(rest).equals(bytes.subarray(0, checkLength))) {
      await rm(path, { force: true }).catch(() => undefined)
      return undefined
    }
    // The time of last use decides what goes first when the folder is full.
    const now = new Date()
    await utimes(path, now, now).catch(() => undefined)
    return rest
  }

  async #write(name: string, rest: Uint8Array): Promise<void> {
    try {
      const content = Buffer.concat([checkOf(rest), rest])
      await writeOwnFile(join(this.#folder, name), content, { isSynced: false })
      await this.#evict()
    } catch {
      // What is not kept is read again.
    }
  }

  /** Least recently used first, until what is left is under the limit. */
  async #evict(): Promise<void> {
    const files = (await this.#list()).sort((a, b) => a.usedMs - b.usedMs)
    let bytes = files.reduce((sum, file) => sum + file.bytes, 0)
    for (const file of files) {
      if (bytes <= this.#limitBytes) return
      await rm(file.path, { force: true })
      bytes -= file.bytes
    }
  }

  async #list(): Promise<{ path: string; bytes: number; usedMs: number }[]> {
    const names = await readdir(this.#folder).catch(() => [])
    const found = await Promise.all(
      names.map(async (name) => {
        const path = join(this.#folder, name)
        const file = await stat(path).catch(() => undefined) // another process may have removed it
        return file && { path, bytes: file.size, usedMs: file.mtimeMs }
      }),
    )
    return found.filter((file) => file !== undefined)
  }
}

/** Undefined for anything else than was kept. */
function readKeptImage(text: string): KeptImage | undefined {
  try {
    const { configJson, transferBytes } = fieldsOf(JSON.parse(text))
    if (typeof configJson !== 'string' || (transferBytes !== undefined && !isAmount(transferBytes))) return undefined
    const config: unknown = JSON.parse(configJson)
    return typeof config === 'object' && config !== null ? { configJson, transferBytes } : undefined
  } catch {
    return undefined
  }
}

const checkOf = (content: Uint8Array): Buffer => createHash('sha256').update(content).digest()

/** Digests come from an engine: only their hex digits become part of a path. */
const fileName = (kind: string, digest: string): string =>
  `${kind}-${digest.replace(/^sha256:/, '').replace(/[^0-9a-f]/g, '')}.v${version}`
