import type { UnionTree } from '../../electron/core/compare/union-tree'
import { pathKinds } from '../../electron/core/surface/path-kinds'
import { isFile } from './tree-walk'

export interface KindSum {
  readonly kind: (typeof pathKinds)[number]
  readonly before: number
  readonly after: number
}

/** Visible bytes of each kind of file, in the order of the legend; what neither image has is left out. */
export function kindSums(tree: UnionTree): KindSum[] {
  const sums = pathKinds.map((kind) => ({ kind, before: 0, after: 0 }))
  for (let node = 1; node < tree.parent.length; node++) {
    if (!isFile(tree, node)) continue
    const sum = sums[tree.kind[node]!]!
    sum.before += tree.beforeBytes[node]!
    sum.after += tree.afterBytes[node]!
  }
  return sums.filter(({ before, after }) => before + after > 0)
}
