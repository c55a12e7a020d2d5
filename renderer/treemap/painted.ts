import type { UnionTree } from '../../electron/core/compare/union-tree'
import type { Cell } from './cells'
import type { Coloring } from './colorings'
import type { PaintedSide } from './colors'

// What cells and labels of one pane are painted by.

/** Half a gap between cells, in pixels of the layout. */
export const inset = 0.5

export interface PaintOptions {
  readonly tree: UnionTree
  readonly cells: readonly Cell[]
  /** Which image; or both in one map, in which area is change and every cell is filled. */
  readonly side: PaintedSide
  readonly coloring: Coloring
  /** Ascending ids; what is not among them is dimmed. */
  readonly matches: Int32Array | undefined
}

/** Bytes of a cell on the side that is painted; their change where both are one map. */
export function bytesOn(cell: Cell, side: PaintedSide): number {
  if (side === 'delta') return cell.afterBytes - cell.beforeBytes
  return side === 'before' ? cell.beforeBytes : cell.afterBytes
}

/** How much of a cell this side fills; below 1 where the other holds more. */
export function share(cell: Cell, side: PaintedSide): number {
  if (side === 'delta') return 1
  return cell.weightBytes === 0 ? 0 : Math.min(1, bytesOn(cell, side) / cell.weightBytes)
}

/** Whether a cell, or anything below or in it, matches. */
export function holdsMatch(tree: UnionTree, cell: Cell, matches: Int32Array): boolean {
  const before = matchesBefore(tree, matches)
  const holds = (top: number): boolean => before[tree.end[top]!]! > before[top]!
  return cell.kind === 'group' ? cell.grouped.some(holds) : holds(cell.outermost)
}

const known = new WeakMap<Int32Array, Uint32Array>()

/** How many matches have a smaller id than each node: a map asks of every file in its groups. */
function matchesBefore(tree: UnionTree, matches: Int32Array): Uint32Array {
  const made = known.get(matches)
  if (made) return made
  const counts = new Uint32Array(tree.parent.length + 1)
  for (const node of matches) counts[node + 1] = 1
  for (let node = 1; node < counts.length; node++) counts[node]! += counts[node - 1]!
  known.set(matches, counts)
  return counts
}
