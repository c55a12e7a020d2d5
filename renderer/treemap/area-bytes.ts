import type { UnionTree } from '../../electron/core/compare/union-tree'

const known = new WeakMap<UnionTree, Float64Array>()

/**
 * What each node's area stands for where both images are drawn: a file's larger side, a folder's sum of that. A folder's own larger side
 * would be less than what its files need as soon as some are larger before and others after, and area would lie.
 */
export function areaBytes(tree: UnionTree): Float64Array {
  const made = known.get(tree)
  if (made) return made
  const { parent, beforeBytes, afterBytes } = tree
  const bytes = new Float64Array(parent.length)
  // A path can be a file on one side and a folder on the other: then it has bytes of its own.
  const before = beforeBytes.slice()
  const after = afterBytes.slice()
  for (let node = bytes.length - 1; node > 0; node--) {
    bytes[node]! += Math.max(before[node]!, after[node]!)
    const above = parent[node]!
    bytes[above]! += bytes[node]!
    before[above]! -= beforeBytes[node]!
    after[above]! -= afterBytes[node]!
  }
  known.set(tree, bytes)
  return bytes
}
