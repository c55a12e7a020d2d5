import { type BaseCandidate, findBase } from '../../core/image/base-image'
import type { EngineFacts } from '../../core/image/image-index'
import { variantLabel } from '../../core/variants/variant'
import type { EngineClient } from '../docker/client'
import type { ImageInspection } from '../docker/replies'
import { mapLimited } from '../map-limited'

const mostCandidates = 300
const mostRequests = 6

/** What only the engine knows of images: the base each was built on, if it has that too, and what it takes on disk. */
export async function readEngineFacts(
  client: EngineClient,
  images: readonly ImageInspection[],
): Promise<EngineFacts[]> {
  const listed = await client.listImages()
  // Images that Cutaway built are no bases: an older build of the same project shares layers too.
  const bases = listed.filter(({ tags, labels }) => tags.length > 0 && labels[variantLabel] === undefined)
  const candidates = await mapLimited(bases.slice(0, mostCandidates), mostRequests, async (image) => {
    const inspection = await client.inspectImage(image.imageId)
    return { name: image.tags[0]!, diffIds: inspection?.diffIds ?? [] } satisfies BaseCandidate
  })
  return images.map(({ imageId, diffIds, engineBytes }) => ({
    base: findBase(diffIds, candidates),
    diskBytes: listed.find((image) => image.imageId === imageId)?.totalBytes ?? engineBytes,
  }))
}
