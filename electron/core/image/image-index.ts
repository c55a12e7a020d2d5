import type { BaseImage } from './base-image'
import { createdByOfLayers, type ImageConfig, readImageConfig } from './image-config'
import type { LayerTable } from './layer-table'
import { mergeLayers, type Rootfs } from './rootfs'
import { archiveProblem } from './tar/header'

/** How the layers were read; all give the same index. `index-cache`: nothing had to be read. */
export type IndexSource =
  | 'tar-split'
  | 'content-store'
  | 'export-stream'
  | 'docker-archive'
  | 'image-layout'
  | 'index-cache'

/** An image as everything else reads it. */
export interface ImageIndex {
  readonly imageId: string
  readonly source: IndexSource
  readonly config: ImageConfig
  /** In config order, lowest first. */
  readonly layers: readonly ImageLayer[]
  readonly rootfs: Rootfs
  /** Sum over the layers; `rootfs.visibleBytes` is what is left of it. */
  readonly unpackedBytes: number
  /** Sum of the layers as a registry stores them, where the source has them compressed. */
  readonly transferBytes: number | undefined
  /** Undefined for an image that was read from a file. */
  readonly engine: EngineFacts | undefined
}

/** What an engine says of an image that its layers do not. */
export interface EngineFacts {
  readonly base: BaseImage | undefined
  /** What the image takes on the engine's disk; layers that it shares with others are counted. */
  readonly diskBytes: number
}

export interface ImageLayer {
  readonly diffId: string
  readonly createdBy: string
  readonly table: LayerTable
}

/** What a source reads of an image. */
export interface ImageParts {
  readonly imageId: string
  readonly source: IndexSource
  readonly configJson: string
  /** One for each diffID of the config, in its order. */
  readonly tables: readonly LayerTable[]
  readonly transferBytes?: number | undefined
}

/** Throws archive-invalid when the config is not JSON or names another number of layers. */
export function makeImageIndex(parts: ImageParts, engine?: EngineFacts): ImageIndex {
  const { imageId, source, configJson, tables, transferBytes } = parts
  const config = readImageConfig(parseConfig(configJson))
  if (config.diffIds.length !== tables.length)
    throw archiveProblem(`the manifest lists ${tables.length} layers and the config ${config.diffIds.length}`)
  const createdBy = createdByOfLayers(config)
  const layers = tables.map((table, at) => ({ diffId: config.diffIds[at]!, createdBy: createdBy[at]!, table }))
  const unpackedBytes = tables.reduce((sum, table) => sum + table.unpackedBytes, 0)
  return { imageId, source, config, layers, rootfs: mergeLayers(tables), unpackedBytes, transferBytes, engine }
}

function parseConfig(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch (cause) {
    throw Object.assign(archiveProblem('the image config is missing or not JSON'), { cause })
  }
}
