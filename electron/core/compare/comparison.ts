import type { ImageIndex } from '../image/image-index'
import { change, type JoinedTree, makeUnionTree, type UnionTree } from './union-tree'

export interface ChangeTotals {
  readonly bytes: number
  readonly entries: number
}

export interface ComparisonSummary {
  /** Present on both sides with the same content, type, link target, mode and owner. */
  readonly kept: ChangeTotals
  readonly removed: ChangeTotals
  readonly added: ChangeTotals
  readonly changed: { readonly beforeBytes: number; readonly afterBytes: number; readonly entries: number }
  /** before / after, of the unpacked bytes; undefined when after is empty. */
  readonly ratio: number | undefined
}

export interface Comparison {
  readonly before: ImageIndex
  readonly after: ImageIndex
  readonly tree: JoinedTree
  readonly summary: ComparisonSummary
}

export function compareImages(before: ImageIndex, after: ImageIndex): Comparison {
  const tree = makeUnionTree(before.rootfs, after.rootfs)
  return { before, after, tree, summary: summarise(tree, before, after) }
}

function summarise(tree: UnionTree, before: ImageIndex, after: ImageIndex): ComparisonSummary {
  const beforeOwn = ownBytes(tree, tree.beforeBytes)
  const afterOwn = ownBytes(tree, tree.afterBytes)
  const bytes = { before: [0, 0, 0, 0], after: [0, 0, 0, 0] }
  const entries = [0, 0, 0, 0]
  for (let node = 1; node < tree.change.length; node++) {
    const kind = tree.change[node]!
    entries[kind]!++
    bytes.before[kind]! += beforeOwn[node]!
    bytes.after[kind]! += afterOwn[node]!
  }
  return {
    kept: { bytes: bytes.before[change.kept]!, entries: entries[change.kept]! },
    removed: { bytes: bytes.before[change.removed]!, entries: entries[change.removed]! },
    added: { bytes: bytes.after[change.added]!, entries: entries[change.added]! },
    changed: {
      beforeBytes: bytes.before[change.changed]!,
      afterBytes: bytes.after[change.changed]!,
      entries: entries[change.changed]!,
    },
    ratio: after.unpackedBytes === 0 ? undefined : before.unpackedBytes / after.unpackedBytes,
  }
}

/** Bytes of each node without what is below it. */
function ownBytes(tree: UnionTree, totals: Float64Array): Float64Array {
  const own = totals.slice()
  for (let node = 1; node < own.length; node++) own[tree.parent[node]!]! -= totals[node]!
  return own
}
