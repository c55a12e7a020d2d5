import type { IndexSource } from '../../core/image/image-index'
import type { LayerTable } from '../../core/image/layer-table'
import type { ReadProgress } from './export-stream'
import type { HelperContainer } from './helper-container'

/** An image whose layers are to be read, as the engine names it. */
export interface NeededImage {
  readonly imageId: string
  readonly diffIds: readonly string[]
}

export interface StoreRequest {
  readonly images: readonly NeededImage[]
  /** Tables that need not be read, by diffID. */
  readonly known: ReadonlyMap<string, LayerTable>
  readonly onProgress?: ((progress: ReadProgress) => void) | undefined
}

export interface StoreReply {
  /** One for each image, in its order. */
  readonly images: readonly {
    readonly configJson: string
    /** Sum of the layers as stored compressed; undefined where the store has them otherwise. */
    readonly transferBytes: number | undefined
  }[]
  /** What was not known, by diffID. */
  readonly tables: ReadonlyMap<string, LayerTable>
}

/** A place where an engine keeps its layers in files, seen through a helper container. */
export interface LayerStore {
  readonly source: IndexSource
  /** Paths of the engine's host, by where the helper sees them; all must exist. */
  mountsFor(request: StoreRequest): Readonly<Record<string, string>>
  read(helper: HelperContainer, request: StoreRequest): Promise<StoreReply>
}

/** A layer that is not known yet; one that several images have is read once. */
export interface MissingLayer {
  readonly diffId: string
  /** The first image that has it, and its place there. */
  readonly image: number
  readonly at: number
}

export function missingLayers({ images, known }: StoreRequest): MissingLayer[] {
  const found = new Map<string, MissingLayer>()
  images.forEach(({ diffIds }, image) => {
    diffIds.forEach((diffId, at) => {
      if (!known.has(diffId) && !found.has(diffId)) found.set(diffId, { diffId, image, at })
    })
  })
  return [...found.values()]
}
