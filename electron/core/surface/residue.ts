import { hiddenFiles } from '../image/hidden-files'
import type { ImageIndex } from '../image/image-index'
import { nodePath } from '../image/path-tree'
import { displayName } from '../utf8'
import { secretByName } from './secrets'

/** A file that no container sees, and that anyone with the image can still read from its layer. */
export interface ResidueFile {
  readonly path: string
  readonly contentBytes: number
  /** Position among the layers, lowest 0, its place in that layer's table, and what made the layer. */
  readonly layer: number
  readonly node: number
  readonly createdBy: string
  /** What it looks like by its name; null for nothing secret. */
  readonly secret: string | null
  /** Whether the other image has the same content in any of its layers; null where there is none to compare with. */
  readonly isInOther: boolean | null
}

export interface Residue {
  readonly files: number
  readonly bytes: number
  /** Those that look like secrets first, then the largest. */
  readonly list: readonly ResidueFile[]
}

const longestList = 200

/** Files that were deleted or overwritten in a later layer, with proof that the other image does not hold them. */
export function findResidue(image: ImageIndex, other: ImageIndex | undefined): Residue {
  const { rootfs, layers } = image
  const hidden = hiddenFiles(rootfs)
  const bytes = hidden.reduce((sum, { contentBytes }) => sum + contentBytes, 0)
  const named = hidden.map((file) => {
    const path = nodePath(rootfs.layers[file.layer]!, file.node)
    return { ...file, path, secret: secretByName(path) ?? null }
  })
  named.sort(
    (a, b) =>
      Number(b.secret !== null) - Number(a.secret !== null) ||
      b.contentBytes - a.contentBytes ||
      (a.path < b.path ? -1 : 1),
  )
  const list = named.slice(0, longestList)
  const held =
    other === undefined
      ? undefined
      : heldContents(
          other,
          list.map(({ checksum }) => checksum),
        )
  return {
    files: hidden.length,
    bytes,
    list: list.map(({ path, contentBytes, layer, node, secret, checksum }) => ({
      path: `/${displayName(path)}`,
      contentBytes,
      layer,
      node,
      createdBy: layers[layer]!.createdBy,
      secret,
      isInOther: held?.has(checksum) ?? null,
    })),
  }
}

/** Which of the checksums some file of the image has, in any layer. */
function heldContents({ rootfs }: ImageIndex, wanted: readonly string[]): Set<string> {
  const left = new Set(wanted)
  const held = new Set<string>()
  for (const { checksum, contentBytes } of rootfs.layers)
    for (let node = 1; node < contentBytes.length; node++) {
      if (contentBytes[node] === 0) continue
      const key = `${checksum[node * 2]}:${checksum[node * 2 + 1]}`
      if (left.has(key)) held.add(key)
    }
  return held
}
