import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compareImages } from '../../electron/core/compare/comparison'
import type { UnionTree } from '../../electron/core/compare/union-tree'
import { readImages } from '../../electron/engine/images/read-images'
import { type Cell, cellAt } from '../../renderer/treemap/cells'
import { tableRows } from '../../renderer/treemap/table-rows'
import { childrenOf, isFile, neighbor } from '../../renderer/treemap/tree-walk'
import { layoutTreemap } from '../../renderer/treemap/treemap-layout'
import { buildFolder, copyExample, engineOrSkip, removeImages } from '../support/engine'

const engine = await engineOrSkip()
const area = { x: 0, y: 0, width: 700, height: 560 }

describe.skipIf(!engine).each(['calculator-go', 'calculator-python', 'calculator-c'])('the map of %s', (example) => {
  const { client } = engine ?? ({} as never)
  const copy = copyExample(example)
  let tree: UnionTree
  let cells: readonly Cell[]

  beforeAll(async () => {
    const { variants } = await buildFolder(client, copy.folder)
    const ids = variants.map((variant) => (variant.ok ? variant.imageId : ''))
    const [before, after] = await readImages(client, ids, { signal: new AbortController().signal })
    tree = compareImages(before!, after!).tree
    cells = layoutTreemap(tree, { root: 0, area, weighting: 'larger' })
  })
  afterAll(async () => {
    await removeImages(client, copy.folder)
    copy.remove()
  })

  test('a byte has the same area everywhere: between the 5th and the 95th percentile at most 1.1 times', () => {
    const densities = cells
      .filter(({ kind, node }) => kind === 'file' && isFile(tree, node))
      .map(({ width, height, node }) => (width * height) / Math.max(tree.beforeBytes[node]!, tree.afterBytes[node]!))
      .sort((a, b) => a - b)
    expect(densities.length).toBeGreaterThan(500)
    const at = (part: number): number => densities[Math.floor(densities.length * part)]!
    expect(at(0.95) / at(0.05)).toBeLessThanOrEqual(1.1)
  })

  test('pointer, keys and table agree on every cell', () => {
    for (const cell of cells.filter(({ kind }) => kind === 'file'))
      expect(cellAt(cells, cell.x + cell.width / 2, cell.y + cell.height / 2)).toBe(cell)
    for (const { node } of cells.filter(({ kind }) => kind === 'folder')) {
      const children = childrenOf(tree, node)
      const byKeys = [neighbor(tree, node, 'ArrowRight')!]
      for (let next = byKeys[0]; next !== undefined; next = neighbor(tree, next, 'ArrowDown'))
        if (next !== byKeys[0]) byKeys.push(next)
      expect(byKeys).toEqual(children)
      const rows = tableRows(tree, {
        root: node,
        expanded: new Set(),
        sort: { column: 'size', isAscending: false },
        isFlat: false,
        matches: undefined,
      })
      expect(rows.map((row) => row.node)).toEqual(children)
    }
  })
})
