import type { BaseImage } from '../image/base-image'
import type { ImageIndex } from '../image/image-index'
import { entryKind } from '../image/layer-table'
import { nodePath } from '../image/path-tree'
import { contentNode, type Rootfs } from '../image/rootfs'
import { displayName } from '../utf8'
import type { Comparison, ComparisonSummary } from './comparison'
import { wasteTotals } from './waste'

/** An image without its index: what fits into a message. */
export interface ImageFacts {
  readonly imageId: string
  readonly source: string
  readonly unpackedBytes: number
  readonly visibleBytes: number
  readonly entries: number
  /** Stored in some layer and seen by no container. */
  readonly wastedBytes: number
  readonly efficiency: number
  /** Sum of the layers as a registry stores them, where the source has them compressed. */
  readonly transferBytes: number | null
  /** On the engine's disk, shared layers counted; null for an image from a file. */
  readonly diskBytes: number | null
  /** The image it was built on, where the engine has that too. */
  readonly base: BaseImage | null
  readonly layers: readonly LayerFacts[]
}

export interface LayerFacts {
  readonly diffId: string
  readonly unpackedBytes: number
  readonly entries: number
  readonly createdBy: string
}

export interface ComparisonFacts {
  readonly before: ImageFacts
  readonly after: ImageFacts
  readonly summary: ComparisonSummary
}

/** One path on one side, as a person asks for it. */
export interface EntryFacts {
  readonly kind: 'file' | 'folder' | 'symlink' | 'device' | 'fifo'
  readonly contentBytes: number
  /** As `ls -l` prints it: "0755". */
  readonly mode: string
  readonly uid: number
  readonly gid: number
  /** Seconds since 1970. */
  readonly mtime: number
  readonly linkTarget: string | undefined
  /** Position among the image's layers, lowest 0; undefined for a folder that no layer lists. */
  readonly layer: number | undefined
  /** CRC-64/ISO in hex, of files with content. */
  readonly checksum: string | undefined
}

export interface EntryDetail {
  readonly path: string
  readonly before: EntryFacts | undefined
  readonly after: EntryFacts | undefined
}

export function imageFacts(image: ImageIndex): ImageFacts {
  const { wastedBytes, efficiency } = wasteTotals(image.rootfs)
  return {
    wastedBytes,
    efficiency,
    imageId: image.imageId,
    source: image.source,
    unpackedBytes: image.unpackedBytes,
    visibleBytes: image.rootfs.visibleBytes,
    transferBytes: image.transferBytes ?? null,
    diskBytes: image.engine?.diskBytes ?? null,
    base: image.engine?.base ?? null,
    entries: image.rootfs.entries,
    layers: image.layers.map(({ diffId, createdBy, table }) => ({
      diffId,
      createdBy,
      unpackedBytes: table.unpackedBytes,
      entries: table.entries,
    })),
  }
}

export function comparisonFacts({ before, after, summary }: Comparison): ComparisonFacts {
  return { before: imageFacts(before), after: imageFacts(after), summary }
}

/** Both sides of one node of the union tree. */
export function entryDetail({ before, after, tree }: Comparison, node: number): EntryDetail {
  return {
    path: `/${displayName(nodePath(tree, node))}`,
    before: entryFacts(before.rootfs, tree.beforeNode[node] ?? -1),
    after: entryFacts(after.rootfs, tree.afterNode[node] ?? -1),
  }
}

const kindNames: Readonly<Record<number, EntryFacts['kind']>> = {
  [entryKind.impliedFolder]: 'folder',
  [entryKind.folder]: 'folder',
  [entryKind.symlink]: 'symlink',
  [entryKind.characterDevice]: 'device',
  [entryKind.blockDevice]: 'device',
  [entryKind.fifo]: 'fifo',
}

function entryFacts(rootfs: Rootfs, node: number): EntryFacts | undefined {
  if (node < 0) return undefined
  const layer = rootfs.layer[node]!
  const table = rootfs.layers[layer]
  const kind = kindNames[rootfs.kind[node]!] ?? 'file'
  const none = { contentBytes: 0, mode: '0755', uid: 0, gid: 0, mtime: 0, linkTarget: undefined, checksum: undefined }
  if (table === undefined) return { kind, ...none, layer: undefined }
  const at = rootfs.layerNode[node]!
  const content = contentNode(rootfs, node)
  const hasChecksum = kind === 'file' && content >= 0 && table.contentBytes[content]! > 0
  return {
    kind,
    contentBytes: content >= 0 ? table.contentBytes[content]! : 0,
    mode: table.mode[at]!.toString(8).padStart(4, '0'),
    uid: table.uid[at]!,
    gid: table.gid[at]!,
    mtime: table.mtime[at]!,
    linkTarget: kind === 'symlink' ? displayName(table.linkTargets[table.link[at]!] ?? '') : undefined,
    layer,
    checksum: hasChecksum ? hex(table.checksum[content * 2]!) + hex(table.checksum[content * 2 + 1]!) : undefined,
  }
}

const hex = (half: number): string => half.toString(16).padStart(8, '0')
