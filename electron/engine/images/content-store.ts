import { archiveProblem } from '../../core/image/tar/header'
import type { EngineInfo } from '../docker/replies'
import { mapLimited } from '../map-limited'
import { type ArchiveContent, requiredDocument } from './archive-content'
import { ArchiveReader } from './archive-reader'
import type { HelperContainer } from './helper-container'
import { blobPath, type Descriptor, type ImageManifest, manifestOf } from './image-layout'
import { type LayerStore, missingLayers, type NeededImage, type StoreReply, type StoreRequest } from './layer-store'

const root = '/.cutaway'
const contentFolder = 'io.containerd.content.v1.content/blobs/sha256'
const mostRequests = 6

/**
 * Where a Docker with a containerd store keeps blobs: under its own root when it started containerd itself, else under
 * containerd's usual root. Only the blobs of layers that are not known yet are fetched, as they are stored.
 */
export function contentStores({ rootFolder, platform }: EngineInfo): LayerStore[] {
  const folders = [`${rootFolder}/containerd/daemon`, '/var/lib/containerd']
  return folders.map((folder) => ({
    source: 'content-store',
    mountsFor: () => ({ [root]: `${folder}/${contentFolder}` }),
    read: (helper, request) => readBlobs(helper, request, platform),
  }))
}

async function readBlobs(helper: HelperContainer, request: StoreRequest, platform: string): Promise<StoreReply> {
  const content = blobsOf(helper)
  const manifests = await mapLimited(request.images, mostRequests, (image) => openManifest(content, image, platform))
  const images = await mapLimited(manifests, mostRequests, async ({ config, layers }) => ({
    configJson: await requiredDocument(content, blobPath(config.digest)),
    transferBytes: layers.every(isCompressed) ? layers.reduce((sum, { size = 0 }) => sum + size, 0) : undefined,
  }))
  const missing = missingLayers(request).map(({ diffId, image, at }) => ({
    diffId,
    blob: manifests[image]!.layers[at]!,
  }))
  const expectedBytes = missing.reduce((sum, { blob }) => sum + (blob.size ?? 0), 0)
  let readBytes = 0
  helper.removeAfter(missing.length)
  const tables = await mapLimited(missing, mostRequests, async ({ diffId, blob }) => {
    const { table } = await content.layer(blobPath(blob.digest))
    readBytes += blob.size ?? 0
    request.onProgress?.({ readBytes, expectedBytes })
    return [diffId, table] as const
  })
  return { images, tables: new Map(tables) }
}

async function openManifest(
  content: ArchiveContent,
  { imageId, diffIds }: NeededImage,
  platform: string,
): Promise<ImageManifest> {
  const manifest = await manifestOf(content, imageId, platform)
  const count = manifest.layers.length
  if (count === diffIds.length) return manifest
  throw archiveProblem(`the manifest lists ${count} layers and the engine ${diffIds.length}`)
}

const isCompressed = ({ mediaType }: Descriptor): boolean => /[+.](gzip|zstd)$/.test(mediaType ?? '')

const fileOf = (name: string): string => `${root}/${name.split('/').at(-1)}`

function blobsOf(helper: HelperContainer): ArchiveContent {
  return {
    document: async (name) => (await helper.readFile(fileOf(name))).toString('utf8'),
    layer: async (name) => {
      // The engine sends a blob as a tar with one member, and an archive of one layer is just that.
      const reader = await ArchiveReader.create()
      for await (const chunk of await helper.archive(fileOf(name))) await reader.push(chunk)
      return reader.finish().layer(name.split('/').at(-1)!)
    },
  }
}
