import { change, type UnionTree } from '../../electron/core/compare/union-tree'
import { formatBytes, formatCount } from '../../electron/core/format'
import { displayName } from '../../electron/core/utf8'
import type { Colouring } from '../state/explorer'
import type { Cell } from './cells'
import { fillOf, gapColour, type PaintedSide } from './colours'

export interface PaintOptions {
  readonly tree: UnionTree
  readonly cells: readonly Cell[]
  /** Which image; or both in one map, in which area is change and every cell is filled. */
  readonly side: PaintedSide
  readonly colouring: Colouring
  /** Ascending ids; what is not among them is dimmed. */
  readonly matches: Int32Array | undefined
}

const labelFont = '11px system-ui, sans-serif'
const inset = 0.5

/** Draws one pane but for its labels. Where a side holds less than the other, only its share is filled; the rest is hatched. */
export function paintCells(
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  options: PaintOptions,
): void {
  context.globalAlpha = 1
  context.fillStyle = gapColour
  context.fillRect(0, 0, width, height)
  hatchAbsent(context, options)
  for (const [fill, cells] of batches(options)) {
    context.fillStyle = fill
    for (const cell of cells) fillShare(context, cell, options)
  }
  context.globalAlpha = 1
}

/** Marks a cell: a double outline, visible on every fill. */
export function outlineCell(context: CanvasRenderingContext2D, cell: Cell, isSelection: boolean): void {
  context.lineWidth = 1.5
  context.strokeStyle = '#ffffff'
  context.strokeRect(cell.x + 1.5, cell.y + 1.5, Math.max(1, cell.width - 3), Math.max(1, cell.height - 3))
  if (!isSelection) return
  context.strokeStyle = '#000000'
  context.strokeRect(cell.x + 3.5, cell.y + 3.5, Math.max(1, cell.width - 7), Math.max(1, cell.height - 7))
}

function bytesOn(cell: Cell, side: PaintedSide): number {
  if (side === 'delta') return cell.afterBytes - cell.beforeBytes
  return side === 'before' ? cell.beforeBytes : cell.afterBytes
}

/** How much of a cell this side fills; below 1 where the other holds more. */
function share(cell: Cell, side: PaintedSide): number {
  if (side === 'delta') return 1
  return cell.weightBytes === 0 ? 0 : Math.min(1, bytesOn(cell, side) / cell.weightBytes)
}

function batches({ tree, cells, colouring, side }: PaintOptions): Map<string, Cell[]> {
  const byFill = new Map<string, Cell[]>()
  for (const cell of cells) {
    if (cell.kind === 'folder' || (side !== 'delta' && bytesOn(cell, side) === 0)) continue
    const fill = fillOf(tree, cell.kind === 'group' ? cell.grouped[0]! : cell.node, colouring, side)
    const batch = byFill.get(fill)
    if (batch) batch.push(cell)
    else byFill.set(fill, [cell])
  }
  return byFill
}

function fillShare(context: CanvasRenderingContext2D, cell: Cell, { tree, matches, side }: PaintOptions): void {
  const part = share(cell, side)
  const width = Math.max(0.5, cell.width - 2 * inset)
  const height = Math.max(0.5, cell.height - 2 * inset)
  context.globalAlpha = matches === undefined || holdsMatch(tree, cell, matches) ? 1 : 0.3
  if (cell.width >= cell.height) context.fillRect(cell.x + inset, cell.y + inset, width * part, height)
  else context.fillRect(cell.x + inset, cell.y + inset + height * (1 - part), width, height * part)
}

function holdsMatch(tree: UnionTree, cell: Cell, matches: Int32Array): boolean {
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

function hatchAbsent(context: CanvasRenderingContext2D, { cells, side }: PaintOptions): void {
  context.fillStyle = hatch(context)
  for (const cell of cells)
    if (cell.kind !== 'folder' && share(cell, side) < 1)
      context.fillRect(
        cell.x + inset,
        cell.y + inset,
        Math.max(0.5, cell.width - 2 * inset),
        Math.max(0.5, cell.height - 2 * inset),
      )
}

const hatchSize = 7
let hatchTile: HTMLCanvasElement | undefined

/** Thin diagonals; a pattern is drawn ten times as fast as lines clipped by thousands of cells. */
function hatch(context: CanvasRenderingContext2D): CanvasPattern {
  hatchTile ??= makeHatchTile()
  return context.createPattern(hatchTile, 'repeat')!
}

function makeHatchTile(): HTMLCanvasElement {
  const tile = document.createElement('canvas')
  tile.width = hatchSize
  tile.height = hatchSize
  const context = tile.getContext('2d')!
  context.fillStyle = '#2b3442'
  context.fillRect(0, 0, hatchSize, hatchSize)
  context.strokeStyle = '#3d4858'
  context.beginPath()
  for (const offset of [-hatchSize, 0, hatchSize]) {
    context.moveTo(offset - 1, -1)
    context.lineTo(offset + hatchSize + 1, hatchSize + 1)
  }
  context.stroke()
  return tile
}

/** Names and sizes, where they fit. */
export function paintLabels(context: CanvasRenderingContext2D, options: PaintOptions): void {
  const { tree, cells, side, colouring, matches } = options
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
    const isMarked = side === 'delta' || (colouring === 'change' && !isAbsent)
    const mark = isMarked ? changeMark(tree, cell) : ''
    const name = cell.kind === 'group' ? `${formatCount(cell.grouped.length)} small` : mark + nameOf(tree, cell.node)
    drawText(context, name, cell.x + 4, cell.y + Math.min(9, cell.height / 2), cell.width - 8)
    if (cell.height < 32 || isAbsent) continue
    drawText(context, sizeText(cell, side), cell.x + 4, cell.y + 23, cell.width - 8)
  }
}

/** Never colour alone: a mark tells the direction too. */
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
