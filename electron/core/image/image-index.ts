import { createdByOfLayers, type ImageConfig } from './image-config'
import type { LayerTable } from './layer-table'
import { mergeLayers, type Rootfs } from './rootfs'

/** How the layers were read; all give the same index. */
export type IndexSource = 'tar-split' | 'export-stream' | 'docker-archive' | 'image-layout'

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
  /** Sum of the layers as stored, where the source has them compressed. */
  readonly transferBytes: number | undefined
}

export interface ImageLayer {
  readonly diffId: string
  readonly createdBy: string
  readonly table: LayerTable
}

export interface ImageParts {
  readonly imageId: string
  readonly source: IndexSource
  readonly config: ImageConfig
  /** One for each diffID of the config, in its order. */
  readonly tables: readonly LayerTable[]
  readonly transferBytes?: number | undefined
}

export function makeImageIndex({ imageId, source, config, tables, transferBytes }: ImageParts): ImageIndex {
  const createdBy = createdByOfLayers(config)
  const layers = tables.map((table, at) => ({ diffId: config.diffIds[at]!, createdBy: createdBy[at]!, table }))
  const unpackedBytes = tables.reduce((sum, table) => sum + table.unpackedBytes, 0)
  return { imageId, source, config, layers, rootfs: mergeLayers(tables), unpackedBytes, transferBytes }
}
