import { expect, test } from 'vitest'
import type { UnionTree } from '../../electron/core/compare/union-tree'
import { nodePath } from '../../electron/core/image/path-tree'
import { coloringOf } from '../../renderer/treemap/colorings'
import { gapColor, kindColors, type PaintedSide } from '../../renderer/treemap/colors'
import { findMatches } from '../../renderer/treemap/find-matches'
import { paintPixels, pixelOf, type Tile } from '../../renderer/treemap/paint-pixels'
import { layoutTreemap } from '../../renderer/treemap/treemap-layout'
import type { Member } from '../support/tar'
import { treeOf } from '../support/union'

const hatch = 0xff123456
const tile: Tile = { pixels: new Uint32Array([hatch]), size: 1 }
const own = pixelOf(kindColors.application)
const gap = pixelOf(gapColor)

/** One pane, and how many pixels of each color are in it. */
function painted(tree: UnionTree, side: PaintedSide, options: { scale?: number; matches?: Int32Array } = {}) {
  const { scale = 1, matches } = options
  const area = { x: 0, y: 0, width: 300, height: 200 }
  const cells = layoutTreemap(tree, { root: 0, area, weighting: 'larger' })
  const picture = { width: area.width * scale, height: area.height * scale, scale }
  const pixels = new Uint32Array(picture.width * picture.height)
  paintPixels({ ...picture, pixels }, tile, { tree, cells, side, coloring: coloringOf('kind'), matches })
  const counts = new Map<number, number>()
  for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1)
  return { cells, pixels, counts, width: picture.width }
}

const files = (count: number, bytes: (at: number) => number): Member[] =>
  Array.from({ length: count }, (_, at): Member => [`f${at}`, 'x'.repeat(bytes(at))])

test('red is the lowest byte, and the highest is opaque', () => expect(pixelOf('#1f2733')).toBe(0xff33271f))

test('a pixel lies between two cells, whatever fraction their edge lies on, on every display', async () => {
  const tree = await treeOf([files(40, (at) => 300 + ((at * 53) % 700))], [])
  for (const scale of [1, 2]) {
    const { cells, pixels, width } = painted(tree, 'before', { scale })
    for (const { x, y, width: wide, height: high } of cells) {
      if (x + wide > 299) continue
      const row = Math.round((y + high / 2) * scale) * width
      const from = Math.round((x + wide - 3) * scale)
      const strip = [...pixels.subarray(row + from, row + from + 6 * scale)]
      expect([scale, strip.filter((pixel) => pixel === gap).length]).toEqual([scale, scale])
    }
  }
})

test('what a side lacks is hatched, what it has less of is filled by its share', async () => {
  const tree = await treeOf([[['a', 'x'.repeat(8000)]]], [[['a', 'x'.repeat(2000)]]])
  const before = painted(tree, 'before').counts
  const after = painted(tree, 'after').counts
  expect(before.get(hatch)).toBeUndefined()
  expect(after.get(own)! / before.get(own)!).toBeCloseTo(0.25, 2)
  expect(after.get(own)! + after.get(hatch)!).toBe(before.get(own)!)
  const gone = await treeOf([[['a', 'x'.repeat(8000)]]], [])
  expect(painted(gone, 'after').counts.get(own)).toBeUndefined()
})

test('the pixels of a file stand for its bytes', async () => {
  const tree = await treeOf(
    [
      [
        ['big', 'x'.repeat(60_000)],
        ['usr/share/doc/gcc/readme.md', 'y'.repeat(20_000)],
      ],
    ],
    [],
  )
  const { counts } = painted(tree, 'before', { scale: 2 })
  const docs = counts.get(pixelOf(kindColors.docs)) ?? 0
  const rest = counts.get(own) ?? 0
  expect(docs + rest).toBeGreaterThan(230_000)
  expect(Math.min(docs, rest) / Math.max(docs, rest)).toBeCloseTo(1 / 3, 1)
})

test('what does not match is dimmed, and what matches keeps its color', async () => {
  const tree = await treeOf([files(8, () => 500)], [])
  const { nodes } = findMatches(tree, 'f3')
  expect(Array.from(nodes, (node) => nodePath(tree, node))).toEqual(['f3'])
  const { counts } = painted(tree, 'before', { matches: nodes })
  const all = painted(tree, 'before').counts.get(own)!
  expect(counts.get(own)! / all).toBeCloseTo(1 / 8, 2)
  expect([...counts.keys()].filter((pixel) => pixel !== own && pixel !== gap)).toHaveLength(1)
})
