import { EngineError } from '../../core/failure'
import type { BuiltFinding, BuiltImage } from '../../core/findings/built/built-image'
import { checkBuiltImage } from '../../core/findings/built/check-image'
import type { ImageIndex } from '../../core/image/image-index'
import { contentNode } from '../../core/image/rootfs'
import { RootfsPaths } from '../../core/image/rootfs-paths'
import { type Examination, examineImage } from '../../core/surface/examine'
import type { EngineClient } from '../docker/client'
import { decoders } from '../packages/decoders'
import { readHelperFile } from './file-content'
import { type HelperContainer, withHelper } from './helper-container'
import type { OpenedArchive } from './open-archive'
import { largestFileBytes, readArchiveForInterests, readForInterests } from './read-interests'

/** What an image's files say of it, and what of that keeps it from running. */
export interface ExaminedImage extends Examination {
  readonly findings: readonly BuiltFinding[]
}

export interface ExaminedImages {
  readonly before: ExaminedImage
  readonly after: ExaminedImage
}

/**
 * Looks into the files of two built images of an engine without running them, each through one container that is never started. Throws
 * engine-refused, engine-lost, cancelled.
 */
export async function examineImages(
  client: EngineClient,
  before: ImageIndex,
  after: ImageIndex,
  signal: AbortSignal,
): Promise<ExaminedImages> {
  const [ofBefore, ofAfter] = await Promise.all([
    examineOne(client, before, signal, undefined),
    examineOne(client, after, signal, before),
  ])
  return { before: ofBefore, after: ofAfter }
}

/** The same of one image; what it lost against another one is then not asked. */
export const examineEngineImage = (
  client: EngineClient,
  index: ImageIndex,
  signal: AbortSignal,
): Promise<ExaminedImage> => examineOne(client, index, signal, undefined)

/** What the files of a saved image say; whether it runs is not asked. Throws archive-invalid, cancelled. */
export const examineArchive = (archive: OpenedArchive, signal: AbortSignal): Promise<Examination> =>
  examineImage(archive.index, decoders, (interests) => readArchiveForInterests(archive, interests, signal))

async function examineOne(
  client: EngineClient,
  index: ImageIndex,
  signal: AbortSignal,
  before: Pick<BuiltImage, 'rootfs'> | undefined,
): Promise<ExaminedImage> {
  try {
    return await withHelper(client, { image: index.imageId, mounts: {}, signal }, async (helper) => {
      const findings = await checkBuiltImage(builtImage(index, helper, signal), before)
      const examination = await examineImage(index, decoders, (interests) =>
        readForInterests(helper, index, interests, signal),
      )
      return { ...examination, findings }
    })
  } catch (error) {
    throw client.asLost(error, signal)
  }
}

function builtImage(index: ImageIndex, helper: HelperContainer, signal: AbortSignal): BuiltImage {
  const { rootfs, config, engine } = index
  const paths = new RootfsPaths(rootfs)
  const read = async (path: string): Promise<Uint8Array | undefined> => {
    const found = paths.resolve(path)
    if (found.node === undefined || contentNode(rootfs, found.node) < 0) return undefined
    if (rootfs.contentBytes[found.node]! > largestFileBytes) return undefined
    try {
      return (await readHelperFile(helper, { path: found.path, limitBytes: largestFileBytes, signal })).bytes
    } catch (error) {
      if (error instanceof EngineError && error.failure.code === 'file-unreadable') return undefined
      throw error
    }
  }
  const { run, architecture } = config
  return { run, architecture, rootfs, paths, baseLayers: engine?.base?.layers ?? 0, read }
}
