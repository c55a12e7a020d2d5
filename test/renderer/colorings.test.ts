import { expect, test } from 'vitest'
import type { UnionTree } from '../../electron/core/compare/union-tree'
import { nodePath } from '../../electron/core/image/path-tree'
import { type Coloring, coloringOf, colorings, nextColoring } from '../../renderer/treemap/colorings'
import { changeColors, kindColors, layerColors, type PaintedSide } from '../../renderer/treemap/colors'
import type { Grouping } from '../../renderer/treemap/groupings'
import { treeOf } from '../support/union'

/** Files of three kinds, in two layers before and one after, one of each change. */
const tree = (): Promise<UnionTree> =>
  treeOf(
    [
      [
        ['usr/bin/gcc', 'g'],
        ['usr/share/doc/gcc/readme.md', 'd'],
      ],
      [
        ['app/kept', 'k'],
        ['app/changed', 'before'],
        ['app/removed', 'r'],
      ],
    ],
    [
      [
        ['app/kept', 'k'],
        ['app/changed', 'after!'],
        ['app/added', 'a'],
      ],
    ],
  )

async function fills(id: string, side: PaintedSide): Promise<Record<string, string>> {
  const union = await tree()
  const files = Array.from(union.parent.keys()).filter((node) => node > 0 && union.isFolder[node] === 0)
  return Object.fromEntries(files.map((node) => [nodePath(union, node), coloringOf(id).fill(union, node, side)]))
}

test('by kind: a file has the color of its kind, on both sides', async () => {
  const expected = {
    'usr/bin/gcc': kindColors.toolchain,
    'usr/share/doc/gcc/readme.md': kindColors.docs,
    'app/kept': kindColors.application,
    'app/changed': kindColors.application,
    'app/removed': kindColors.application,
    'app/added': kindColors.application,
  }
  for (const side of ['before', 'after', 'delta'] as const) expect(await fills('kind', side)).toEqual(expected)
})

test('by layer: a file has the color of the layer it lies in on that side; in the difference, that of before', async () => {
  const [first, second] = layerColors
  expect(await fills('layer', 'before')).toMatchObject({ 'usr/bin/gcc': first, 'app/kept': second, 'app/added': first })
  expect(await fills('layer', 'after')).toMatchObject({ 'app/kept': first, 'app/changed': first, 'app/added': first })
  expect(await fills('layer', 'delta')).toMatchObject({ 'app/kept': second, 'app/removed': second, 'app/added': first })
})

test('by change: removed, added, changed and same have four colors, which say what the legend says', async () => {
  const named = Object.fromEntries(changeColors.map(({ label, color }) => [label, color]))
  expect(await fills('change', 'before')).toEqual({
    'usr/bin/gcc': named['▼ removed'],
    'usr/share/doc/gcc/readme.md': named['▼ removed'],
    'app/kept': named.same,
    'app/changed': named['◆ changed'],
    'app/removed': named['▼ removed'],
    'app/added': named['▲ added'],
  })
  expect(named).toEqual({ same: '#7c838e', '▼ removed': '#3f97ea', '◆ changed': '#ffd9a8', '▲ added': '#f08a1d' })
})

test('the legend of every coloring names each color that it fills with, once', async () => {
  const union = await tree()
  for (const { id, fill, legend } of colorings) {
    const items = legend(2)
    const colors = items.map(({ color }) => color)
    expect([id, new Set(items.map(({ label }) => label)).size]).toEqual([id, items.length])
    expect([id, new Set(colors).size]).toEqual([id, items.length])
    for (const side of ['before', 'after', 'delta'] as const)
      for (const node of union.parent.keys())
        expect([id, colors]).toEqual([id, expect.arrayContaining([fill(union, node, side)])])
  }
  expect(coloringOf('layer').legend(2)).toEqual([
    { label: 'layer 1', color: layerColors[0] },
    { label: 'layer 2', color: layerColors[1] },
  ])
  expect(coloringOf('layer').legend(40)).toHaveLength(layerColors.length)
})

test('C goes through all colorings and round; only the layers have a color each, and only changes a mark', () => {
  const ids: string[] = []
  for (let coloring = colorings[0], turns = 0; turns < 4; turns++, coloring = nextColoring(coloring))
    ids.push(coloring.id)
  expect(ids).toEqual(['kind', 'layer', 'change', 'kind'])
  expect(colorings.map(({ id, layerFill, hasChangeMarks }) => [id, layerFill?.(9), hasChangeMarks])).toEqual([
    ['kind', undefined, false],
    ['layer', layerColors[0], false],
    ['change', undefined, true],
  ])
})

test('a coloring without a fill, a legend or an object of its own does not compile', () => {
  const { legend, fill } = colorings[0]
  // @ts-expect-error a name alone says neither how to fill nor what the fills mean
  const named: readonly Coloring[] = [...colorings, 'package']
  // @ts-expect-error nobody could read the map without a legend
  const silent: Coloring = { id: 'package', label: 'package', fill, layerFill: undefined, hasChangeMarks: false }
  // @ts-expect-error nothing could be painted without a fill
  const empty: Coloring = { id: 'package', label: 'package', legend, layerFill: undefined, hasChangeMarks: false }
  // @ts-expect-error a grouping has to say how it groups
  const ungrouped: Grouping = { id: 'size', label: 'size', needsClasses: false }
  expect([named.length, silent.id, empty.id, ungrouped.id]).toEqual([4, 'package', 'package', 'size'])
})
