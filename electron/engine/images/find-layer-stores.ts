import type { EngineClient } from '../docker/client'
import { contentStores } from './content-store'
import type { LayerStore } from './layer-store'
import { dockerLayerStore, podmanLayerStore } from './tar-split-stores'

/** The stores that this engine may have, best first; creating the helper tells whether it has one. */
export async function layerStoresOf(client: EngineClient): Promise<LayerStore[]> {
  const [info, { isPodman }] = await Promise.all([client.info(), client.version()])
  if (info.rootFolder === '') return []
  if (isPodman) return [podmanLayerStore(info)]
  return info.isContainerd ? contentStores(info) : [dockerLayerStore(info)]
}
