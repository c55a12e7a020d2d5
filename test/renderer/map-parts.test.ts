import { describe, expect, test } from 'vitest'
import type { UnionTree } from '../../electron/core/compare/union-tree'
import { stageGraph } from '../../electron/core/dockerfile/graph'
import { layoutStages } from '../../electron/core/dockerfile/graph-layout'
import { parseStages } from '../../electron/core/dockerfile/stages'
import { nodePath } from '../../electron/core/image/path-tree'
import { nodeTowards } from '../../renderer/build/graph-keys'
import { type Cell, cellOfNode, cellsAt } from '../../renderer/treemap/cells'
import { findMatches } from '../../renderer/treemap/find-matches'
import { groupingOf } from '../../renderer/treemap/groupings'
import { layerQuery, layersByLine, layersOfQuery } from '../../renderer/treemap/layer-query'
import { countNotDrawn } from '../../renderer/treemap/not-drawn'
import { type LayerKey, shownTree } from '../../renderer/treemap/shown-tree'
import { tableRows } from '../../renderer/treemap/table-rows'
import { isFile } from '../../renderer/treemap/tree-walk'
import { layoutTreemap, type Weighting } from '../../renderer/treemap/treemap-layout'
import type { Member } from '../support/tar'
import { treeOf } from '../support/union'

const area = { x: 0, y: 0, width: 600, height: 400 }
const nodeAt = (tree: UnionTree, path: string): number =>
  Array.from(tree.parent.keys()).find((node) => nodePath(tree, node) === path)!
const bytes = (count: number): string => 'x'.repeat(count)

/** One large file and many that are too small to be drawn, on both sides. */
const manySmall = (): Promise<UnionTree> => {
  const small: Member[] = Array.from({ length: 200 }, (_, at) => [`many/f${at}`, bytes(1 + (at % 3))])
  return treeOf([[['many/large', bytes(90_000)], ...small]], [[['many/f7', bytes(5)]]])
}

describe('cells of small files', () => {
  const group = (tree: UnionTree, weighting: Weighting): Cell =>
    layoutTreemap(tree, { root: 0, area, weighting }).find(({ kind }) => kind === 'group')!

  test('hold exactly what is not drawn, whatever the area stands for, and a node inside is found in them', async () => {
    const tree = await manySmall()
    for (const weighting of ['larger', 'before'] as const) {
      const cells = layoutTreemap(tree, { root: 0, area, weighting })
      expect(cells.flatMap(({ grouped }) => grouped)).toHaveLength(200)
      const small = nodeAt(tree, 'many/f7')
      expect(cellOfNode(tree, cells, small)).toBe(cells.find(({ kind }) => kind === 'group'))
      expect(cellOfNode(tree, cells, nodeAt(tree, 'many/large'))?.kind).toBe('file')
    }
  })
  test('hold what is small in the image that is shown, whatever is large in the other', async () => {
    const many = (large: number): Member[] =>
      Array.from({ length: 200 }, (_, at): Member => [`many/f${at}`, bytes(at === large ? 90_000 : 1 + (at % 3))])
    const tree = await treeOf([many(3)], [many(150)])
    for (const [weighting, large, small] of [
      ['before', 'many/f3', 'many/f150'],
      ['after', 'many/f150', 'many/f3'],
    ] as const) {
      const cells = layoutTreemap(tree, { root: 0, area, weighting })
      expect(cellOfNode(tree, cells, nodeAt(tree, large))?.kind).toBe('file')
      expect(cellOfNode(tree, cells, nodeAt(tree, small))?.kind).toBe('group')
      const grouped = cells.flatMap((cell) => cell.grouped)
      expect(grouped).toHaveLength(199)
      expect(grouped).not.toContain(nodeAt(tree, large))
    }
  })
  test('are shown alone, over the whole area, in map and table', async () => {
    const tree = await manySmall()
    const { node, grouped } = group(tree, 'larger')
    const cells = layoutTreemap(tree, { root: node, area, weighting: 'larger', only: grouped })
    const files = cells.filter(({ kind }) => kind === 'file')
    expect(files).toHaveLength(200)
    const drawn = files.reduce((sum, cell) => sum + cell.width * cell.height, 0)
    expect(drawn / (area.width * area.height)).toBeCloseTo(1, 5)
    const sort = { column: 'size', isAscending: false } as const
    const request = { root: node, only: grouped, expanded: new Set<number>(), sort, matches: undefined }
    expect(tableRows(tree, { ...request, isFlat: false }).map((row) => row.node)).toEqual([...grouped])
    expect(tableRows(tree, { ...request, isFlat: true })).toHaveLength(200)
  })
})

test('the cells at a point are its folders, outermost first; a chain of single folders is one cell that holds them all', async () => {
  const tree = await treeOf([
    [
      ['usr/lib/deep/a', bytes(5000)],
      ['usr/lib/deep/b', bytes(5000)],
      ['usr/bin/c', bytes(9000)],
      ['etc/d', bytes(4000)],
    ],
  ])
  const cells = layoutTreemap(tree, { root: 0, area, weighting: 'larger' })
  const shown = cells.find(({ node }) => node === nodeAt(tree, 'usr/lib/deep/a'))!
  const way = cellsAt(cells, shown.x + 1, shown.y + 1).map(({ node }) => nodePath(tree, node))
  expect(way).toEqual(['usr', 'usr/lib/deep', 'usr/lib/deep/a'])
  expect(nodePath(tree, cellOfNode(tree, cells, nodeAt(tree, 'usr/lib'))!.node)).toBe('usr/lib/deep')
})

describe('hidden layers', () => {
  const layers = { before: [0, 1].map((at) => ({ diffId: `b${at}`, createdBy: '' })), after: [] }
  const tree = (): Promise<UnionTree> =>
    treeOf(
      [
        [
          ['base/a', bytes(10)],
          ['both', bytes(4)],
        ],
        [['tool/b', bytes(30)]],
      ],
      [[['both', bytes(4)]]],
    )
  const shown = (union: UnionTree, hidden: readonly LayerKey[], grouping: 'folder' | 'layer' = 'folder') =>
    shownTree(union, { grouping: groupingOf(grouping), hidden: new Set(hidden), classes: undefined, layers })

  test('take their files out of their own side only; ids lead back to the union', async () => {
    const union = await tree()
    const { tree: left, origin } = shown(union, ['before:0'])
    const files = Array.from(left.parent.keys()).filter((node) => isFile(left, node))
    expect(files.map((node) => [nodePath(left, node), left.beforeBytes[node], left.afterBytes[node]])).toEqual([
      ['tool/b', 30, 0],
      ['both', 0, 4],
    ])
    for (const node of left.parent.keys()) expect(nodePath(union, origin![node]!)).toBe(nodePath(left, node))
    const both = nodeAt(left, 'both')
    expect(findMatches(left, 'only:after').nodes).toEqual(Int32Array.of(both))
    expect(findMatches(left, 'change:added').nodes).toEqual(Int32Array.of(both))
  })
  test('stay hidden under another grouping', async () => {
    const union = await tree()
    const { tree: grouped, origin } = shown(union, ['before:1'], 'layer')
    expect([grouped.beforeBytes[0], grouped.afterBytes[0]]).toEqual([14, 4])
    const files = Array.from(grouped.parent.keys()).filter((node) => isFile(grouped, node))
    expect(files.map((node) => nodePath(union, origin![node]!)).sort()).toEqual(['base/a', 'both', 'both'])
  })
  test('none: the union itself', async () => {
    const union = await tree()
    expect(shown(union, []).tree).toBe(union)
  })
})

test('files without content are counted where they are not drawn', async () => {
  const tree = await treeOf([
    [
      ['a/empty', ''],
      ['a/full', 'x'],
      ['b/link', { link: '/a/full' }],
    ],
  ])
  const counts = (['aligned', 'before', 'after'] as const).map((view) =>
    countNotDrawn(tree, { zoom: 0, rest: undefined, view }),
  )
  expect(counts).toEqual([2, 2, 0])
  expect(countNotDrawn(tree, { zoom: nodeAt(tree, 'a'), rest: undefined, view: 'before' })).toBe(1)
})

describe('lines and layers', () => {
  test('a search for layers and back', () => {
    for (const range of [
      { side: 'before', first: 0, last: 0 },
      { side: 'after', first: 1, last: 4 },
    ] as const)
      expect(layersOfQuery(layerQuery(range))).toEqual(range)
    expect(layersOfQuery('layer:3')).toEqual({ side: 'before', first: 2, last: 2 })
    expect(layersOfQuery('layer:3 *.so')).toBeUndefined()
  })
  test('each line has the layers it made, the last FROM of an image those of the base', () => {
    const { value: staged } = parseStages(
      'FROM debian AS build\nRUN make\nFROM debian AS base\nRUN a\nFROM base\nCOPY --from=build /x /x\n',
    )
    const origins = [null, null, { line: 4, stage: 'base' }, { line: 6, stage: 'stage-2' }]
    const lines = layersByLine('after', { origins, graph: stageGraph(staged), baseLayers: 2 })
    expect([...lines].sort(([a], [b]) => a - b)).toEqual([
      [3, { side: 'after', first: 0, last: 1 }],
      [4, { side: 'after', first: 2, last: 2 }],
      [6, { side: 'after', first: 3, last: 3 }],
    ])
  })
})

test('arrow keys follow the edges of a stage graph, and go up and down in a column', () => {
  const graph = stageGraph(
    parseStages('FROM debian AS one\nFROM debian AS two\nFROM scratch\nCOPY --from=one /a /\nCOPY --from=two /b /\n')
      .value,
  )
  const layout = layoutStages(graph)
  const base = graph.nodes.find(({ kind }) => kind === 'image')!.id
  const go = (from: string, key: string): string | undefined => nodeTowards(graph, layout, from, key)
  expect(go(base, 'ArrowRight')).toBe('stage:0')
  expect(go('stage:0', 'ArrowDown')).toBe('stage:1')
  expect(go('stage:1', 'ArrowUp')).toBe('stage:0')
  expect(go('stage:1', 'ArrowRight')).toBe('stage:2')
  expect(go('stage:0', 'ArrowLeft')).toBe(base)
  expect(go('stage:2', 'ArrowRight')).toBeUndefined()
  expect(go('stage:2', 'x')).toBeUndefined()
})
