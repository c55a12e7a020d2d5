import { expect, test } from 'vitest'
import type { UnionTree } from '../../electron/core/compare/union-tree'
import { nodePath } from '../../electron/core/image/path-tree'
import { asText, hexLines, imageType, textDiff } from '../../renderer/shared/file-text'
import { areaBytes } from '../../renderer/treemap/area-bytes'
import { changeBytes, changeSums } from '../../renderer/treemap/change-bytes'
import { exportCsv } from '../../renderer/treemap/export-csv'
import { findMatches } from '../../renderer/treemap/find-matches'
import { groupingOf } from '../../renderer/treemap/groupings'
import { tableRows, wayToLargest } from '../../renderer/treemap/table-rows'
import { treeOf } from '../support/union'

const paths = (tree: UnionTree, nodes: Iterable<number>): string[] =>
  Array.from(nodes, (node) => nodePath(tree, node)).sort()

const twoSided = (): Promise<UnionTree> =>
  treeOf(
    [
      [
        ['usr/bin/gcc', 'g'.repeat(5000)],
        ['usr/share/doc/gcc/readme.md', 'd'.repeat(40)],
      ],
      [
        ['app/main', 'm'.repeat(30)],
        ['app/a b', 'x'],
      ],
    ],
    [[['app/main', 'n'.repeat(50)]], [['app/new', 'n'.repeat(7)]]],
  )

test('words of a search: sizes, sides, kinds, layers, forms, quotes, minus; all must hold', async () => {
  const tree = await twoSided()
  const found = (query: string): string[] => {
    const { nodes, problem } = findMatches(tree, query)
    expect(problem).toBeUndefined()
    return paths(tree, nodes)
  }
  expect(found('>4.9kb')).toEqual(['usr/bin/gcc'])
  expect(found('<2b')).toEqual(['app/a b'])
  expect(found('only:after')).toEqual(['app/new'])
  expect(found('only:before *.md')).toEqual(['usr/share/doc/gcc/readme.md'])
  expect(found('change:changed')).toEqual(['app/main'])
  expect(found('kind:docs')).toEqual(['usr/share/doc/gcc/readme.md'])
  expect(found('layer:2')).toEqual(['app/a b', 'app/main'])
  expect(found('layer:after:1')).toEqual(['app/main'])
  expect(found('"a b"')).toEqual(['app/a b'])
  expect(found('/app/ -change:changed')).toEqual(['app/a b', 'app/new'])
  expect(found('/usr/*gcc')).toEqual(['usr/bin/gcc', 'usr/share/doc/gcc'])
  expect(found('gc?')).toEqual(['usr/bin/gcc', 'usr/share/doc/gcc'])
})

test('a word that means nothing is said, with what can be said instead', async () => {
  const tree = await twoSided()
  for (const query of ['kind:nonsense', '>5zb', 'only:both', 'change:', 'layer:x', 'class:nothing', 'package:gcc']) {
    const { nodes, problem } = findMatches(tree, query)
    expect(nodes).toHaveLength(0)
    expect(problem).toMatch(/\.$/)
  }
  for (const query of ['http://x', 'constructor:x', '__proto__:x'])
    expect(findMatches(tree, query)).toEqual({ nodes: new Int32Array(0), problem: undefined })
})

test('a package is found by its name, whoever manages it', async () => {
  const tree = await twoSided()
  const at = (path: string): number => Array.from(tree.parent.keys()).find((node) => nodePath(tree, node) === path)!
  const column = new Int32Array(tree.parent.length).fill(-1)
  column[at('usr/bin/gcc')] = 0
  column[at('app/a b')] = 1
  column[at('app/new')] = 2
  const ledger = new Uint8Array(tree.parent.length)
  const { nodes } = findMatches(tree, 'package:Six', { ledger, package: column, packageNames: ['six', 'seven', 'six'] })
  expect(paths(tree, nodes)).toEqual(['app/new', 'usr/bin/gcc'])
})

test('area stands for the larger side of every file, and siblings are in its order', async () => {
  const tree = await treeOf(
    [
      [
        ['a/one', 'x'.repeat(90)],
        ['b', 'y'.repeat(100)],
      ],
    ],
    [[['a/two', 'z'.repeat(80)]]],
  )
  const bytes = areaBytes(tree)
  expect(Array.from(bytes, (value, node) => [nodePath(tree, node), value])).toEqual([
    ['', 270],
    ['a', 170],
    ['a/one', 90],
    ['a/two', 80],
    ['b', 100],
  ])
})

test('the difference: what a file differs by, folders its sum, and each file once in another grouping', async () => {
  const tree = await twoSided()
  const bytes = changeBytes(tree)
  expect(bytes[0]).toBe(5000 + 40 + 1 + 20 + 7)
  expect(changeSums(tree)).toEqual({ removedBytes: 5041, addedBytes: 27, sameBytes: 0 })
  const shown = (side: string) => [0, 1].map((at) => ({ diffId: `${side}${at}`, createdBy: `RUN ${side}` }))
  const layers = { before: shown('before'), after: shown('after') }
  const { tree: grouped, origin } = groupingOf('layer').group(tree, { classes: undefined, layers })!
  expect(changeBytes(grouped, { union: tree, origin })[0]).toBe(bytes[0])
})

test('by layer: a file is in the layer of either side, and a shared layer is one group', async () => {
  const tree = await twoSided()
  const layers = {
    before: [
      { diffId: 'base', createdBy: '' },
      { diffId: 'own', createdBy: 'COPY . .' },
    ],
    after: [
      { diffId: 'base', createdBy: '' },
      { diffId: 'new', createdBy: 'RUN x' },
    ],
  }
  const { tree: grouped } = groupingOf('layer').group(tree, { classes: undefined, layers })!
  const files = Array.from(grouped.parent.keys()).filter((node) => !grouped.isFolder[node])
  expect(
    Object.fromEntries(
      files.map((node) => [nodePath(grouped, node), [grouped.beforeBytes[node], grouped.afterBytes[node]]]),
    ),
  ).toEqual({
    'Both 1: no instruction recorded/usr/bin/gcc': [5000, 0],
    'Both 1: no instruction recorded/usr/share/doc/gcc/readme.md': [40, 0],
    'Before 2: COPY . ./app/main': [30, 0],
    'Both 1: no instruction recorded/app/main': [0, 50],
    'Before 2: COPY . ./app/a b': [1, 0],
    'After 2: RUN x/app/new': [0, 7],
  })
  expect([grouped.beforeBytes[0], grouped.afterBytes[0]]).toEqual([tree.beforeBytes[0], tree.afterBytes[0]])
})

test('the table sorts by every column, lists files flat, and finds the way to the largest', async () => {
  const tree = await twoSided()
  const rows = (
    column: Parameters<typeof tableRows>[1]['sort']['column'],
    isAscending: boolean,
    isFlat = true,
  ): string[] =>
    tableRows(tree, { root: 0, expanded: new Set([0]), sort: { column, isAscending }, isFlat, matches: undefined }).map(
      ({ node }) => nodePath(tree, node),
    )
  expect(rows('size', false)).toEqual(['usr/bin/gcc', 'app/main', 'usr/share/doc/gcc/readme.md', 'app/new', 'app/a b'])
  expect(rows('path', true)).toEqual(['app/a b', 'app/main', 'app/new', 'usr/bin/gcc', 'usr/share/doc/gcc/readme.md'])
  expect(rows('difference', true)[0]).toBe('usr/bin/gcc')
  expect(rows('after', false)[0]).toBe('app/main')
  expect(rows('layer', false)[0]).toBe('app/main')
  expect(rows('path', true, false)).toEqual(['app', 'usr'])
  expect(rows('path', false, false)).toEqual(['usr', 'app'])
  expect(nodePath(tree, wayToLargest(tree, 0).at(-1)!)).toBe('usr/bin/gcc')
  const only = findMatches(tree, 'kind:docs').nodes
  const request = {
    root: 0,
    expanded: new Set<number>(),
    sort: { column: 'size', isAscending: false },
    isFlat: true,
  } as const
  expect(tableRows(tree, { ...request, matches: only })).toHaveLength(1)
})

test('CSV keeps commas, quotes and line ends inside of their field', async () => {
  const tree = await treeOf([[['a,b "c"\nd', 'xx']]], [[]])
  expect(exportCsv(tree, [1])).toBe(
    'path,before_bytes,after_bytes,change,before_layer,after_layer,kind\r\n"/a,b ""c""\nd",2,,removed,1,,application\r\n',
  )
})

test('content: text only where it is UTF-8 without NUL, pictures by their first bytes, the rest in hex', async () => {
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
  expect(asText(bytes('grüße\n'), true)).toBe('grüße\n')
  expect(asText(bytes('grü').subarray(0, 3), false)).toBe('gr')
  expect(asText(bytes('grü').subarray(0, 3), true)).toBeUndefined()
  expect(asText(new Uint8Array([65, 0, 66]), true)).toBeUndefined()
  expect(imageType(new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d]))).toBe('image/png')
  expect(imageType(bytes('plain'))).toBeUndefined()
  expect(hexLines(new Uint8Array([0x7f, 0x45, 0x4c, 0x46]))).toMatch(/^00000000 {2}7f 45 4c 46 +·ELF$/)
  expect(await textDiff('a\nb\n', 'a\nc\n')).toEqual(['@@ -1,2 +1,2 @@', ' a', '-b', '+c'])
})
