import { change, type UnionTree } from '../../electron/core/compare/union-tree'
import { formatBytes, formatCount } from '../../electron/core/format'
import { displayName } from '../../electron/core/utf8'
import type { Cell } from './cells'
import type { PaintedSide } from './colors'
import { paintPixels, type Tile } from './paint-pixels'
import { bytesOn, holdsMatch, inset, type PaintOptions, share } from './painted'

const labelFont = '11px system-ui, sans-serif'

/** Draws one pane but for its labels, over all of the canvas. */
export function paintCells(context: CanvasRenderingContext2D, options: PaintOptions): void {
  const { width, height } = context.canvas
  const scale = context.getTransform().a
  if (image?.width !== width || image.height !== height) image = context.createImageData(width, height)
  const pixels = new Uint32Array(image.data.buffer)
  paintPixels({ pixels, width, height, scale }, hatchTile(scale), options)
  context.putImageData(image, 0, 0)
}

/** Panes are painted one after another and most are of one size, so that one buffer serves all. */
let image: ImageData | undefined

/** Marks a cell: a double outline, visible on every fill. */
export function outlineCell(context: CanvasRenderingContext2D, cell: Cell, isSelection: boolean): void {
  context.lineWidth = 1.5
  context.strokeStyle = '#ffffff'
  context.strokeRect(cell.x + 1.5, cell.y + 1.5, Math.max(1, cell.width - 3), Math.max(1, cell.height - 3))
  if (!isSelection) return
  context.strokeStyle = '#000000'
  context.strokeRect(cell.x + 3.5, cell.y + 3.5, Math.max(1, cell.width - 7), Math.max(1, cell.height - 7))
}

const hatchSize = 7
let hatch: (Tile & { readonly scale: number }) | undefined

/** Thin diagonals for what is absent. */
function hatchTile(scale: number): Tile {
  if (hatch?.scale === scale) return hatch
  const size = Math.round(hatchSize * scale)
  const context = new OffscreenCanvas(size, size).getContext('2d')!
  context.scale(size / hatchSize, size / hatchSize)
  context.fillStyle = '#2b3442'
  context.fillRect(0, 0, hatchSize, hatchSize)
  context.strokeStyle = '#3d4858'
  context.beginPath()
  for (const offset of [-hatchSize, 0, hatchSize]) {
    context.moveTo(offset - 1, -1)
    context.lineTo(offset + hatchSize + 1, hatchSize + 1)
  }
  context.stroke()
  hatch = { scale, size, pixels: new Uint32Array(context.getImageData(0, 0, size, size).data.buffer) }
  return hatch
}

/** Names and sizes, where they fit. */
export function paintLabels(context: CanvasRenderingContext2D, options: PaintOptions): void {
  const { tree, cells, side, coloring, matches } = options
  context.font = labelFont
  context.textBaseline = 'middle'
  for (const cell of cells) {
    if (cell.kind === 'folder') {
      if (cell.header > 0) drawHeader(context, tree, cell, side)
      continue
    }
    if (cell.width < 44 || cell.height < 15) continue
    const isAbsent = share(cell, side) < 0.5
    if (matches !== undefined && !holdsMatch(tree, cell, matches)) continue
    context.fillStyle = isAbsent ? '#aab4c3' : '#000000'
    const isMarked = side === 'delta' || (coloring.hasChangeMarks && !isAbsent)
    const mark = isMarked ? changeMark(tree, cell) : ''
    const name = cell.kind === 'group' ? `${formatCount(cell.grouped.length)} small` : mark + nameOf(tree, cell.node)
    drawText(context, name, cell.x + 4, cell.y + Math.min(9, cell.height / 2), cell.width - 8)
    if (cell.height < 32 || isAbsent) continue
    drawText(context, sizeText(cell, side), cell.x + 4, cell.y + 23, cell.width - 8)
  }
}

/** Never color alone: a mark tells the direction too. */
function changeMark(tree: UnionTree, { node, beforeBytes, afterBytes }: Cell): string {
  if (tree.change[node] === change.kept && beforeBytes === afterBytes) return ''
  if (beforeBytes === afterBytes) return '◆ '
  return afterBytes < beforeBytes ? '▼ ' : '▲ '
}

function sizeText(cell: Cell, side: PaintedSide): string {
  const bytes = bytesOn(cell, side)
  return `${side === 'delta' && bytes > 0 ? '+' : ''}${formatBytes(bytes)}`
}

function drawHeader(context: CanvasRenderingContext2D, tree: UnionTree, cell: Cell, side: PaintedSide): void {
  context.fillStyle = '#2b3442'
  context.fillRect(cell.x + inset, cell.y + inset, cell.width - 2 * inset, cell.header - 2 * inset)
  context.fillStyle = '#e5e7eb'
  const isAbsent = side !== 'delta' && bytesOn(cell, side) === 0
  const text = `${nameOf(tree, cell.node)}  ${isAbsent ? 'absent' : sizeText(cell, side)}`
  drawText(context, text, cell.x + 5, cell.y + cell.header / 2, cell.width - 10)
}

const nameOf = (tree: UnionTree, node: number): string => displayName(tree.names[tree.nameId[node]!]!)

const widths = new Map<string, number>()

/** Draws what fits, with an ellipsis; nothing when not even two letters fit. */
function drawText(context: CanvasRenderingContext2D, text: string, x: number, y: number, available: number): void {
  let shown = text
  if (widthOf(context, text) > available) {
    const letters = Math.floor((available - 8) / 6.2)
    if (letters < 2) return
    shown = `${text.slice(0, letters)}…`
  }
  context.fillText(shown, x, y)
}

function widthOf(context: CanvasRenderingContext2D, text: string): number {
  const known = widths.get(text)
  if (known !== undefined) return known
  if (widths.size > 20_000) widths.clear()
  const { width } = context.measureText(text)
  widths.set(text, width)
  return width
}
