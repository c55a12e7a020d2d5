import { planFetch } from '../../core/image/fetch-plan'
import type { FileInterest, VisibleFile } from '../../core/image/file-interest'
import type { ImageIndex } from '../../core/image/image-index'
import { entryKind } from '../../core/image/layer-table'
import { nodePath, pathParts } from '../../core/image/path-tree'
import { contentNode, type Rootfs } from '../../core/image/rootfs'
import { type TarEntry, TarScanner, type TarSink } from '../../core/image/tar/scanner'
import { fileChunks } from './file-chunks'
import { readHelperFile } from './file-content'
import type { HelperContainer } from './helper-container'
import { scanLayerStream } from './layer-reader'
import type { OpenedArchive } from './open-archive'

/** Files above this are not looked into. */
export const largestFileBytes = 200e6

/** An engine takes some 50 ms for a request, and sends some 300 MB in a second. */
const costs = { requestBytes: 15e6, entryBytes: 3000 }

/** A wanted file by its path, and who wants it. */
type Wanted = Map<string, readonly FileInterest[]>

/** Gives every interest the files that it wants, read through a container that is never started. Throws as readHelperFile does. */
export async function readForInterests(
  helper: HelperContainer,
  { rootfs }: Pick<ImageIndex, 'rootfs'>,
  interests: readonly FileInterest[],
  signal: AbortSignal,
): Promise<void> {
  const { wanted, nodes } = findWanted(rootfs, interests)
  for (const node of planFetch(rootfs, nodes, costs)) {
    const path = nodePath(rootfs, node)
    const folder = path.slice(0, path.lastIndexOf('/') + 1)
    const sink = new InterestSink(wanted, folder)
    const scanner = new TarScanner(sink)
    for await (const chunk of await helper.archive(`/${path}`)) {
      scanner.push(chunk)
      await sink.deliver()
    }
  }
  // A name of a file with several: its content came, or not, under another one.
  for (const [path, takers] of wanted) {
    const { bytes } = await readHelperFile(helper, { path: `/${path}`, limitBytes: largestFileBytes, signal })
    for (const taker of takers) await taker.take(path, bytes)
  }
}

/** The same from a saved image: each layer that has something wanted is read once. Throws archive-invalid, cancelled. */
export async function readArchiveForInterests(
  { index, locations }: OpenedArchive,
  interests: readonly FileInterest[],
  signal: AbortSignal,
): Promise<void> {
  const { rootfs } = index
  const { wanted, nodes } = findWanted(rootfs, interests)
  const byLayer = new Map<number, Wanted>()
  for (let node = 1; node < nodes.length; node++) {
    const layer = rootfs.layer[node]!
    if (nodes[node] !== 1) continue
    const ofLayer: Wanted = byLayer.get(layer) ?? new Map()
    const stored = nodePath(rootfs.layers[layer]!, contentNode(rootfs, node))
    ofLayer.set(stored, wanted.get(nodePath(rootfs, node))!)
    byLayer.set(layer, ofLayer)
  }
  for (const [layer, ofLayer] of byLayer) {
    const { file, offset, storedBytes } = locations[layer]!
    const sink = new InterestSink(ofLayer, '')
    await scanLayerStream(delivering(fileChunks(file, { offset, length: storedBytes, signal }), sink), sink)
    await sink.deliver()
  }
}

async function* delivering(chunks: AsyncIterable<Uint8Array>, sink: InterestSink): AsyncIterable<Uint8Array> {
  for await (const chunk of chunks) {
    yield chunk
    await sink.deliver()
  }
}

function findWanted(rootfs: Rootfs, interests: readonly FileInterest[]): { wanted: Wanted; nodes: Uint8Array } {
  const wanted: Wanted = new Map()
  const nodes = new Uint8Array(rootfs.parent.length)
  let folder = { node: -1, path: '' }
  for (let node = 1; node < nodes.length; node++) {
    const contentBytes = rootfs.contentBytes[node]!
    if (rootfs.kind[node] !== entryKind.file || contentBytes === 0 || contentBytes > largestFileBytes) continue
    const parent = rootfs.parent[node]!
    // Files of one folder mostly follow each other, and a path is long to spell.
    if (parent !== folder.node) folder = { node: parent, path: parent === 0 ? '' : `${nodePath(rootfs, parent)}/` }
    const file = visibleFile(rootfs, node, folder.path)
    const takers = interests.filter((interest) => interest.wants(file))
    if (takers.length === 0) continue
    nodes[node] = 1
    wanted.set(file.path, takers)
  }
  return { wanted, nodes }
}

function visibleFile(rootfs: Rootfs, node: number, folder: string): VisibleFile {
  const name = rootfs.names[rootfs.nameId[node]!]!
  return {
    name,
    path: folder + name,
    contentBytes: rootfs.contentBytes[node]!,
    isExecutable: (rootfs.layers[rootfs.layer[node]!]!.mode[rootfs.layerNode[node]!]! & 0o111) !== 0,
  }
}

/** Keeps the content of wanted files until they are delivered. */
class InterestSink implements TarSink {
  readonly #wanted: Wanted
  readonly #folder: string
  #ready: { readonly path: string; readonly parts: readonly Uint8Array[] }[] = []
  #path: string | undefined
  #parts: Uint8Array[] = []

  /** `folder`: where the names of the tar count from; '' or with a slash at the end. */
  constructor(wanted: Wanted, folder: string) {
    this.#wanted = wanted
    this.#folder = folder
  }

  entry({ name, type }: TarEntry): void {
    const path = this.#folder + pathParts(name).join('/')
    this.#path = type !== '1' && type !== '2' && this.#wanted.has(path) ? path : undefined
    this.#parts = []
  }

  content(chunk: Uint8Array, from: number, to: number): void {
    if (this.#path !== undefined) this.#parts.push(new Uint8Array(chunk.subarray(from, to))) // a copy: the chunk is used again
  }

  entryEnd(): void {
    if (this.#path !== undefined) this.#ready.push({ path: this.#path, parts: this.#parts })
    this.#path = undefined
  }

  async deliver(): Promise<void> {
    for (const { path, parts } of this.#ready.splice(0)) {
      const bytes = Buffer.concat(parts)
      for (const taker of this.#wanted.get(path) ?? []) await taker.take(path, bytes)
      this.#wanted.delete(path)
    }
  }
}
