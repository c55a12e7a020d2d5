import { describe, expect, test } from 'vitest'
import type { UnionTree } from '../../electron/core/compare/union-tree'
import { stageGraph } from '../../electron/core/dockerfile/graph'
import { layoutStages, nodeSize } from '../../electron/core/dockerfile/graph-layout'
import { parseStages } from '../../electron/core/dockerfile/stages'
import { nodePath } from '../../electron/core/image/path-tree'
import { cellAt } from '../../renderer/treemap/cells'
import { findMatches } from '../../renderer/treemap/find-matches'
import { groupClasses, groupingOf } from '../../renderer/treemap/groupings'
import { regroup } from '../../renderer/treemap/regroup'
import { type RowsRequest, tableRows } from '../../renderer/treemap/table-rows'
import { layoutTreemap } from '../../renderer/treemap/treemap-layout'
import type { Member } from '../support/tar'
import { treeOf as treeOfLayers } from '../support/union'

const treeOf = (before: readonly Member[], after: readonly Member[] = []): Promise<UnionTree> =>
  treeOfLayers([before], [after])

const area = { x: 0, y: 0, width: 600, height: 400 }
const files = (count: number, length: (at: number) => number): Member[] =>
  Array.from({ length: count }, (_, at) => [`d${at % 7}/s${at % 3}/f${at}`, 'x'.repeat(length(at))])

describe('the treemap', () => {
  test('area is true: bytes per pixel are the same for every file, but for the title bars', async () => {
    const tree = await treeOf(files(300, (at) => 200 + ((at * 37) % 900)))
    const cells = layoutTreemap(tree, { root: 0, area, weighting: 'larger' }).filter((cell) => cell.kind !== 'folder')
    const density = cells.map((cell) => (cell.width * cell.height) / cell.beforeBytes).sort((a, b) => a - b)
    expect(density[Math.floor(density.length * 0.95)]! / density[Math.floor(density.length * 0.05)]!).toBeLessThan(1.35)
  })
  test('cells neither overlap nor leave the pane, and every byte is in exactly one', async () => {
    const tree = await treeOf(files(400, (at) => (at % 20 === 0 ? 3000 : 3)))
    const cells = layoutTreemap(tree, { root: 0, area, weighting: 'larger' }).filter((cell) => cell.kind !== 'folder')
    expect(cells.reduce((sum, cell) => sum + cell.beforeBytes, 0)).toBe(tree.beforeBytes[0])
    const drawn = cells.reduce((sum, cell) => sum + cell.width * cell.height, 0)
    expect(drawn).toBeLessThanOrEqual(area.width * area.height + 1)
    for (const cell of cells) {
      expect(cell.x).toBeGreaterThanOrEqual(-1e-6)
      expect(cell.x + cell.width).toBeLessThanOrEqual(area.width + 1e-6)
      expect(cell.y + cell.height).toBeLessThanOrEqual(area.height + 1e-6)
    }
    expect(cells.some((cell) => cell.kind === 'group')).toBe(true)
  })
  test('a point is inside the cell that is found for it', async () => {
    const tree = await treeOf(files(60, (at) => 100 + at))
    const cells = layoutTreemap(tree, { root: 0, area, weighting: 'larger' })
    for (const cell of cells.filter((each) => each.kind === 'file'))
      expect(cellAt(cells, cell.x + cell.width / 2, cell.y + cell.height / 2)?.node).toBe(cell.node)
  })
  test('a folder with one child is drawn as that child', async () => {
    const tree = await treeOf([['a/b/c/only', 'x'.repeat(50)]])
    const [cell] = layoutTreemap(tree, { root: 0, area, weighting: 'larger' })
    expect(nodePath(tree, cell!.node)).toBe('a/b/c/only')
  })
  test('alone, the after image uses the whole pane', async () => {
    const tree = await treeOf([['big', 'x'.repeat(10_000)]], [['small', 'y'.repeat(10)]])
    const cells = layoutTreemap(tree, { root: 0, area, weighting: 'after' })
    expect(cells.map((cell) => [nodePath(tree, cell.node), cell.width * cell.height])).toEqual([['small', 240_000]])
  })
})

test('search finds names without regard to case, and paths when it has a slash', async () => {
  const tree = await treeOf([
    ['usr/bin/GoFmt', '1'],
    ['usr/share/gofmt.md', '2'],
    ['bin/x', '3'],
  ])
  const found = (query: string): string[] =>
    Array.from(findMatches(tree, query).nodes, (node) => nodePath(tree, node)).sort()
  expect(found('gofmt')).toEqual(['usr/bin/GoFmt', 'usr/share/gofmt.md'])
  expect(found('/bin/')).toEqual(['bin/x', 'usr/bin/GoFmt'])
  expect(found('/usr/share')).toEqual(['usr/share', 'usr/share/gofmt.md'])
  expect(found('usr/BIN')).toEqual(['usr/bin', 'usr/bin/GoFmt'])
  expect(found('nothing')).toEqual([])
})

test('a word with a slash finds exactly the paths that contain it', async () => {
  const names = ['a', 'ab', 'b', 'ba.b', 'Aa']
  const path = (at: number): string =>
    Array.from({ length: 1 + (at % 4) }, (_, level) => names[(at * (level + 3) + level) % names.length]).join('/')
  const tree = await treeOf(Array.from({ length: 60 }, (_, at) => [`${path(at)}/${at}`, 'x'.repeat(at)] as const))
  const all = Array.from(tree.parent.keys()).slice(1)
  for (const query of ['/', '/a', 'a/', 'a/b', '/a/b', 'b/a/', '/ab/a', '/a/ba.b/1', 'a/a/a', '/b/5', 'ba.b/b']) {
    const expected = all.filter((node) => `/${nodePath(tree, node)}`.toLowerCase().includes(query))
    expect([query, ...findMatches(tree, query).nodes]).toEqual([query, ...expected])
  }
})

const rowsRequest = (expanded: ReadonlySet<number>): RowsRequest => ({
  root: 0,
  expanded,
  sort: { column: 'size', isAscending: false },
  isFlat: false,
  matches: undefined,
})

test('the table has the rows of open folders with their place among siblings', async () => {
  const tree = await treeOf([
    ['a/one', 'xx'],
    ['a/two', 'x'],
    ['b', 'y'],
  ])
  const rows = tableRows(tree, rowsRequest(new Set([0, 1])))
  expect(rows.map(({ node, level, position, siblings }) => [nodePath(tree, node), level, position, siblings])).toEqual([
    ['a', 1, 1, 2],
    ['a/one', 2, 1, 2],
    ['a/two', 2, 2, 2],
    ['b', 1, 2, 2],
  ])
  expect(tableRows(tree, rowsRequest(new Set([0])))).toHaveLength(2)
})

test('stages flow from left to right and never lie on each other', () => {
  const text = 'FROM a AS x\nFROM b AS y\nCOPY --from=x / /\nFROM c\nCOPY --from=y / /\nCOPY --from=x / /\n'
  const graph = stageGraph(parseStages(text).value)
  const { nodes } = layoutStages(graph)
  const at = new Map(nodes.map((node) => [node.id, node]))
  for (const edge of graph.edges) expect(at.get(edge.from)!.x).toBeLessThan(at.get(edge.to)!.x)
  for (const one of nodes)
    for (const other of nodes)
      if (one !== other)
        expect(Math.abs(one.x - other.x) >= nodeSize.width || Math.abs(one.y - other.y) >= nodeSize.height).toBe(true)
})

describe('another grouping', () => {
  const layers = { before: [], after: [] }
  const before: Member[] = [
    ['usr/bin/gcc', 'g'.repeat(50)],
    ['usr/bin/ls', 'l'.repeat(20)],
    ['usr/share/doc/ls/a', 'd'.repeat(5)],
    ['app/main', 'm'.repeat(30)],
    ['empty/'],
  ]
  const paths = (tree: UnionTree): Record<string, number> =>
    Object.fromEntries(Array.from(tree.parent, (_, node) => [nodePath(tree, node), tree.beforeBytes[node]!]))

  test('files keep their folders below their group; bytes and entries are those of the files, largest group first', async () => {
    const tree = await treeOf(before, [
      ['app/main', 'm'.repeat(30)],
      ['app/new', 'n'.repeat(7)],
    ])
    const isTool = (node: number): number => (nodePath(tree, node).endsWith('gcc') ? 0 : 1)
    const { tree: grouped, origin } = regroup(tree, isTool, ['tools', 'rest'])
    expect(paths(grouped)).toEqual({
      '': 105,
      rest: 55,
      'rest/app': 30,
      'rest/app/main': 30,
      'rest/app/new': 0,
      'rest/usr': 25,
      'rest/usr/bin': 20,
      'rest/usr/bin/ls': 20,
      'rest/usr/share': 5,
      'rest/usr/share/doc': 5,
      'rest/usr/share/doc/ls': 5,
      'rest/usr/share/doc/ls/a': 5,
      tools: 50,
      'tools/usr': 50,
      'tools/usr/bin': 50,
      'tools/usr/bin/gcc': 50,
    })
    expect([grouped.beforeEntries[0], grouped.afterEntries[0], grouped.afterBytes[0]]).toEqual([4, 2, 37])
    expect(grouped.end[0]).toBe(grouped.parent.length)
    const files = Array.from(origin).filter((node) => node >= 0 && !tree.isFolder[node])
    expect(new Set(files).size).toBe(files.length)
    for (let node = 1; node < origin.length; node++)
      if (origin[node]! >= 0) expect(nodePath(grouped, node)).toMatch(new RegExp(`/?${nodePath(tree, origin[node]!)}$`))
  })

  test('the map names groups, also where one has a single folder or file', async () => {
    const tree = await treeOf(before)
    const { tree: grouped } = regroup(tree, (node) => node % 2, ['even', 'odd'])
    const names = layoutTreemap(grouped, { root: 0, area, weighting: 'larger', hasGroups: true }).map((cell) =>
      nodePath(grouped, cell.node),
    )
    expect(names).toEqual(expect.arrayContaining(['even', 'odd']))
    const single = regroup(tree, () => 0, ['all']).tree
    expect(
      layoutTreemap(single, { root: 0, area, weighting: 'larger', hasGroups: true }).map((cell) =>
        nodePath(single, cell.node),
      )[0],
    ).toBe('all')
  })

  test('by kind at once, by class and package when they are known; the columns go along', async () => {
    const tree = await treeOf(before)
    expect(
      Object.keys(paths(groupingOf('kind').group(tree, { classes: undefined, layers })!.tree)).filter(
        (path) => !path.includes('/'),
      ),
    ).toEqual(expect.arrayContaining(['Toolchain', 'Runtime', 'Application']))
    expect(groupingOf('package').group(tree, { classes: undefined, layers })).toBeUndefined()
    const gcc = Array.from(tree.parent.keys()).find((node) => nodePath(tree, node) === 'usr/bin/gcc')!
    const classes = {
      packageNames: ['gcc-12'],
      ledger: new Uint8Array(tree.parent.length).fill(3),
      package: Int32Array.from(tree.parent, (_, node) => (node === gcc ? 0 : -1)),
    }
    const { tree: grouped, origin } = groupingOf('package').group(tree, { classes, layers })!
    expect(paths(grouped)).toMatchObject({ 'gcc-12/usr/bin/gcc': 50, 'No package': 55 })
    const found = findMatches(grouped, 'package:gcc-12', groupClasses(classes, origin))
    expect(Array.from(found.nodes, (node) => nodePath(grouped, node))).toEqual(['gcc-12/usr/bin/gcc'])
  })
})
