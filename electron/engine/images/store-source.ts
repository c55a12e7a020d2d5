import { EngineError } from '../../core/failure'
import { readImageConfig } from '../../core/image/image-config'
import type { ImageParts } from '../../core/image/image-index'
import { archiveProblem } from '../../core/image/tar/header'
import type { EngineClient } from '../docker/client'
import { withHelper } from './helper-container'
import type { LayerStore, StoreReply, StoreRequest } from './layer-store'

/** Says why an engine's own files cannot be read; the caller takes another source. */
export class StoreUnavailable extends Error {}

/**
 * Indexes images without exporting them, from the files in which the engine keeps their layers. Throws StoreUnavailable where the
 * engine has no such files, forbids the look, or keeps them in another form; engine-lost, cancelled.
 */
export async function readByStore(
  client: EngineClient,
  store: LayerStore,
  request: StoreRequest,
  { signal }: { readonly signal: AbortSignal },
): Promise<ImageParts[]> {
  const { images, known } = request
  try {
    const mounts = store.mountsFor(request)
    const reply = await withHelper(client, { image: images[0]!.imageId, mounts, signal }, (helper) =>
      store.read(helper, request),
    )
    return images.map(({ imageId, diffIds }, at) => ({
      imageId,
      source: store.source,
      ...checked(reply.images[at]!, diffIds),
      tables: diffIds.map((diffId) => known.get(diffId) ?? tableOf(reply, diffId)),
    }))
  } catch (error) {
    const reason = asUnavailable(error)
    throw reason instanceof StoreUnavailable && !signal.aborted ? reason : client.asLost(reason, signal)
  }
}

/** What the files say must be what the engine says; otherwise another source is asked. */
function checked(image: StoreReply['images'][number], diffIds: readonly string[]): StoreReply['images'][number] {
  const config = readImageConfig(JSON.parse(image.configJson))
  if (config.diffIds.join() === diffIds.join()) return image
  throw archiveProblem('the engine’s files name other layers than the engine')
}

function tableOf({ tables }: StoreReply, diffId: string): ImageParts['tables'][number] {
  const table = tables.get(diffId)
  if (table === undefined) throw archiveProblem('the engine’s files lack a layer')
  return table
}

/** What the engine refuses here, or keeps in another form, is a reason to take another source; anything else is not. */
function asUnavailable(error: unknown): unknown {
  const code = error instanceof EngineError ? error.failure.code : undefined
  const isRefused = code === 'engine-refused' || code === 'archive-invalid' || error instanceof SyntaxError
  const isZlib = String((error as NodeJS.ErrnoException).code).startsWith('Z_')
  return isRefused || isZlib ? new StoreUnavailable((error as Error).message, { cause: error }) : error
}
