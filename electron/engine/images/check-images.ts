import { EngineError } from '../../core/failure'
import type { BuiltFinding, BuiltImage } from '../../core/findings/built/built-image'
import { checkBuiltImage } from '../../core/findings/built/check-image'
import type { ImageIndex } from '../../core/image/image-index'
import { contentNode } from '../../core/image/rootfs'
import { RootfsPaths } from '../../core/image/rootfs-paths'
import type { EngineClient } from '../docker/client'
import { readHelperFile } from './file-content'
import { withHelper } from './helper-container'

/** Programs are read whole to find what they link to; larger ones are not looked into. */
const largestProgramBytes = 160e6

export interface BuiltFindings {
  readonly before: readonly BuiltFinding[]
  readonly after: readonly BuiltFinding[]
}

/**
 * What keeps two built images of an engine from running, seen in their files and without running them; each through one container that
 * is never started. Throws engine-refused, engine-lost, cancelled.
 */
export async function checkImages(
  client: EngineClient,
  before: ImageIndex,
  after: ImageIndex,
  signal: AbortSignal,
): Promise<BuiltFindings> {
  const [ofBefore, ofAfter] = await Promise.all([
    checkOne(client, before, signal, undefined),
    checkOne(client, after, signal, before),
  ])
  return { before: ofBefore, after: ofAfter }
}

async function checkOne(
  client: EngineClient,
  index: ImageIndex,
  signal: AbortSignal,
  before: Pick<BuiltImage, 'rootfs'> | undefined,
): Promise<BuiltFinding[]> {
  const { rootfs, config, imageId, engine } = index
  const paths = new RootfsPaths(rootfs)
  try {
    return await withHelper(client, { image: imageId, mounts: {}, signal }, (helper) => {
      const read = async (path: string): Promise<Uint8Array | undefined> => {
        const found = paths.resolve(path)
        if (found.node === undefined || contentNode(rootfs, found.node) < 0) return undefined
        if (rootfs.contentBytes[found.node]! > largestProgramBytes) return undefined
        try {
          return (await readHelperFile(helper, { path: found.path, limitBytes: largestProgramBytes, signal })).bytes
        } catch (error) {
          if (error instanceof EngineError && error.failure.code === 'file-unreadable') return undefined
          throw error
        }
      }
      const { run, architecture } = config
      return checkBuiltImage({ run, architecture, rootfs, paths, baseLayers: engine?.base?.layers ?? 0, read }, before)
    })
  } catch (error) {
    throw client.asLost(error, signal)
  }
}
