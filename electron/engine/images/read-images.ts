import { EngineError } from '../../core/failure'
import { readImageConfig } from '../../core/image/image-config'
import { type ImageIndex, type ImageParts, makeImageIndex } from '../../core/image/image-index'
import type { LayerTable } from '../../core/image/layer-table'
import type { EngineClient } from '../docker/client'
import type { ImageInspection } from '../docker/replies'
import type { IndexCache } from '../store/index-cache'
import { readEngineFacts } from './engine-facts'
import { inspectAll, type ReadOptions, readByExport } from './export-stream'
import { layerStoresOf } from './find-layer-stores'
import { readByStore, StoreUnavailable } from './store-source'

/** Sources that a user may ask for. */
export type EngineSource = 'tar-split' | 'content-store' | 'export-stream'

export interface ReadImagesOptions extends ReadOptions {
  readonly cache?: IndexCache | undefined
  /** Undefined chooses: what the cache has, then the files in which the engine keeps layers, then the export. */
  readonly source?: EngineSource | undefined
  /** False leaves the engine's own files alone. */
  readonly readsEngineFiles?: boolean
}

/**
 * Indexes images of an engine; `source` of each index says how. A failure of a faster source falls back without losing the job. A
 * source that is asked for is read in full, cache or not. Throws image-missing, source-unavailable, engine-lost, cancelled.
 */
export async function readImages(
  client: EngineClient,
  imageIds: readonly string[],
  options: ReadImagesOptions,
): Promise<ImageIndex[]> {
  const unique = [...new Set(imageIds)]
  const images = await inspectAll(client, unique)
  const cache = options.source === undefined ? options.cache : undefined
  const [parts, facts] = await Promise.all([
    readParts(client, images, { ...options, cache }),
    readEngineFacts(client, images),
  ])
  const indexes = images.map(({ imageId }, at) => makeImageIndex(parts.get(imageId)!, facts[at]))
  return imageIds.map((imageId) => indexes[unique.indexOf(imageId)]!)
}

async function readParts(
  client: EngineClient,
  images: readonly ImageInspection[],
  options: ReadImagesOptions,
): Promise<Map<string, ImageParts>> {
  const known = await loadKnown(images, options.cache)
  const missing = images.filter(({ imageId }) => !known.images.has(imageId))
  const read = missing.length === 0 ? [] : await readMissing(client, missing, known.tables, options)
  await keep(read, missing, known.tables, options.cache)
  return new Map([...known.images, ...read.map((parts) => [parts.imageId, parts] as const)])
}

interface Known {
  /** Images of which nothing is missing. */
  readonly images: ReadonlyMap<string, ImageParts>
  readonly tables: ReadonlyMap<string, LayerTable>
}

async function loadKnown(images: readonly ImageInspection[], cache: IndexCache | undefined): Promise<Known> {
  const tables = new Map<string, LayerTable>()
  if (cache === undefined) return { images: new Map(), tables }
  const diffIds = [...new Set(images.flatMap((image) => image.diffIds))]
  const [kept] = await Promise.all([
    Promise.all(images.map(({ imageId }) => cache.image(imageId))),
    ...diffIds.map(async (diffId) => {
      const table = await cache.layer(diffId)
      if (table) tables.set(diffId, table)
    }),
  ])
  const whole = images.flatMap(({ imageId, diffIds: own }, at): [string, ImageParts][] => {
    const image = kept[at]
    const layers = own.flatMap((diffId) => tables.get(diffId) ?? [])
    if (image === undefined || layers.length < own.length || !isConfigOf(image.configJson, own)) return []
    return [[imageId, { imageId, source: 'index-cache', ...image, tables: layers }]]
  })
  return { images: new Map(whole), tables }
}

/** What is kept of another image, whatever its checksum says, is not known. */
function isConfigOf(configJson: string, diffIds: readonly string[]): boolean {
  const { diffIds: kept } = readImageConfig(JSON.parse(configJson))
  return kept.length === diffIds.length && kept.every((diffId, at) => diffId === diffIds[at])
}

async function readMissing(
  client: EngineClient,
  images: readonly ImageInspection[],
  known: ReadonlyMap<string, LayerTable>,
  { source, signal, onProgress, readsEngineFiles = true }: ReadImagesOptions,
): Promise<ImageParts[]> {
  if (source === 'export-stream' || (source === undefined && !readsEngineFiles))
    return readByExport(client, images, { signal, onProgress })
  const stores = (await layerStoresOf(client)).filter((store) => source === undefined || store.source === source)
  let refusal = 'this engine does not keep its layers so'
  for (const store of stores) {
    try {
      return await readByStore(client, store, { images, known, onProgress }, { signal })
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error
      refusal = error.message
    }
  }
  if (source !== undefined) throw new EngineError({ code: 'source-unavailable', source, detail: refusal })
  return readByExport(client, images, { signal, onProgress })
}

async function keep(
  read: readonly ImageParts[],
  images: readonly ImageInspection[],
  known: ReadonlyMap<string, LayerTable>,
  cache: IndexCache | undefined,
): Promise<void> {
  if (cache === undefined) return
  const isKept = new Set(known.keys())
  for (const parts of read) {
    const { diffIds } = images.find(({ imageId }) => imageId === parts.imageId)!
    for (const [at, diffId] of diffIds.entries()) {
      if (isKept.has(diffId)) continue
      isKept.add(diffId)
      await cache.keepLayer(diffId, parts.tables[at]!)
    }
    await cache.keepImage(parts.imageId, { configJson: parts.configJson, transferBytes: parts.transferBytes })
  }
}
