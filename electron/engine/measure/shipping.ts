import { formatBytes } from '../../core/format'
import type { ImageIndex } from '../../core/image/image-index'
import type { ShipCost, ShipCosts } from '../../core/matrix/matrix'
import type { EngineClient } from '../docker/client'
import { readImages } from '../images/read-images'
import { measureLayers } from './layer-sizes'

export interface ShippingOptions {
  readonly signal: AbortSignal
  readonly onMessage: (message: string) => void
}

const everyBytes = 250e6

/** Images of one variant: as it is, and built after one edit and after the next one of the same kind. */
export interface ShippedImages {
  readonly whole: string
  readonly source: readonly [string, string] | undefined
  readonly dependency: readonly [string, string] | undefined
}

/**
 * What it costs to ship both variants, whole and after an edit: the layers that are new against the image of the edit before, unpacked
 * from the index and compressed by compressing them. Throws what readImages throws.
 */
export async function measureShipping(
  client: EngineClient,
  images: { readonly before: ShippedImages; readonly after: ShippedImages },
  { signal, onMessage }: ShippingOptions,
): Promise<{ readonly before: ShipCosts; readonly after: ShipCosts }> {
  const all = [images.before, images.after]
  const ids = [
    ...new Set(all.flatMap(({ whole, source, dependency }) => [whole, ...(source ?? []), ...(dependency ?? [])])),
  ]
  const indexes = new Map((await readImages(client, ids, { signal })).map((index) => [index.imageId, index]))
  let nextBytes = 0
  const onProgress = ({ readBytes }: { readonly readBytes: number }): void => {
    if (readBytes < nextBytes) return
    nextBytes = readBytes + everyBytes
    onMessage(`Compressing the layers as a registry would: ${formatBytes(readBytes)} so far …`)
  }
  const sizes = await measureLayers(client, ids, { signal, onProgress })
  const between = (pair: readonly [string, string] | undefined): ShipCost | undefined => {
    if (pair === undefined) return undefined
    const [known, edited] = pair.map((id) => indexes.get(id)!)
    const has = new Set(known!.layers.map(({ diffId }) => diffId))
    return cost(edited!, (diffId) => !has.has(diffId), sizes)
  }
  const costs = ({ whole, source, dependency }: ShippedImages): ShipCosts => ({
    whole: cost(indexes.get(whole)!, () => true, sizes),
    source: between(source),
    dependency: between(dependency),
  })
  return { before: costs(images.before), after: costs(images.after) }
}

function cost(
  { layers }: ImageIndex,
  counts: (diffId: string) => boolean,
  sizes: ReadonlyMap<string, number>,
): ShipCost {
  const counted = layers.filter(({ diffId }) => counts(diffId))
  return {
    layers: counted.length,
    unpackedBytes: counted.reduce((sum, { table }) => sum + table.unpackedBytes, 0),
    transferBytes: counted.reduce((sum, { diffId }) => sum + (sizes.get(diffId) ?? 0), 0),
  }
}
