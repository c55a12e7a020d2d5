import { EngineError } from '../../core/failure'
import { readImageConfig } from '../../core/image/image-config'
import type { ImageParts } from '../../core/image/image-index'
import type { LayerTable } from '../../core/image/layer-table'
import { archiveProblem } from '../../core/image/tar/header'
import type { EngineClient } from '../docker/client'
import { mapLimited } from '../map-limited'
import type { ReadProgress } from './export-stream'
import { withHelper } from './helper-container'
import type { LayerStore, NeededImage, StoreImage } from './layer-store'

/** Says why an engine's own files cannot be read; the caller takes another source. */
export class StoreUnavailable extends Error {}

const mostRequests = 6

export interface StoreOptions {
  readonly signal: AbortSignal
  /** Tables that need not be read. */
  readonly known: ReadonlyMap<string, LayerTable>
  readonly onProgress?: ((progress: ReadProgress) => void) | undefined
}

/**
 * Indexes images without exporting them, from the files in which the engine keeps their layers. Layers that two images share are
 * read once. Throws StoreUnavailable where the engine has no such files, forbids the look, or keeps them in another form.
 */
export async function readByStore(
  client: EngineClient,
  store: LayerStore,
  images: readonly NeededImage[],
  options: StoreOptions,
): Promise<ImageParts[]> {
  const { signal } = options
  try {
    return await withHelper(client, { image: images[0]!.imageId, mounts: store.mounts, signal }, async (helper) => {
      const opened = await mapLimited(images, mostRequests, (image) => store.openImage(helper, image))
      opened.forEach((image, at) => {
        checkConfig(image, images[at]!)
      })
      const missing = missingLayers(images, opened, options.known)
      helper.removeAfter(missing.length)
      const tables = new Map(options.known)
      const progress = new LayerProgress(missing, options.onProgress)
      await mapLimited(missing, mostRequests, async (layer) => {
        tables.set(layer.diffId, await layer.read())
        progress.add(layer.bytes)
      })
      return images.map(({ imageId, diffIds }, at) => ({
        imageId,
        source: store.source,
        configJson: opened[at]!.configJson,
        transferBytes: opened[at]!.transferBytes,
        tables: diffIds.map((diffId) => tables.get(diffId)!),
      }))
    })
  } catch (error) {
    const reason = asUnavailable(error)
    throw reason instanceof StoreUnavailable && !signal.aborted ? reason : client.asLost(reason, signal)
  }
}

interface MissingLayer {
  readonly diffId: string
  readonly bytes: number
  readonly read: () => Promise<LayerTable>
}

function missingLayers(
  images: readonly NeededImage[],
  opened: readonly StoreImage[],
  known: ReadonlyMap<string, LayerTable>,
): MissingLayer[] {
  const all = images.flatMap(({ diffIds }, at) =>
    diffIds.map((diffId, layer): MissingLayer => {
      const image = opened[at]!
      return { diffId, bytes: image.layerBytes?.(layer) ?? 0, read: () => image.readLayer(layer) }
    }),
  )
  return [...new Map(all.map((layer) => [layer.diffId, layer])).values()].filter(({ diffId }) => !known.has(diffId))
}

/** Only stores whose layers take time to come know their bytes; the others are done before a bar could be drawn. */
class LayerProgress {
  readonly #expectedBytes: number
  readonly #tell: ((progress: ReadProgress) => void) | undefined
  #readBytes = 0

  constructor(layers: readonly MissingLayer[], tell: ((progress: ReadProgress) => void) | undefined) {
    this.#expectedBytes = layers.reduce((sum, { bytes }) => sum + bytes, 0)
    this.#tell = this.#expectedBytes > 0 ? tell : undefined
  }

  add(bytes: number): void {
    this.#readBytes += bytes
    this.#tell?.({ readBytes: this.#readBytes, expectedBytes: this.#expectedBytes })
  }
}

/** What the files say must be what the engine says; otherwise another source is asked. */
function checkConfig({ configJson }: StoreImage, { diffIds }: NeededImage): void {
  const config = readImageConfig(JSON.parse(configJson))
  if (config.diffIds.join() !== diffIds.join())
    throw archiveProblem('the engine’s files name other layers than the engine')
}

/** What the engine refuses here, or keeps in another form, is a reason to take another source; anything else is not. */
function asUnavailable(error: unknown): unknown {
  const code = error instanceof EngineError ? error.failure.code : undefined
  const isRefused = code === 'engine-refused' || code === 'archive-invalid' || error instanceof SyntaxError
  const isZlib = String((error as NodeJS.ErrnoException).code).startsWith('Z_')
  return isRefused || isZlib ? new StoreUnavailable((error as Error).message, { cause: error }) : error
}
