import { createHash } from 'node:crypto'
import { createGunzip } from 'node:zlib'
import { EngineError } from '../../core/failure'
import { type ImageConfig, readImageConfig } from '../../core/image/image-config'
import { type ImageIndex, makeImageIndex } from '../../core/image/image-index'
import type { LayerTable } from '../../core/image/layer-table'
import { archiveProblem, readHeader } from '../../core/image/tar/header'
import { TarSplitReader } from '../../core/image/tar-split'
import { absentIs404, drain, type EngineClient } from '../docker/client'
import { mapLimited } from '../map-limited'

/** Says why this engine's layer metadata cannot be read; the caller takes another source. */
export class TarSplitUnavailable extends Error {}

const mountPoint = '/.cutaway'
const mostRequests = 6

/**
 * Indexes images without exporting them: a graphdriver engine keeps each layer's tar headers and the checksum of every file, and
 * gives them out through a container that is created with that folder mounted read-only, never started, and removed in every case.
 * Throws TarSplitUnavailable where the engine keeps none or forbids it.
 */
export async function readByTarSplit(
  client: EngineClient,
  imageIds: readonly string[],
  { signal }: { readonly signal: AbortSignal },
): Promise<ImageIndex[]> {
  const folder = await metadataFolder(client)
  const container = await createHelper(client, imageIds[0]!, folder)
  const read = (path: string): Promise<Buffer> => readFile(client, container, `${mountPoint}/${path}`, signal)
  let removal: Promise<unknown> | undefined
  // Also after a cancel: the request must not carry the signal.
  const remove = (): Promise<unknown> =>
    (removal ??= client
      .stream({ method: 'DELETE', path: `/containers/${container}`, query: { force: 'true' } })
      .then(drain, absentIs404))
  try {
    const chains = await Promise.all(imageIds.map(async (id) => chainIds(await diffIdsOf(client, id))))
    // Layers that two images share are read once.
    const unique = [...new Set(chains.flat())]
    let left = unique.length + imageIds.length
    const readOnce = async (path: string): Promise<Buffer> => {
      const file = await read(path)
      // The engine removes the container while the last metadata is decoded.
      if (--left === 0) remove().catch(() => undefined)
      return file
    }
    const [tables, configs] = await Promise.all([
      mapLimited(unique, mostRequests, async (id) =>
        readLayer(await readOnce(`layerdb/sha256/${hexOf(id)}/tar-split.json.gz`)),
      ),
      mapLimited(imageIds, mostRequests, async (id) =>
        readConfig(await readOnce(`imagedb/content/sha256/${hexOf(id)}`)),
      ),
    ])
    const tableOf = new Map(unique.map((chainId, at) => [chainId, tables[at]!]))
    return imageIds.map((imageId, at) =>
      makeImageIndex({
        imageId,
        source: 'tar-split',
        config: configs[at]!,
        tables: chains[at]!.map((chainId) => tableOf.get(chainId)!),
      }),
    )
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

const readConfig = (json: Buffer): ImageConfig => readImageConfig(JSON.parse(json.toString('utf8')))

const hexOf = (digest: string): string => digest.replace(/^sha256:/, '')

async function diffIdsOf(client: EngineClient, imageId: string): Promise<readonly string[]> {
  const image = await client.inspectImage(imageId)
  if (image === undefined) throw new EngineError({ code: 'image-missing', reference: imageId })
  return image.diffIds
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
