import { createReadStream } from 'node:fs'
import { Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { gunzipSync } from 'node:zlib'
import tar from 'tar-stream'
import { entryFlag, entryKind, type LayerTable } from '../../electron/core/image/layer-table'
import { nodePath } from '../../electron/core/image/path-tree'
import { asReplaced, type Listing } from './rootfs-listing'

interface ReadMember {
  readonly header: tar.Header
  readonly body: Buffer
}

/** All members of a tar, read by another library than ours. */
async function members(stream: Readable): Promise<ReadMember[]> {
  const extract = tar.extract()
  const found: ReadMember[] = []
  extract.on('entry', (header, body, next) => {
    const chunks: Buffer[] = []
    body.on('data', (chunk) => chunks.push(chunk as Buffer))
    body.on('end', () => {
      found.push({ header, body: Buffer.concat(chunks) })
      next()
    })
  })
  await pipeline(stream, extract as unknown as Writable)
  return found
}

/** The layers, unpacked, of the image that a docker-archive holds under this tag, lowest first. */
export async function layersOfArchive(archive: string, tag: string): Promise<Buffer[]> {
  const outer = new Map((await members(createReadStream(archive))).map(({ header, body }) => [header.name, body]))
  const images: { RepoTags: string[] | null; Layers: string[] }[] = JSON.parse(outer.get('manifest.json')!.toString())
  const image = images.find(({ RepoTags }) => RepoTags?.some((each) => each.endsWith(tag)))!
  return image.Layers.map((path) => {
    const bytes = outer.get(path)!
    return bytes[0] === 0x1f ? gunzipSync(bytes) : bytes
  })
}

/** What `tar -tv` says of each of them. */
export async function listLayers(archive: string, tag: string): Promise<Listing[]> {
  return Promise.all(
    (await layersOfArchive(archive, tag)).map(async (layer) => {
      const found = await members(Readable.from(pieces(layer)))
      return Object.fromEntries(found.map(({ header }) => listMember(header)))
    }),
  )
}

function* pieces(bytes: Buffer): Iterable<Buffer> {
  for (let at = 0; at < bytes.length; at += 1 << 20) yield bytes.subarray(at, at + (1 << 20))
}

const clean = (path: string): string => path.replace(/^(\.?\/)+|\/+$/g, '')

function listMember({ name, type, size, mode, uid, gid, mtime, linkname }: tar.Header): [string, string] {
  const path = clean(name)
  if (/(^|\/)\.wh\./.test(path)) return [path, 'whiteout']
  const what = type === 'file' ? size : type === 'symlink' ? linkname : type === 'link' ? clean(linkname ?? '') : ''
  const seconds = Math.floor((mtime?.getTime() ?? 0) / 1000)
  return [path, `${type} ${what} ${((mode ?? 0) & 0o7777).toString(8)} ${uid}:${gid} ${seconds}`]
}

const typeNames: Readonly<Record<number, string>> = {
  [entryKind.folder]: 'directory',
  [entryKind.file]: 'file',
  [entryKind.symlink]: 'symlink',
  [entryKind.hardLink]: 'link',
  [entryKind.characterDevice]: 'character-device',
  [entryKind.blockDevice]: 'block-device',
  [entryKind.fifo]: 'fifo',
}

/** The same of our table. */
export function listTable(table: LayerTable): Listing {
  const found: Record<string, string> = {}
  for (let node = 0; node < table.kind.length; node++) {
    const path = asReplaced(nodePath(table, node))
    const slash = path.lastIndexOf('/') + 1
    if (table.flags[node]! & entryFlag.whiteout) found[`${path.slice(0, slash)}.wh.${path.slice(slash)}`] = 'whiteout'
    if (table.flags[node]! & entryFlag.opaque) found[clean(`${path}/.wh..wh..opq`)] = 'whiteout'
    const type = typeNames[table.kind[node]!]
    if (type === undefined || (node === 0 && table.kind[0] !== entryKind.folder)) continue
    const link = table.link[node]!
    const what = { file: table.contentBytes[node], symlink: table.linkTargets[link], link: linkedPath(table, link) }[
      type
    ]
    const owner = `${table.uid[node]}:${table.gid[node]}`
    found[path] = `${type} ${what ?? ''} ${table.mode[node]!.toString(8)} ${owner} ${table.mtime[node]}`
  }
  return found
}

const linkedPath = (table: LayerTable, node: number): string => (node < 0 ? '?' : nodePath(table, node))
