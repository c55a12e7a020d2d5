import { createHash } from 'node:crypto'
import { createGunzip } from 'node:zlib'
import { EngineError } from '../../core/failure'
import { readImageConfig } from '../../core/image/image-config'
import { type ImageIndex, makeImageIndex } from '../../core/image/image-index'
import type { LayerTable } from '../../core/image/layer-table'
import { archiveProblem, readHeader } from '../../core/image/tar/header'
import { TarSplitReader } from '../../core/image/tar-split'
import { absentIs404, drain, type EngineClient } from '../docker/client'
import { mapLimited } from '../map-limited'
import type { IndexCache } from '../store/index-cache'

/** Says why this engine's layer metadata cannot be read; the caller takes another source. */
export class TarSplitUnavailable extends Error {}

const mountPoint = '/.cutaway'
const mostRequests = 6

export interface TarSplitOptions {
  readonly signal: AbortSignal
  readonly cache?: IndexCache | undefined
}

/**
 * Indexes images without exporting them: a graphdriver engine keeps each layer's tar headers and the checksum of every file, and
 * gives them out through a container that is created with that folder mounted read-only, never started, and removed in every case.
 * What the cache has is not asked for again. Throws TarSplitUnavailable where the engine keeps none or forbids it.
 */
export async function readByTarSplit(
  client: EngineClient,
  imageIds: readonly string[],
  { signal, cache }: TarSplitOptions,
): Promise<ImageIndex[]> {
  const images = await Promise.all(imageIds.map((imageId) => needOf(client, imageId)))
  const configs = new Map<string, string>()
  const tables = new Map<string, LayerTable>()
  await Promise.all(
    images.flatMap(({ imageId, layers }) => [
      cache?.config(imageId).then((json) => json && configs.set(imageId, json)),
      ...layers.map(({ diffId }) => cache?.layer(diffId).then((table) => table && tables.set(diffId, table))),
    ]),
  )
  const missing = {
    helperImage: imageIds[0]!,
    imageIds: [...new Set(imageIds)].filter((imageId) => !configs.has(imageId)),
    // Layers that two images share are read once.
    layers: [...new Map(images.flatMap(({ layers }) => layers).map((layer) => [layer.chainId, layer])).values()].filter(
      ({ diffId }) => !tables.has(diffId),
    ),
  }
  if (missing.imageIds.length + missing.layers.length > 0)
    await fetchMissing(client, missing, {
      signal,
      onConfig: async (imageId, json) => {
        JSON.parse(json) // what is not JSON is refused here, where another source can still be taken
        configs.set(imageId, json)
        await cache?.keepConfig(imageId, json)
      },
      onLayer: async (diffId, table) => {
        tables.set(diffId, table)
        await cache?.keepLayer(diffId, table)
      },
    })
  return images.map(({ imageId, layers }) => {
    const config = readImageConfig(JSON.parse(configs.get(imageId)!))
    const own = layers.map(({ diffId }) => tables.get(diffId)!)
    return makeImageIndex({ imageId, source: 'tar-split', config, tables: own })
  })
}

interface NeededLayer {
  readonly diffId: string
  readonly chainId: string
}

interface Missing {
  /** Any image the engine has: the helper container is made from it and never started. */
  readonly helperImage: string
  readonly imageIds: readonly string[]
  readonly layers: readonly NeededLayer[]
}

interface FetchOptions {
  readonly signal: AbortSignal
  readonly onConfig: (imageId: string, json: string) => Promise<void>
  readonly onLayer: (diffId: string, table: LayerTable) => Promise<void>
}

async function fetchMissing(client: EngineClient, missing: Missing, options: FetchOptions): Promise<void> {
  const { signal } = options
  const folder = await metadataFolder(client)
  const container = await createHelper(client, missing.helperImage, folder)
  let removal: Promise<unknown> | undefined
  // Also after a cancel: the request must not carry the signal.
  const remove = (): Promise<unknown> =>
    (removal ??= client
      .stream({ method: 'DELETE', path: `/containers/${container}`, query: { force: 'true' } })
      .then(drain, absentIs404))
  let left = missing.layers.length + missing.imageIds.length
  const read = async (path: string): Promise<Buffer> => {
    const file = await readFile(client, container, `${mountPoint}/${path}`, signal)
    // The engine removes the container while the last metadata is decoded.
    if (--left === 0) remove().catch(() => undefined)
    return file
  }
  try {
    await Promise.all([
      mapLimited(missing.layers, mostRequests, async ({ diffId, chainId }) =>
        options.onLayer(diffId, await readLayer(await read(`layerdb/sha256/${hexOf(chainId)}/tar-split.json.gz`))),
      ),
      mapLimited(missing.imageIds, mostRequests, async (id) =>
        options.onConfig(id, (await read(`imagedb/content/sha256/${hexOf(id)}`)).toString('utf8')),
      ),
    ])
  } catch (error) {
    const reason = asUnavailable(error)
    throw reason instanceof TarSplitUnavailable && !signal.aborted ? reason : client.asLost(reason, signal)
  } finally {
    await remove()
  }
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

const hexOf = (digest: string): string => digest.replace(/^sha256:/, '')

async function needOf(client: EngineClient, imageId: string): Promise<{ imageId: string; layers: NeededLayer[] }> {
  const image = await client.inspectImage(imageId)
  if (image === undefined) throw new EngineError({ code: 'image-missing', reference: imageId })
  const chain = chainIds(image.diffIds)
  return { imageId, layers: image.diffIds.map((diffId, at) => ({ diffId, chainId: chain[at]! })) }
}

async function metadataFolder(client: EngineClient): Promise<string> {
  const info = await client.json<{ DockerRootDir?: string; Driver: string; DriverStatus?: [string, string][] | null }>({
    method: 'GET',
    path: '/info',
  })
  const isContainerd = info.DriverStatus?.some(
    ([name, value]) => name === 'driver-type' && value.includes('containerd'),
  )
  if (isContainerd || !info.DockerRootDir) throw new TarSplitUnavailable('the engine keeps its layers in containerd')
  return `${info.DockerRootDir}/image/${info.Driver}`
}

/** The folder goes in as a mount, not as a bind: a bind would create a missing folder on the engine's host. */
async function createHelper(client: EngineClient, image: string, folder: string): Promise<string> {
  const mount = { Type: 'bind', Source: folder, Target: mountPoint, ReadOnly: true }
  const body = {
    Image: image,
    Cmd: ['-'],
    NetworkDisabled: true,
    Labels: { 'dev.cutaway.helper': 'layer-metadata' },
    HostConfig: { NetworkMode: 'none', Mounts: [mount] },
  }
  const { Id } = await client
    .json<{ Id: string }>({ method: 'POST', path: '/containers/create', body })
    .catch((error) => {
      throw asUnavailable(error)
    })
  return Id
}

/** What the engine refuses here, or keeps in another form, is a reason to take another source; anything else is not. */
function asUnavailable(error: unknown): unknown {
  const code = (error as { failure?: { code: string } }).failure?.code
  const isRefused = code === 'engine-refused' || code === 'archive-invalid' || error instanceof SyntaxError
  const isZlib = String((error as NodeJS.ErrnoException).code).startsWith('Z_')
  return isRefused || isZlib ? new TarSplitUnavailable((error as Error).message, { cause: error }) : error
}

/** The content of one file: the engine answers with a tar of it. */
async function readFile(client: EngineClient, container: string, path: string, signal: AbortSignal): Promise<Buffer> {
  const reply = await client.stream({
    method: 'GET',
    path: `/containers/${container}/archive`,
    query: { path },
    signal,
  })
  const chunks: Buffer[] = []
  for await (const chunk of reply) chunks.push(chunk)
  const tar = Buffer.concat(chunks)
  if (tar.length < 512) throw archiveProblem('the engine sent no file')
  const { contentBytes } = readHeader(tar, 0, 0)
  return tar.subarray(512, 512 + contentBytes)
}

/** Unpacks piece by piece: the text of a large layer's metadata is some 30 times as long as the file. */
async function readLayer(gzip: Buffer): Promise<LayerTable> {
  const reader = new TarSplitReader()
  const unpacked = createGunzip({ chunkSize: 1 << 18 })
  unpacked.end(gzip)
  for await (const chunk of unpacked) reader.push(chunk as Buffer)
  return reader.finish()
}
