import { EngineError } from '../../core/failure'
import type { ImageParts } from '../../core/image/image-index'
import type { EngineClient } from '../docker/client'
import type { ImageInspection } from '../docker/replies'
import type { ArchiveContent, ArchivedImage } from './archive-content'
import { ArchiveReader } from './archive-reader'
import { dockerArchiveImage, hasDockerArchiveImage } from './docker-archive'
import { blobPath, manifestImage, manifestOf } from './image-layout'

export interface ReadProgress {
  readonly readBytes: number
  /** What the engine says the images hold; layers they share cross once, so less may come. */
  readonly expectedBytes: number
}

export interface ReadOptions {
  readonly signal: AbortSignal
  readonly onProgress?: ((progress: ReadProgress) => void) | undefined
}

/**
 * Reads images from one `GET /images/get` for all of them, scanned while it arrives; nothing is written to disk. Works on
 * every engine. Throws archive-invalid, engine-lost, cancelled.
 */
export async function readByExport(
  client: EngineClient,
  images: readonly ImageInspection[],
  options: ReadOptions,
): Promise<ImageParts[]> {
  const names = images.map(({ imageId }) => imageId)
  const expectedBytes = images.reduce((sum, { engineBytes }) => sum + engineBytes, 0)
  const { signal } = options
  const stream = await client.stream({ method: 'GET', path: '/images/get', query: { names }, signal })
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
    throw client.asLost(error, signal)
  }
  const content = reader.finish()
  return Promise.all(
    names.map(async (imageId) => ({ ...(await exportedImage(content, imageId)), imageId, source: 'export-stream' })),
  )
}

/** A graphdriver engine names an image after its config, one with a containerd store after its manifest or index. */
async function exportedImage(content: ArchiveContent, imageId: string): Promise<ArchivedImage> {
  const isManifest = !(await hasDockerArchiveImage(content, imageId)) && (await content.document(blobPath(imageId)))
  if (!isManifest) return dockerArchiveImage(content, imageId, 'export-stream')
  return manifestImage(content, await manifestOf(content, imageId, undefined), 'export-stream')
}

/** Throws image-missing. */
export async function inspectAll(client: EngineClient, imageIds: readonly string[]): Promise<ImageInspection[]> {
  return Promise.all(
    imageIds.map(async (imageId) => {
      const image = await client.inspectImage(imageId)
      if (image === undefined) throw new EngineError({ code: 'image-missing', reference: imageId })
      return image
    }),
  )
}
