import { change, type UnionTree } from '../../electron/core/compare/union-tree'
import { isFile } from './tree-walk'

/**
 * By how many bytes each node differs: a removed or added file by all of its own, a changed one by the difference of its sizes, a
 * folder by the sum of what is below. In a regrouped tree a file can stand in two groups; it counts in one of them.
 */
export function changeBytes(
  tree: UnionTree,
  regrouped?: { readonly union: UnionTree; readonly origin: Int32Array },
): Float64Array {
  const bytes = new Float64Array(tree.parent.length)
  const counted = new Uint8Array(regrouped ? regrouped.union.parent.length : 0)
  for (let node = bytes.length - 1; node > 0; node--) {
    if (isFile(tree, node)) {
      const at = regrouped ? regrouped.origin[node]! : node
      if (counted[at] !== 1) bytes[node] = Math.abs(difference(regrouped?.union ?? tree, at))
      if (regrouped) counted[at] = 1
    }
    bytes[tree.parent[node]!]! += bytes[node]!
  }
  return bytes
}

const difference = (tree: UnionTree, node: number): number =>
  tree.change[node] === change.kept ? 0 : tree.afterBytes[node]! - tree.beforeBytes[node]!

/** What was removed and added, and what is the same, of all files together. */
export interface ChangeSums {
  readonly removedBytes: number
  readonly addedBytes: number
  readonly sameBytes: number
}

export function changeSums(tree: UnionTree): ChangeSums {
  let removedBytes = 0
  let addedBytes = 0
  let sameBytes = 0
  for (let node = 1; node < tree.parent.length; node++) {
    if (!isFile(tree, node)) continue
    const bytes = difference(tree, node)
    if (tree.change[node] === change.kept) sameBytes += tree.beforeBytes[node]!
    else if (bytes > 0) addedBytes += bytes
    else removedBytes -= bytes
  }
  return { removedBytes, addedBytes, sameBytes }
}
