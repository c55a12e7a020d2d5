import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { EngineError } from '../../core/failure'
import { type ImageConfig, readImageConfig } from '../../core/image/image-config'
import { type ImageIndex, makeImageIndex } from '../../core/image/image-index'
import type { LayerTable } from '../../core/image/layer-table'
import { archiveProblem, readHeader } from '../../core/image/tar/header'
import { type TarSplitLine, TarSplitReader } from '../../core/image/tar-split'
import { absentIs404, drain, type EngineClient } from '../docker/client'
import { mapLimited } from '../map-limited'

/** Says why this engine's layer metadata cannot be read; the caller takes another source. */
export class TarSplitUnavailable extends Error {}

const mountPoint = '/.cutaway'
const mostRequests = 6
const inflate = promisify(gunzip)

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

/** The lines of an unpacked tar-split file; throws archive-invalid for anything else. */
export function* tarSplitLines(json: Buffer): Generator<TarSplitLine> {
  for (let from = 0; from < json.length; ) {
    const end = json.indexOf(lineFeed, from)
    const to = end < 0 ? json.length : end
    const line = to > from ? (readSegment(json, from, to) ?? readLine(json.toString('latin1', from, to))) : undefined
    if (line) yield line
    from = to + 1
  }
}

const lineFeed = 0x0a
const quote = 0x22
const segmentStart = Buffer.from('{"type":2,"payload":"')

/** Half of all lines are segments as engines write them; these need no JSON parser. Anything else is left to it. */
function readSegment(json: Buffer, from: number, to: number): TarSplitLine | undefined {
  const payload = from + segmentStart.length
  if (json.compare(segmentStart, 0, segmentStart.length, from, Math.min(payload, to)) !== 0) return undefined
  const end = json.indexOf(quote, payload)
  if (end < 0 || end > to) return undefined
  return { kind: 'segment', bytes: Buffer.from(json.toString('latin1', payload, end), 'base64') }
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

async function readLayer(gzip: Buffer): Promise<LayerTable> {
  const reader = new TarSplitReader()
  for (const line of tarSplitLines(await inflate(gzip))) reader.push(line)
  return reader.finish()
}

interface JsonLine {
  readonly type?: number
  readonly size?: number
  readonly payload?: string | null
}

function readLine(text: string): TarSplitLine | undefined {
  const { type, size, payload } = JSON.parse(text) as JsonLine
  if (type === 2) return { kind: 'segment', bytes: Buffer.from(payload ?? '', 'base64') }
  if (type !== 1) throw archiveProblem('the layer metadata has a line of unknown type')
  const checksum = Buffer.from(payload ?? '', 'base64')
  if (!size) return undefined
  if (checksum.length !== 8) throw archiveProblem('the layer metadata has a bad checksum')
  return { kind: 'checksum', high: checksum.readUInt32BE(0), low: checksum.readUInt32BE(4) }
}
