import type { UnionTree } from '../../electron/core/compare/union-tree'

/** One rectangle of the map, in CSS pixels. */
export interface Cell {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  /** The node drawn here; for grouped small files the folder they are in. */
  readonly node: number
  /** `folder` has its children inside; `header` is the height of its title bar. */
  readonly kind: 'file' | 'folder' | 'group'
  readonly header: number
  /** Content drawn in this rectangle on either side: of the node, or of all grouped files together. */
  readonly beforeBytes: number
  readonly afterBytes: number
  /** The bytes that the area stands for, under the weighting of the map. */
  readonly weightBytes: number
  /** Number of grouped files; 0 otherwise. */
  readonly grouped: number
  /** First child of the group, so that a search can tell what it holds. */
  readonly firstGrouped: number
}

export interface Rectangle {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** The innermost cell at a point, or undefined. */
export function cellAt(cells: readonly Cell[], x: number, y: number): Cell | undefined {
  let found: Cell | undefined
  for (const cell of cells)
    if (x >= cell.x && x < cell.x + cell.width && y >= cell.y && y < cell.y + cell.height) found = cell
  return found
}

/** The cell that shows a node: its own, or the grouped or closed one that it is inside of. */
export function cellOfNode(tree: UnionTree, cells: readonly Cell[], node: number): Cell | undefined {
  let found: Cell | undefined
  for (const cell of cells) {
    const isInside =
      cell.kind === 'group'
        ? node >= cell.firstGrouped && node < tree.end[cell.node]!
        : node >= cell.node && node < tree.end[cell.node]!
    if (isInside) found = cell
  }
  return found
}
