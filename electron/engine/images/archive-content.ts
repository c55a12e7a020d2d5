import { createHash } from 'node:crypto'
import type { ImageParts, IndexSource } from '../../core/image/image-index'
import type { LayerTable } from '../../core/image/layer-table'
import { archiveProblem } from '../../core/image/tar/header'

/** Manifests and configs are a few kB; what is longer is none. */
export const largestJson = 16 << 20

/** Where a layer's bytes lie on disk. */
export interface LayerLocation {
  readonly file: string
  readonly offset: number
  readonly storedBytes: number
}

export interface StoredLayer {
  readonly table: LayerTable
  /** Length of the blob in the archive. */
  readonly storedBytes: number
  readonly isCompressed: boolean
  /** Offset of the blob in the tar it came in, or 0. */
  readonly offset: number
}

/** A saved image in any form, a tar or a folder. */
export interface ArchiveContent {
  /** A small document by its name; undefined where there is none. */
  document(name: string): Promise<string | undefined>
  /** A layer by its path. Throws archive-invalid when it is missing or damaged. */
  layer(path: string): Promise<StoredLayer>
}

/** One image of an archive, and where its layers are. */
export interface ArchivedImage extends ImageParts {
  readonly layerPaths: readonly string[]
  readonly layers: readonly StoredLayer[]
}

export interface Assembly {
  readonly configPath: string
  readonly layerPaths: readonly string[]
  readonly source: IndexSource
}

/** Reads config and layers. Throws archive-invalid. */
export async function assembleImage(content: ArchiveContent, assembly: Assembly): Promise<ArchivedImage> {
  const { configPath, layerPaths, source } = assembly
  const configJson = await requiredDocument(content, memberName(configPath))
  const layers = await Promise.all(layerPaths.map((path) => content.layer(path)))
  const isCompressed = layers.length > 0 && layers.every((layer) => layer.isCompressed)
  const transferBytes = isCompressed ? layers.reduce((sum, layer) => sum + layer.storedBytes, 0) : undefined
  const name = configPath.split('/').at(-1)!
  const imageId = `sha256:${name.replace(/\.json$/, '')}`
  return { imageId, source, configJson, tables: layers.map(({ table }) => table), transferBytes, layerPaths, layers }
}

/** The document as text. Throws archive-invalid when it is missing, or not what its name says: blobs are named after their digest. */
export async function requiredDocument(content: ArchiveContent, name: string): Promise<string> {
  const text = await content.document(name)
  if (text === undefined) throw archiveProblem(`${name} is missing or not JSON`)
  const digest = /(?:^|\/)([0-9a-f]{64})(?:\.json)?$/.exec(name)?.[1]
  if (digest !== undefined && createHash('sha256').update(text).digest('hex') !== digest)
    throw archiveProblem(`${name} does not match its digest`)
  return text
}

export async function parseDocument(content: ArchiveContent, name: string): Promise<unknown> {
  const text = await requiredDocument(content, name)
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw Object.assign(archiveProblem(`${name} is missing or not JSON`), { cause })
  }
}

/** Archives write `./name`, `/name` or `name`. */
export const memberName = (path: string): string => path.replace(/^(\.?\/)+/, '')
