import type { Column } from '../columns'
import {
  type Growable,
  growableFloat64,
  growableInt32,
  growableUint8,
  growableUint16,
  growableUint32,
} from './growable'
import { PathTree } from './path-tree'
import { archiveProblem } from './tar/header'
import type { TarEntry, TarSink } from './tar/scanner'

/** What a node of a layer is. `absent`: only a whiteout names it. `impliedFolder`: never listed, but has children. */
export const entryKind = {
  absent: 0,
  impliedFolder: 1,
  folder: 2,
  file: 3,
  symlink: 4,
  hardLink: 5,
  characterDevice: 6,
  blockDevice: 7,
  fifo: 8,
} as const
export type EntryKind = (typeof entryKind)[keyof typeof entryKind]

export const isFolder = (kind: number): boolean => kind === entryKind.folder || kind === entryKind.impliedFolder

export const entryFlag = { whiteout: 1, opaque: 2 } as const

/** A layer's changeset in columns; index 0 is its root, parents come before children. */
export interface LayerTable {
  /** Members of the layer's tar, whiteouts included. */
  readonly entries: number
  /** Sum of content over all members, also of those that a later duplicate replaced. */
  readonly unpackedBytes: number
  readonly names: readonly string[]
  readonly parent: Int32Array
  readonly nameId: Int32Array
  readonly kind: Uint8Array
  readonly flags: Uint8Array
  readonly contentBytes: Float64Array
  readonly mode: Uint16Array
  readonly uid: Uint32Array
  readonly gid: Uint32Array
  readonly mtime: Float64Array
  /** For a symlink an index into linkTargets; for a hard link the node with the content, -1 when the layer lacks it. */
  readonly link: Int32Array
  readonly linkTargets: readonly string[]
  /** CRC-64/ISO of the content, two halves per node (high, low); 0 for anything but files with content. */
  readonly checksum: Uint32Array
  readonly xattrs: ReadonlyMap<number, ReadonlyMap<string, string>>
}

/** Gives the CRC-64/ISO of one file's content at a time. */
export interface Checksum {
  update(chunk: Uint8Array, from: number, to: number): void
  /** [high, low] of all since the last call. */
  take(): readonly [number, number]
}

const whiteoutPrefix = '.wh.'
const opaqueName = '.wh..wh..opq'
const kindByType: Readonly<Record<string, EntryKind>> = {
  '0': entryKind.file,
  '7': entryKind.file,
  S: entryKind.file,
  '1': entryKind.hardLink,
  '2': entryKind.symlink,
  '3': entryKind.characterDevice,
  '4': entryKind.blockDevice,
  '5': entryKind.folder,
  '6': entryKind.fifo,
}

// Far above any real layer. A few megabytes that are compressed well can hold any number of paths, and names of any length.
const mostPaths = 8_000_000
const mostText = 256 << 20

/** Collects the entries of one layer as a TarScanner finds them (https://github.com/opencontainers/image-spec/blob/main/layer.md). */
export class LayerTableBuilder implements TarSink {
  readonly #tree = new PathTree()
  readonly #checksum: Checksum
  readonly #kind = growableUint8()
  readonly #flags = growableUint8()
  readonly #contentBytes = growableFloat64()
  readonly #mode = growableUint16()
  readonly #uid = growableUint32()
  readonly #gid = growableUint32()
  readonly #mtime = growableFloat64()
  readonly #link = growableInt32()
  readonly #checksums = growableUint32()
  readonly #zeroColumns: readonly Growable<Column>[] = [
    this.#kind,
    this.#flags,
    this.#contentBytes,
    this.#mode,
    this.#uid,
    this.#gid,
    this.#mtime,
  ] as never
  readonly #linkTargets: string[] = []
  readonly #xattrs = new Map<number, ReadonlyMap<string, string>>()
  #entries = 0
  #unpackedBytes = 0
  #current = 0
  /** Letters in names, link targets and attributes. */
  #textLength = 0
  #namesCounted = 0
  #lastFolder = { path: '', node: 0 }

  constructor(checksum: Checksum) {
    this.#checksum = checksum
    this.#extend()
    this.#kind.values[0] = entryKind.impliedFolder
  }

  entry(entry: TarEntry): void {
    this.#entries++
    this.#current = -1
    const path = withoutSlashes(entry.name)
    const slash = path.lastIndexOf('/')
    const name = path.slice(slash + 1)
    const folder = this.#folder(slash < 0 ? '' : path.slice(0, slash))
    if (name === opaqueName) this.#flags.values[folder]! |= entryFlag.opaque
    else if (name.startsWith('.wh..wh.')) return
    else if (name.startsWith(whiteoutPrefix))
      this.#flags.values[this.#child(folder, name.slice(whiteoutPrefix.length))]! |= entryFlag.whiteout
    else this.#set(name === '' || name === '.' || name === '..' ? folder : this.#child(folder, name), entry)
  }

  content(chunk: Uint8Array, from: number, to: number): void {
    if (this.#current >= 0) this.#checksum.update(chunk, from, to)
  }

  entryEnd(): void {
    if (this.#current < 0 || this.#contentBytes.values[this.#current] === 0) return
    const [high, low] = this.#checksum.take()
    this.setChecksum(high, low)
  }

  /** Sets the checksum of the last entry, for sources that know it without reading the content. */
  setChecksum(high: number, low: number): void {
    if (this.#current < 0) return
    this.#checksums.values[this.#current * 2] = high
    this.#checksums.values[this.#current * 2 + 1] = low
  }

  finish(): LayerTable {
    const kind = this.#kind.finish()
    const link = this.#link.finish()
    for (let node = 0; node < kind.length; node++)
      if (kind[node] === entryKind.hardLink) link[node] = this.#contentNode(link[node]!, kind)
    return {
      entries: this.#entries,
      unpackedBytes: this.#unpackedBytes,
      names: this.#tree.names,
      parent: this.#tree.parent.finish(),
      nameId: this.#tree.nameId.finish(),
      kind,
      flags: this.#flags.finish(),
      contentBytes: this.#contentBytes.finish(),
      mode: this.#mode.finish(),
      uid: this.#uid.finish(),
      gid: this.#gid.finish(),
      mtime: this.#mtime.finish(),
      link,
      linkTargets: this.#linkTargets,
      checksum: this.#checksums.finish(),
      xattrs: this.#xattrs,
    }
  }

  #set(node: number, entry: TarEntry): void {
    const kind = node === 0 ? entryKind.folder : (kindByType[entry.type] ?? entryKind.file)
    const bytes = kind === entryKind.file ? entry.contentBytes : 0
    this.#unpackedBytes += bytes
    this.#current = node
    this.#kind.values[node] = kind
    this.#contentBytes.values[node] = bytes
    this.#mode.values[node] = entry.mode
    this.#uid.values[node] = entry.uid
    this.#gid.values[node] = entry.gid
    this.#mtime.values[node] = entry.mtime
    this.setChecksum(0, 0)
    const isLink = kind === entryKind.symlink || kind === entryKind.hardLink
    if (isLink) this.#textLength += entry.linkName.length
    for (const [name, value] of entry.xattrs) this.#textLength += name.length + value.length
    this.#link.values[node] = isLink ? this.#linkTargets.push(entry.linkName) - 1 : -1
    if (entry.xattrs.size > 0) this.#xattrs.set(node, entry.xattrs)
    else this.#xattrs.delete(node)
  }

  /** Follows a hard link (an index into linkTargets) to the file of this layer that has the content. */
  #contentNode(target: number, kind: Uint8Array): number {
    let index = target
    for (let hops = 0; hops < 64; hops++) {
      const node = this.#tree.findPath(this.#linkTargets[index] ?? '')
      if (node < 0 || kind[node] === entryKind.absent) return -1
      if (kind[node] !== entryKind.hardLink) return node
      index = this.#link.values[node]!
    }
    return -1
  }

  #folder(path: string): number {
    if (path !== this.#lastFolder.path) {
      const node = this.#tree.addPath(path)
      this.#extend()
      for (let at = node; at > 0; at = this.#tree.parent.values[at]!)
        if (this.#kind.values[at] === entryKind.absent) this.#kind.values[at] = entryKind.impliedFolder
      this.#lastFolder = { path, node }
    }
    return this.#lastFolder.node
  }

  #child(folder: number, name: string): number {
    const node = this.#tree.findOrAdd(folder, this.#tree.internName(name))
    this.#extend()
    return node
  }

  #extend(): void {
    const { size, names } = this.#tree
    for (; this.#namesCounted < names.length; this.#namesCounted++)
      this.#textLength += names[this.#namesCounted]!.length
    if (size > mostPaths) throw archiveProblem(`a layer has more than ${mostPaths / 1e6} million paths`)
    if (this.#textLength > mostText) throw archiveProblem('the names and attributes in a layer are too long')
    if (this.#kind.length === size) return
    for (const column of this.#zeroColumns) column.extend(size, 0)
    this.#checksums.extend(2 * size, 0)
    this.#link.extend(size, -1)
  }
}

/** A folder's name ends with a slash in a tar. */
function withoutSlashes(name: string): string {
  let end = name.length
  while (end > 0 && name.charCodeAt(end - 1) === 0x2f) end--
  return end === name.length ? name : name.slice(0, end)
}
