import type { UnionTree } from '../../electron/core/compare/union-tree'
import { areaBytes } from './area-bytes'
import type { Cell, Rectangle } from './cells'
import { childrenOf } from './tree-walk'

/** What an area stands for: the larger side, one side, or other bytes of each node. */
export type Weighting = 'larger' | 'before' | 'after' | Float64Array

const smallestArea = 16
const headerHeight = 17
const headerLevels = 2

export interface LayoutRequest {
  readonly root: number
  readonly area: Rectangle
  readonly weighting: Weighting
  /** The children of the root are groups, whose names must not be lost. */
  readonly hasGroups?: boolean
  /** Only these children of the root. */
  readonly only?: readonly number[] | undefined
}

/**
 * A squarified treemap that stops at pixels: siblings come largest first, so once one falls below 16 px² the rest do
 * too, and they share what is left of the rectangle as one cell; area stays true. Only the first two levels have title
 * bars and nothing has padding, because either would make the same byte larger or smaller by its depth; what the bars
 * need is measured first, and given to their folders on top. Folders with a single child are drawn as that child, but
 * for groups at the top, whose names would be lost. Cells come in preorder.
 */
export function layoutTreemap(tree: UnionTree, request: LayoutRequest): Cell[] {
  const { root, area, weighting, hasGroups = false, only } = request
  const bytes = bytesFor(tree, weighting)
  const drawnBytes = only ? only.reduce((sum, child) => sum + bytes[child]!, 0) : bytes[root]!
  let bars = noBars
  for (let pass = 0; pass < measuringPasses; pass++) {
    const measured = new Layout(tree, bytes, { bars, hasGroups, levels: headerLevels })
    measured.placeChildren(root, area, 0, only)
    const { headerArea } = measured
    const pixels = area.width * area.height
    if (headerArea.size === 0 || pixels === 0) break
    bars = { pixelsPerByte: (pixels - measured.totalHeaderArea) / (drawnBytes || 1), headerArea }
  }
  const layout = new Layout(tree, bytes, { bars, hasGroups, levels: Number.POSITIVE_INFINITY })
  layout.placeChildren(root, area, 0, only)
  return layout.cells
}

function bytesFor(tree: UnionTree, weighting: Weighting): Float64Array {
  if (weighting === 'larger') return areaBytes(tree)
  return weighting === 'before' ? tree.beforeBytes : weighting === 'after' ? tree.afterBytes : weighting
}

const measuringPasses = 3

/** What title bars take, from an earlier pass. */
interface Bars {
  readonly pixelsPerByte: number
  /** By child as it is placed: its own bar and those below it. */
  readonly headerArea: ReadonlyMap<number, number>
}

const nothing: readonly number[] = []

const noBars: Bars = { pixelsPerByte: 1, headerArea: new Map() }

interface LayoutOptions {
  readonly bars: Bars
  readonly hasGroups: boolean
  /** Folders below this many levels are not entered. */
  readonly levels: number
}

class Layout {
  readonly #tree: UnionTree
  readonly #bytes: Float64Array
  readonly #options: LayoutOptions
  readonly cells: (Cell & { end: number })[] = []
  readonly headerArea = new Map<number, number>()
  totalHeaderArea = 0
  /** The children that are being placed, outermost first. */
  readonly #way: number[] = []

  constructor(tree: UnionTree, bytes: Float64Array, options: LayoutOptions) {
    this.#tree = tree
    this.#bytes = bytes
    this.#options = options
  }

  placeChildren(folder: number, area: Rectangle, level: number, only?: readonly number[]): void {
    const children = this.#children(only ?? childrenOf(this.#tree, folder))
    let weight = children.reduce((sum, child) => sum + this.#weight(child), 0)
    let rest = area
    for (let at = 0; at < children.length && weight > 0; ) {
      const scale = (rest.width * rest.height) / weight
      if (this.#weight(children[at]!) * scale < smallestArea || Math.min(rest.width, rest.height) < 1) {
        this.#placeGroup(folder, children.slice(at), rest)
        return
      }
      const length = this.#rowLength(children, at, rest, scale)
      const row = children.slice(at, at + length)
      const rowWeight = row.reduce((sum, child) => sum + this.#weight(child), 0)
      rest = this.#placeRow(row, rowWeight, rest, scale, level)
      weight -= rowWeight
      at += length
    }
  }

  /** In pixels once title bars are measured, in bytes before that. */
  #weight(node: number): number {
    const { pixelsPerByte, headerArea } = this.#options.bars
    return this.#bytes[node]! * pixelsPerByte + (headerArea.get(node) ?? 0)
  }

  /** By bytes: the union tree's own order needs no sorting, and title bars must not change it. */
  #children(children: readonly number[]): number[] {
    const drawn = children.filter((child) => this.#bytes[child]! > 0)
    return drawn.sort((a, b) => this.#bytes[b]! - this.#bytes[a]! || a - b)
  }

  /** How many children make the row with the best worst aspect ratio. */
  #rowLength(children: readonly number[], from: number, rest: Rectangle, scale: number): number {
    const side = Math.min(rest.width, rest.height)
    const largest = this.#weight(children[from]!) * scale
    let sum = 0
    let best = Number.POSITIVE_INFINITY
    let at = from
    for (; at < children.length; at++) {
      const area = this.#weight(children[at]!) * scale
      if (at > from && area < smallestArea) break
      const total = sum + area
      const worst = Math.max((side * side * largest) / (total * total), (total * total) / (side * side * area))
      if (worst > best) break
      best = worst
      sum = total
    }
    return at - from
  }

  #placeRow(row: readonly number[], rowWeight: number, rest: Rectangle, scale: number, level: number): Rectangle {
    const isColumn = rest.width >= rest.height
    const thickness = Math.min(
      (rowWeight * scale) / (isColumn ? rest.height : rest.width),
      isColumn ? rest.width : rest.height,
    )
    let offset = 0
    for (const child of row) {
      const share = this.#weight(child) / rowWeight
      const length = share * (isColumn ? rest.height : rest.width)
      this.#place(
        child,
        isColumn
          ? { x: rest.x, y: rest.y + offset, width: thickness, height: length }
          : { x: rest.x + offset, y: rest.y, width: length, height: thickness },
        level,
      )
      offset += length
    }
    return isColumn
      ? { ...rest, x: rest.x + thickness, width: rest.width - thickness }
      : { ...rest, y: rest.y + thickness, height: rest.height - thickness }
  }

  #place(node: number, area: Rectangle, level: number): void {
    const shown = this.#skipSingleChildren(node)
    const { beforeBytes, afterBytes, end } = this.#tree
    const isOpen = end[shown]! > shown + 1 && area.width >= 6 && area.height >= 6
    const isTall = area.width > 56 && area.height > 3 * headerHeight
    const cell: Cell & { end: number } = {
      x: area.x,
      y: area.y,
      width: area.width,
      height: area.height,
      kind: isOpen ? 'folder' : 'file',
      header: isOpen && isTall && level < headerLevels ? headerHeight : 0,
      node: this.#options.hasGroups && this.#tree.parent[node] === 0 ? node : shown,
      beforeBytes: beforeBytes[shown]!,
      afterBytes: afterBytes[shown]!,
      weightBytes: this.#bytes[shown]!,
      outermost: node,
      grouped: nothing,
      end: this.cells.length + 1,
    }
    this.cells.push(cell)
    if (!isOpen) return
    const { header } = cell
    this.#way.push(node)
    if (header > 0) this.#countHeader(header * area.width)
    if (level < this.#options.levels - 1)
      this.placeChildren(shown, { ...area, y: area.y + header, height: area.height - header }, level + 1)
    this.#way.pop()
    cell.end = this.cells.length
  }

  #countHeader(pixels: number): void {
    this.totalHeaderArea += pixels
    for (const node of this.#way) this.headerArea.set(node, (this.headerArea.get(node) ?? 0) + pixels)
  }

  #placeGroup(folder: number, children: readonly number[], area: Rectangle): void {
    if (area.width * area.height < 0.5) return
    let beforeBytes = 0
    let afterBytes = 0
    let weightBytes = 0
    for (const child of children) {
      weightBytes += this.#bytes[child]!
      beforeBytes += this.#tree.beforeBytes[child]!
      afterBytes += this.#tree.afterBytes[child]!
    }
    this.cells.push({
      ...area,
      node: folder,
      kind: 'group',
      header: 0,
      beforeBytes,
      afterBytes,
      weightBytes,
      outermost: folder,
      grouped: children,
      end: this.cells.length + 1,
    })
  }

  #skipSingleChildren(node: number): number {
    const { end } = this.#tree
    let at = node
    while (end[at]! > at + 1 && end[at + 1] === end[at]) at++
    return at
  }
}
