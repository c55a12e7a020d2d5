import type { ImageIndex } from '../../core/image/image-index'
import type { EngineClient } from '../docker/client'
import { dockerArchiveImage } from './archive-images'
import { ArchiveReader } from './archive-reader'

export interface ReadProgress {
  readonly readBytes: number
  /** What the engine says the images hold; layers they share cross once, so less may come. */
  readonly expectedBytes: number
}

export interface ReadOptions {
  readonly signal: AbortSignal
  readonly onProgress?: (progress: ReadProgress) => void
}

/**
 * Indexes images from one `GET /images/get` for all of them, scanned while it arrives; nothing is written to disk. Works on
 * every engine. Throws image-missing, archive-invalid, engine-lost, cancelled.
 */
export async function readByExport(
  client: EngineClient,
  imageIds: readonly string[],
  options: ReadOptions,
): Promise<ImageIndex[]> {
  const unique = [...new Set(imageIds)]
  const inspections = await Promise.all(unique.map((id) => client.inspectImage(id)))
  const expectedBytes = inspections.reduce((sum, inspection) => sum + (inspection?.engineBytes ?? 0), 0)
  const request = { method: 'GET', path: '/images/get', query: { names: unique }, signal: options.signal } as const
  const stream = await client.stream(request)
  const reader = await ArchiveReader.create()
  let readBytes = 0
  try {
    for await (const chunk of stream) {
      await reader.push(chunk)
      readBytes += chunk.length
      options.onProgress?.({ readBytes, expectedBytes })
    }
  } catch (error) {
    stream.destroy()
    throw client.asLost(error, options.signal)
  }
  const content = reader.finish()
  const images = await Promise.all(unique.map((id) => dockerArchiveImage(content, id, 'export-stream')))
  return imageIds.map((id) => images[unique.indexOf(id)]!)
}
