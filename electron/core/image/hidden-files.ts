import { entryKind } from './layer-table'
import { contentNode, type Rootfs } from './rootfs'

/** A file with content that some layer stores and no container sees. */
export interface HiddenFile {
  readonly layer: number
  /** In that layer's table. */
  readonly node: number
  readonly contentBytes: number
  /** Both halves of its checksum, as text. */
  readonly checksum: string
}

/** Judges every stored file: visible in the rootfs, or hidden by a whiteout, a newer copy, or a change of type above it. */
export function hiddenFiles(rootfs: Rootfs): HiddenFile[] {
  const visible = visibleContent(rootfs)
  return rootfs.layers.flatMap((table, layer) => {
    const found: HiddenFile[] = []
    for (let node = 1; node < table.kind.length; node++) {
      const contentBytes = table.contentBytes[node]!
      if (table.kind[node] !== entryKind.file || visible[layer]![node] || contentBytes === 0) continue
      const checksum = `${table.checksum[node * 2]}:${table.checksum[node * 2 + 1]}`
      found.push({ layer, node, contentBytes, checksum })
    }
    return found
  })
}

/** For each layer which of its nodes hold content that is seen, under its own name or a hard link's. */
function visibleContent(rootfs: Rootfs): Uint8Array[] {
  const marks = rootfs.layers.map((table) => new Uint8Array(table.kind.length))
  for (let node = 1; node < rootfs.kind.length; node++) {
    if (rootfs.kind[node] !== entryKind.file) continue
    const content = contentNode(rootfs, node)
    if (content >= 0) marks[rootfs.layer[node]!]![content] = 1
  }
  return marks
}
