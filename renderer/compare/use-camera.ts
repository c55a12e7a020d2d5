import { useRef } from 'react'
import type { Cell, Rectangle } from '../treemap/cells'

interface Seen {
  readonly zoom: number
  readonly cells: readonly Cell[]
  readonly from: Rectangle | undefined
}

/**
 * Where the new picture stands when a zoom begins, in the old view's pixels: into a folder it grows out of the folder's old cell; out of
 * one it begins so large that the folder's new cell fills the pane. Undefined where nothing moves.
 */
export function useCamera(zoom: number, cells: readonly Cell[], area: Rectangle): Rectangle | undefined {
  const seen = useRef<Seen>({ zoom, cells, from: undefined })
  const last = seen.current
  if (last.zoom !== zoom) {
    const cell = cellOf(last.cells, zoom)
    const from = cell ?? enlarged(cellOf(cells, last.zoom), area)
    seen.current = { zoom, cells, from }
  } else if (last.cells !== cells) seen.current = { zoom, cells, from: undefined }
  return seen.current.from
}

const cellOf = (cells: readonly Cell[], node: number): Cell | undefined =>
  cells.find((cell) => cell.node === node && cell.kind !== 'group')

function enlarged(cell: Cell | undefined, area: Rectangle): Rectangle | undefined {
  if (cell === undefined || cell.width < 2 || cell.height < 2) return undefined
  const [x, y] = [area.width / cell.width, area.height / cell.height]
  return { x: -cell.x * x, y: -cell.y * y, width: area.width * x, height: area.height * y }
}
