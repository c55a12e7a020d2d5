import { createdByOfLayers, type ImageConfig } from './image-config'
import type { LayerTable } from './layer-table'
import { mergeLayers, type Rootfs } from './rootfs'

export type IndexSource = 'export-stream'

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
}

export interface ImageLayer {
  readonly diffId: string
  readonly createdBy: string
  readonly table: LayerTable
}

export function makeImageIndex(
  imageId: string,
  source: IndexSource,
  config: ImageConfig,
  tables: readonly LayerTable[],
): ImageIndex {
  const createdBy = createdByOfLayers(config)
  const layers = tables.map((table, at) => ({ diffId: config.diffIds[at]!, createdBy: createdBy[at]!, table }))
  const unpackedBytes = tables.reduce((sum, table) => sum + table.unpackedBytes, 0)
  return { imageId, source, config, layers, rootfs: mergeLayers(tables), unpackedBytes }
}
