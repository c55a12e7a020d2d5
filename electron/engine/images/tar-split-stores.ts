import { createHash } from 'node:crypto'
import { createGunzip } from 'node:zlib'
import type { LayerTable } from '../../core/image/layer-table'
import { archiveProblem } from '../../core/image/tar/header'
import { TarSplitReader } from '../../core/image/tar-split'
import type { EngineInfo } from '../docker/client'
import type { HelperContainer } from './helper-container'
import type { LayerStore } from './layer-store'

// Graphdriver engines keep every layer's tar headers and the checksum of every file, to be able to give out the same tar again.

const hexOf = (digest: string): string => digest.replace(/^sha256:/, '')

/** Docker: one folder per chain of layers. */
export function dockerLayerStore({ rootFolder, driver }: EngineInfo): LayerStore {
  const at = '/.cutaway'
  return {
    source: 'tar-split',
    mounts: { [at]: `${rootFolder}/image/${driver}` },
    openImage: async (helper, { imageId, diffIds }) => {
      const config = await helper.readFile(`${at}/imagedb/content/sha256/${hexOf(imageId)}`)
      const chain = chainIds(diffIds)
      const file = (layer: number): string => `${at}/layerdb/sha256/${hexOf(chain[layer]!)}/tar-split.json.gz`
      return {
        configJson: config.toString('utf8'),
        transferBytes: undefined,
        readLayer: async (layer) => readTarSplit(await helper.readFile(file(layer))),
      }
    },
  }
}

interface PodmanLayer {
  readonly id: string
  readonly 'diff-digest'?: string
}

/** Podman: files named by layer id, and a list that says which layer has which diffID. */
export function podmanLayerStore({ rootFolder, driver }: EngineInfo): LayerStore {
  const [layers, images] = ['/.cutaway/layers', '/.cutaway/images']
  return {
    source: 'tar-split',
    mounts: { [layers]: `${rootFolder}/${driver}-layers`, [images]: `${rootFolder}/${driver}-images` },
    openImage: async (helper, { imageId, diffIds }) => {
      // A config is kept under its digest in base64, because digests have a colon.
      const name = `=${Buffer.from(imageId).toString('base64')}`
      const [config, list] = await Promise.all([
        helper.readFile(`${images}/${hexOf(imageId)}/${name}`),
        podmanLayers(helper, `${layers}/layers.json`),
      ])
      const ids = new Map(list.map((layer) => [layer['diff-digest'], layer.id]))
      return {
        configJson: config.toString('utf8'),
        transferBytes: undefined,
        readLayer: async (layer) => {
          const id = ids.get(diffIds[layer]!)
          if (id === undefined) throw archiveProblem('the engine lists no layer metadata for a layer')
          return readTarSplit(await helper.readFile(`${layers}/${id}.tar-split.gz`))
        },
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
export function chainIds(diffIds: readonly string[]): string[] {
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
