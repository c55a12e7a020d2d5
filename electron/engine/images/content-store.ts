import { archiveProblem } from '../../core/image/tar/header'
import type { EngineInfo } from '../docker/client'
import type { ArchiveContent } from './archive-content'
import { requiredDocument } from './archive-content'
import { ArchiveReader } from './archive-reader'
import type { HelperContainer } from './helper-container'
import { blobPath, manifestOf } from './image-layout'
import type { LayerStore } from './layer-store'

const at = '/.cutaway'
const contentFolder = 'io.containerd.content.v1.content/blobs/sha256'

/**
 * Where a Docker with a containerd store keeps blobs: under its own root when it started containerd itself, else under
 * containerd's usual root. Only the blobs of layers that are not known yet are fetched, as they are stored.
 */
export function contentStores({ rootFolder, platform }: EngineInfo): LayerStore[] {
  const roots = [`${rootFolder}/containerd/daemon`, '/var/lib/containerd']
  return roots.map((root) => ({
    source: 'content-store',
    mounts: { [at]: `${root}/${contentFolder}` },
    openImage: async (helper, { imageId, diffIds }) => {
      const content = blobsOf(helper)
      const { config, layers } = await manifestOf(content, imageId, platform)
      const configJson = await requiredDocument(content, blobPath(config.digest))
      if (layers.length !== diffIds.length)
        throw archiveProblem(`the manifest lists ${layers.length} layers and the engine ${diffIds.length}`)
      const isCompressed = layers.every((layer) => /[+.](gzip|zstd)$/.test(layer.mediaType ?? ''))
      const layerBytes = (layer: number): number => layers[layer]!.size ?? 0
      return {
        configJson,
        transferBytes: isCompressed ? layers.reduce((sum, _, layer) => sum + layerBytes(layer), 0) : undefined,
        layerBytes,
        readLayer: async (layer) => (await content.layer(blobPath(layers[layer]!.digest))).table,
      }
    },
  }))
}

const fileOf = (name: string): string => `${at}/${name.split('/').at(-1)}`

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
