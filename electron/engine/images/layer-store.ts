import type { IndexSource } from '../../core/image/image-index'
import type { LayerTable } from '../../core/image/layer-table'
import type { EngineClient } from '../docker/client'
import { contentStores } from './content-store'
import type { HelperContainer } from './helper-container'
import { dockerLayerStore, podmanLayerStore } from './tar-split-stores'

/** An image whose layers are to be read, as the engine names it. */
export interface NeededImage {
  readonly imageId: string
  readonly diffIds: readonly string[]
}

/** What a store knows of one image. */
export interface StoreImage {
  readonly configJson: string
  /** Sum of the layers as stored compressed; undefined where the store has them otherwise. */
  readonly transferBytes: number | undefined
  /** Bytes that reading this layer takes over the wire; undefined where it is next to nothing. */
  readonly layerBytes?: (at: number) => number
  readLayer(at: number): Promise<LayerTable>
}

/** A place where an engine keeps its layers in files, seen through a helper container. */
export interface LayerStore {
  readonly source: IndexSource
  /** Folders of the engine's host, by where the helper sees them. */
  readonly mounts: Readonly<Record<string, string>>
  openImage(helper: HelperContainer, image: NeededImage): Promise<StoreImage>
}

/** The stores that this engine may have, best first; creating the helper tells whether it has one. */
export async function layerStoresOf(client: EngineClient): Promise<LayerStore[]> {
  const [info, { isPodman }] = await Promise.all([client.info(), client.version()])
  if (info.rootFolder === '') return []
  if (isPodman) return [podmanLayerStore(info)]
  return info.isContainerd ? contentStores(info) : [dockerLayerStore(info)]
}
