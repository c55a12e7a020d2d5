import type { UnionTree } from '../../electron/core/compare/union-tree'
import { areaBytes } from './area-bytes'
import { childrenOf } from './tree-walk'

export interface DrawnPart {
  readonly zoom: number
  readonly rest: readonly number[] | undefined
  readonly view: 'aligned' | 'before' | 'after'
}

/** How many files, links and special files of what the map shows have no area, because they hold nothing. */
export function countNotDrawn(tree: UnionTree, { zoom, rest, view }: DrawnPart): number {
  const bytes = view === 'aligned' ? areaBytes(tree) : view === 'before' ? tree.beforeBytes : tree.afterBytes
  const entries = view === 'after' ? tree.afterEntries : tree.beforeEntries
  let count = 0
  for (const top of rest ?? childrenOf(tree, zoom))
    for (let node = top; node < tree.end[top]!; node++)
      if (tree.isFolder[node] === 0 && bytes[node] === 0 && (view === 'aligned' || entries[node]! > 0)) count++
  return count
}
