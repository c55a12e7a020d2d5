import type { Cell } from './cells'
import { gapColor } from './colors'
import { holdsMatch, inset, type PaintOptions, share } from './painted'

// Cells are rectangles of one color each: written as pixels they cost a tenth of what thousands of calls of a canvas do where no GPU helps,
// and gaps are sharp lines of one width.

/** A picture of 32-bit pixels, and how many of them a pixel of the layout has. */
export interface Picture {
  readonly pixels: Uint32Array
  readonly width: number
  readonly height: number
  readonly scale: number
}

/** A square that repeats. */
export interface Tile {
  readonly pixels: Uint32Array
  readonly size: number
}

const dimmed = 0.3

/** Paints all cells over the gaps between them. Where a side holds less than the other, only its share is filled; the rest is hatched. */
export function paintPixels(picture: Picture, hatch: Tile, options: PaintOptions): void {
  const { cells, tree, side, coloring, matches } = options
  picture.pixels.fill(pixelOf(gapColor))
  for (const cell of cells) {
    if (cell.kind === 'folder') continue
    const area = areaOf(picture, cell)
    const part = share(cell, side)
    if (part < 1) repeat(picture, area, hatch)
    if (part === 0) continue
    const color = coloring.fill(tree, cell.kind === 'group' ? cell.grouped[0]! : cell.node, side)
    const isDim = matches !== undefined && !holdsMatch(tree, cell, matches)
    fill(picture, shareOf(area, cell, part), isDim ? mixed(color) : pixelOf(color))
  }
}

/** Pixels from the first of each pair to before the second. */
interface Area {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/** What is left of a cell between its gaps, one pixel at least. */
function areaOf({ width, height, scale }: Picture, cell: Cell): Area {
  const left = Math.min(width - 1, Math.round((cell.x + inset) * scale))
  const top = Math.min(height - 1, Math.round((cell.y + inset) * scale))
  const right = Math.round((cell.x + cell.width - inset) * scale)
  const bottom = Math.round((cell.y + cell.height - inset) * scale)
  return {
    left,
    top,
    right: Math.min(width, Math.max(left + 1, right)),
    bottom: Math.min(height, Math.max(top + 1, bottom)),
  }
}

/** The filled part: from the left of a wide cell, from the bottom of a high one. */
function shareOf(area: Area, cell: Cell, part: number): Area {
  if (part >= 1) return area
  const { left, right, top, bottom } = area
  if (cell.width >= cell.height) return { ...area, right: left + Math.max(1, Math.round((right - left) * part)) }
  return { ...area, top: bottom - Math.max(1, Math.round((bottom - top) * part)) }
}

function fill({ pixels, width }: Picture, { left, right, top, bottom }: Area, pixel: number): void {
  for (let y = top; y < bottom; y++) pixels.fill(pixel, y * width + left, y * width + right)
}

function repeat({ pixels, width }: Picture, { left, right, top, bottom }: Area, tile: Tile): void {
  for (let y = top; y < bottom; y++) {
    const row = (y % tile.size) * tile.size
    for (let x = left; x < right; x++) pixels[y * width + x] = tile.pixels[row + (x % tile.size)]!
  }
}

const parts = (color: string): number[] => [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16))

/** A color as a canvas has it on every machine that Electron runs on: red in the lowest byte. */
const packed = ([red, green, blue]: readonly number[]): number =>
  ((255 << 24) | (blue! << 16) | (green! << 8) | red!) >>> 0

const plain = new Map<string, number>()
const mixes = new Map<string, number>()

/** The pixel of a color like "#1f2733". */
export function pixelOf(color: string): number {
  const known = plain.get(color)
  if (known !== undefined) return known
  const pixel = packed(parts(color))
  plain.set(color, pixel)
  return pixel
}

/** The same with the gap's color shining through, for what does not match. */
function mixed(color: string): number {
  const known = mixes.get(color)
  if (known !== undefined) return known
  const under = parts(gapColor)
  const pixel = packed(parts(color).map((value, at) => Math.round(value * dimmed + under[at]! * (1 - dimmed))))
  mixes.set(color, pixel)
  return pixel
}
