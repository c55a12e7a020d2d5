import type { UnionTree } from '../../electron/core/compare/union-tree'

/** One rectangle of the map, in CSS pixels. */
export interface Cell {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  /** The node drawn here; for grouped small files the folder they are in. */
  readonly node: number
  /** The outermost folder that is drawn as this cell, because it holds nothing else; the node itself otherwise. */
  readonly outermost: number
  /** `folder` has its children inside; `header` is the height of its title bar. */
  readonly kind: 'file' | 'folder' | 'group'
  readonly header: number
  /** Content drawn in this rectangle on either side: of the node, or of all grouped files together. */
  readonly beforeBytes: number
  readonly afterBytes: number
  /** The bytes that the area stands for, under the weighting of the map. */
  readonly weightBytes: number
  /** The grouped children of the node, largest first; empty for other cells. */
  readonly grouped: readonly number[]
  /** Place in the list of cells after the last one inside this. */
  readonly end: number
}

export interface Rectangle {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** The cells at a point, outermost first. Cells are in preorder, so what is inside of another folder is skipped. */
export const cellsAt = (cells: readonly Cell[], x: number, y: number): Cell[] =>
  wayInto(cells, (cell) => x >= cell.x && x < cell.x + cell.width && y >= cell.y && y < cell.y + cell.height)

/** The innermost cell at a point, or undefined. */
export const cellAt = (cells: readonly Cell[], x: number, y: number): Cell | undefined => cellsAt(cells, x, y).at(-1)

/** The cell that shows a node: its own, or the grouped or closed one that it is inside of. */
export function cellOfNode(tree: UnionTree, cells: readonly Cell[], node: number): Cell | undefined {
  const holds = (top: number): boolean => node >= top && node < tree.end[top]!
  return wayInto(cells, (cell) => (cell.kind === 'group' ? cell.grouped.some(holds) : holds(cell.outermost))).at(-1)
}

function wayInto(cells: readonly Cell[], isInside: (cell: Cell) => boolean): Cell[] {
  const found: Cell[] = []
  for (let at = 0, end = cells.length; at < end; ) {
    const cell = cells[at]!
    if (isInside(cell)) {
      found.push(cell)
      end = cell.end
      at++
    } else at = cell.end
  }
  return found
}
