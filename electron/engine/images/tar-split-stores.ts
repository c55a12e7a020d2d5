import { createHash } from 'node:crypto'
import { createGunzip } from 'node:zlib'
import type { LayerTable } from '../../core/image/layer-table'
import { archiveProblem } from '../../core/image/tar/header'
import { TarSplitReader } from '../../core/image/tar-split'
import type { EngineInfo } from '../docker/replies'
import { mapLimited } from '../map-limited'
import type { HelperContainer } from './helper-container'
import { type LayerStore, missingLayers } from './layer-store'

// Graphdriver engines keep every layer's tar headers and the checksum of every file, to be able to give out the same tar again.

const root = '/.cutaway'
const mostRequests = 6
const hexOf = (digest: string): string => digest.replace(/^sha256:/, '')

/**
 * Docker: one folder per chain of layers. Every request for a file makes the engine mount and unmount the container, one after the
 * other, so the files that are needed are mounted side by side and come in one reply.
 */
export function dockerLayerStore({ rootFolder, driver }: EngineInfo): LayerStore {
  const store = `${rootFolder}/image/${driver}`
  return {
    source: 'tar-split',
    mountsFor: (request) => {
      const chains = request.images.map(({ diffIds }) => chainIds(diffIds))
      const configs = request.images.map(({ imageId }) => `${store}/imagedb/content/sha256/${hexOf(imageId)}`)
      const layers = missingLayers(request).map(
        ({ image, at }) => `${store}/layerdb/sha256/${hexOf(chains[image]![at]!)}/tar-split.json.gz`,
      )
      return Object.fromEntries([
        ...configs.map((path, at) => [`${root}/config-${at}`, path]),
        ...layers.map((path, at) => [`${root}/layer-${at}`, path]),
      ])
    },
    read: async (helper, request) => {
      helper.removeAfter(1)
      const missing = missingLayers(request)
      const configs: string[] = []
      const tables = new Map<string, LayerTable>()
      for await (const { name, content } of helper.readFolder(root)) {
        const [, kind, number] = /(config|layer)-(\d+)$/.exec(name) ?? []
        if (kind === 'config') configs[Number(number)] = content.toString('utf8')
        else if (kind === 'layer') tables.set(missing[Number(number)]!.diffId, await readTarSplit(content))
      }
      const images = request.images.map((_, at) => ({ configJson: configs[at] ?? '', transferBytes: undefined }))
      return { images, tables }
    },
  }
}

interface PodmanLayer {
  readonly id: string
  readonly 'diff-digest'?: string
}

/** Podman: files named by layer id, and a list that says which layer has which diffID. */
export function podmanLayerStore({ rootFolder, driver }: EngineInfo): LayerStore {
  const [layers, images] = [`${root}/layers`, `${root}/images`]
  return {
    source: 'tar-split',
    mountsFor: () => ({ [layers]: `${rootFolder}/${driver}-layers`, [images]: `${rootFolder}/${driver}-images` }),
    read: async (helper, request) => {
      const list = await podmanLayers(helper, `${layers}/layers.json`)
      const configs = await mapLimited(request.images, mostRequests, ({ imageId }) => {
        // A config is kept under its digest in base64, because digests have a colon.
        return helper.readFile(`${images}/${hexOf(imageId)}/=${Buffer.from(imageId).toString('base64')}`)
      })
      const ids = new Map(list.map((layer) => [layer['diff-digest'], layer.id]))
      const missing = missingLayers(request)
      helper.removeAfter(missing.length)
      const tables = await mapLimited(missing, mostRequests, async ({ diffId }) => {
        const id = ids.get(diffId)
        if (id === undefined) throw archiveProblem('the engine lists no layer metadata for a layer')
        return [diffId, await readTarSplit(await helper.readFile(`${layers}/${id}.tar-split.gz`))] as const
      })
      return {
        images: configs.map((config) => ({ configJson: config.toString('utf8'), transferBytes: undefined })),
        tables: new Map(tables),
      }
    },
  }
}

async function podmanLayers(helper: HelperContainer, path: string): Promise<PodmanLayer[]> {
  const list: unknown = JSON.parse((await helper.readFile(path)).toString('utf8'))
  if (!Array.isArray(list)) throw archiveProblem('the engine’s list of layers is not a list')
  return list.filter((layer: Partial<PodmanLayer> | null): layer is PodmanLayer => /^[0-9a-f]+$/.test(layer?.id ?? ''))
}

/** `chainID(n) = sha256(chainID(n-1) + " " + diffID(n))` (https://github.com/opencontainers/image-spec/blob/main/config.md). */
function chainIds(diffIds: readonly string[]): string[] {
  const chain: string[] = []
  for (const diffId of diffIds) {
    const below = chain.at(-1)
    chain.push(
      below === undefined ? diffId : `sha256:${createHash('sha256').update(`${below} ${diffId}`).digest('hex')}`,
    )
  }
  return chain
}

/** Unpacks piece by piece: the text of a large layer's metadata is some 30 times as long as the file. */
async function readTarSplit(gzip: Buffer): Promise<LayerTable> {
  const reader = new TarSplitReader()
  const unpacked = createGunzip({ chunkSize: 1 << 18 })
  unpacked.end(gzip)
  for await (const chunk of unpacked) reader.push(chunk as Buffer)
  return reader.finish()
}
