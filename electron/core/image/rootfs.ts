import { type Growable, growableInt32, growableUint8 } from './growable'
import { entryFlag, entryKind, isFolder, type LayerTable } from './layer-table'
import { PathTree } from './path-tree'

/** The files a container of the image starts with, in columns; each node knows the layer and layer node it comes from. */
export interface Rootfs {
  readonly layers: readonly LayerTable[]
  readonly names: readonly string[]
  readonly parent: Int32Array
  readonly nameId: Int32Array
  /** Provenance: index into layers; -1 for a folder that no layer lists. */
  readonly layer: Int32Array
  readonly layerNode: Int32Array
  /** An EntryKind; hard links appear as the file they name. */
  readonly kind: Uint8Array
  /** Content of regular files; a file with several names counts at the first one only. */
  readonly contentBytes: Float64Array
  /** Everything but the root itself. */
  readonly entries: number
  readonly visibleBytes: number
}

/** Stacks changesets, lowest first, as the engine does: whiteouts hide lower layers only, whatever their order. */
export function mergeLayers(layers: readonly LayerTable[]): Rootfs {
  const merge = new Merge()
  layers.forEach((table, index) => {
    merge.apply(table, index)
  })
  return merge.finish(layers)
}

const dead = entryKind.absent

class Merge {
  readonly #tree = new PathTree()
  readonly #kind: Growable<Uint8Array> = growableUint8()
  readonly #layer = growableInt32()
  readonly #layerNode = growableInt32()
  readonly #firstChild = growableInt32()
  readonly #nextSibling = growableInt32()

  constructor() {
    this.#extend()
    this.#kind.values[0] = entryKind.impliedFolder
  }

  apply(table: LayerTable, layer: number): void {
    const nameIds = table.names.map((name) => this.#tree.internName(name))
    const place = new Int32Array(table.kind.length).fill(-1)
    place[0] = 0
    this.#hideLower(table, nameIds, place)
    if (table.kind[0] === entryKind.folder) this.#set(0, entryKind.folder, layer, 0)
    for (let node = 1; node < table.kind.length; node++) {
      const kind = table.kind[node]!
      const parent = place[table.parent[node]!]!
      if (kind === entryKind.absent || parent < 0 || !isFolder(this.#kind.values[parent]!)) {
        place[node] = -1
        continue
      }
      place[node] = this.#add(parent, nameIds[table.nameId[node]!]!, kind, layer, node)
    }
  }

  finish(layers: readonly LayerTable[]): Rootfs {
    const renumbered = new Int32Array(this.#tree.size).fill(-1)
    let count = 0
    for (let node = 0; node < this.#tree.size; node++) if (this.#kind.values[node] !== dead) renumbered[node] = count++
    const columns = {
      parent: new Int32Array(count),
      nameId: new Int32Array(count),
      layer: new Int32Array(count),
      layerNode: new Int32Array(count),
      kind: new Uint8Array(count),
    }
    for (let node = 0; node < this.#tree.size; node++) {
      const at = renumbered[node]!
      if (at < 0) continue
      columns.parent[at] = node === 0 ? -1 : renumbered[this.#tree.parent.values[node]!]!
      columns.nameId[at] = this.#tree.nameId.values[node]!
      columns.layer[at] = this.#layer.values[node]!
      columns.layerNode[at] = this.#layerNode.values[node]!
      columns.kind[at] = this.#kind.values[node]!
    }
    const contentBytes = countContentOnce(layers, columns)
    return {
      layers,
      names: this.#tree.names,
      ...columns,
      contentBytes,
      entries: count - 1,
      visibleBytes: contentBytes.reduce((sum, bytes) => sum + bytes, 0),
    }
  }

  #hideLower(table: LayerTable, nameIds: readonly number[], place: Int32Array): void {
    for (let node = 0; node < table.kind.length; node++) {
      if (node > 0) {
        const parent = place[table.parent[node]!]!
        place[node] = parent < 0 ? -1 : this.#tree.find(parent, nameIds[table.nameId[node]!]!)
      }
      const flags = table.flags[node]!
      if (flags === 0 || place[node]! < 0) continue
      if (flags & entryFlag.whiteout) this.#kill(place[node]!)
      else this.#killChildren(place[node]!)
    }
  }

  #add(parent: number, nameId: number, kind: number, layer: number, layerNode: number): number {
    const known = this.#tree.size
    const node = this.#tree.findOrAdd(parent, nameId)
    if (node === known) this.#extend()
    const before = this.#kind.values[node]!
    if (kind === entryKind.impliedFolder && isFolder(before)) return node
    if (before !== dead && isFolder(before) && !isFolder(kind)) this.#killChildren(node)
    this.#set(node, kind, layer, layerNode)
    return node
  }

  #set(node: number, kind: number, layer: number, layerNode: number): void {
    this.#kind.values[node] = kind
    this.#layer.values[node] = layer
    this.#layerNode.values[node] = layerNode
  }

  #kill(node: number): void {
    this.#killChildren(node)
    if (node !== 0) this.#kind.values[node] = dead
  }

  #killChildren(folder: number): void {
    const stack = [folder]
    for (let at = stack.pop(); at !== undefined; at = stack.pop())
      for (let child = this.#firstChild.values[at]!; child >= 0; child = this.#nextSibling.values[child]!)
        if (this.#kind.values[child] !== dead) {
          this.#kind.values[child] = dead
          stack.push(child)
        }
  }

  /** Gives the tree's newest node its columns and links it to its parent. */
  #extend(): void {
    const node = this.#kind.length
    const parent = this.#tree.parent.values[node]!
    this.#kind.push(dead)
    this.#layer.push(-1)
    this.#layerNode.push(-1)
    this.#firstChild.push(-1)
    this.#nextSibling.push(parent < 0 ? -1 : this.#firstChild.values[parent]!)
    if (parent >= 0) this.#firstChild.values[parent] = node
  }
}

type Places = Pick<Rootfs, 'layer' | 'layerNode' | 'kind'>

/** The layer node that holds the content of a rootfs node: itself, or the file that a hard link names; -1 for none. */
export function contentNode(rootfs: Places & { readonly layers: readonly LayerTable[] }, node: number): number {
  const table = rootfs.layers[rootfs.layer[node]!]
  if (table === undefined) return -1
  const layerNode = rootfs.layerNode[node]!
  return table.kind[layerNode] === entryKind.hardLink ? table.link[layerNode]! : layerNode
}

function countContentOnce(layers: readonly LayerTable[], places: Places): Float64Array {
  const contentBytes = new Float64Array(places.kind.length)
  const hardLinked = layers.map((table) => new Set(table.link.filter((_, at) => table.kind[at] === entryKind.hardLink)))
  const counted = layers.map(() => new Set<number>())
  const rootfs = { ...places, layers }
  for (let node = 0; node < places.kind.length; node++) {
    const kind = places.kind[node]
    if (kind !== entryKind.file && kind !== entryKind.hardLink) continue
    const layer = places.layer[node]!
    const from = contentNode(rootfs, node)
    places.kind[node] = entryKind.file
    if (from < 0) continue
    if (hardLinked[layer]!.has(from)) {
      if (counted[layer]!.has(from)) continue
      counted[layer]!.add(from)
    }
    contentBytes[node] = layers[layer]!.contentBytes[from]!
  }
  return contentBytes
}
