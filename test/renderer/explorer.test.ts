import { beforeEach, describe, expect, test } from 'vitest'
import { nodePath } from '../../electron/core/image/path-tree'
import { openImages } from '../../renderer/compare/comparing'
import {
  findInMap,
  search,
  setGrouping,
  setView,
  showAllLayers,
  showTable,
  sortBy,
  toggleLayer,
} from '../../renderer/compare/explorer'
import {
  goToMatch,
  moveSelection,
  openCell,
  revealInTable,
  select,
  showSmallEntries,
  toggleExpanded,
  zoomBack,
  zoomOut,
  zoomTo,
  zoomToCell,
} from '../../renderer/compare/explorer-moves'
import type { Page } from '../../renderer/shared/page'
import { matchesIn, pathIn, selectedOrigin, shownIn, treeIn } from '../../renderer/shared/selectors'
import type { Cell } from '../../renderer/treemap/cells'
import { groupingOf } from '../../renderer/treemap/groupings'
import { fakePage, ok, refused } from '../support/fake-page'
import { comparison } from '../support/page-values'

let page: Page

beforeEach(async () => {
  const { answers } = await comparison()
  page = fakePage({
    ...answers,
    'comparison.entry': () => ok({ path: '/x', before: undefined, after: undefined }),
  }).page
  await openImages(page, 'before', 'after')
})

const nodeAt = (path: string): number => {
  const tree = treeIn(page.state.get())!
  return Array.from(tree.parent.keys()).find((node) => nodePath(tree, node) === path)!
}
const pathOf = (node: number): string => pathIn(page.state.get(), node)
const selected = (): string | undefined => {
  const { selection } = page.explorer.get()
  return selection === undefined ? undefined : pathOf(selection)
}
const matched = (): string[] => Array.from(matchesIn(page.state.get())?.nodes ?? [], pathOf)
const cell = (fields: Partial<Cell>): Cell =>
  ({ kind: 'file', node: 0, outermost: 0, grouped: [], x: 0, y: 0, width: 1, height: 1, header: 0, ...fields }) as Cell

describe('the zoom', () => {
  test('goes to a folder, or to the folder of a file; back goes to where it was', () => {
    zoomTo(page, nodeAt('usr'))
    zoomTo(page, nodeAt('usr/bin/gcc'))
    expect(pathOf(page.explorer.get().zoom)).toBe('/usr/bin')
    zoomBack(page)
    expect(pathOf(page.explorer.get().zoom)).toBe('/usr')
    zoomBack(page)
    zoomBack(page)
    expect(page.explorer.get()).toMatchObject({ zoom: 0, history: [] })
  })

  test('opens its folders in the table, and goes out to the folder above, which is then selected', () => {
    zoomTo(page, nodeAt('usr/bin'))
    expect(page.explorer.get().expanded).toEqual(new Set([0, nodeAt('usr'), nodeAt('usr/bin')]))
    zoomOut(page)
    expect([pathOf(page.explorer.get().zoom), selected()]).toEqual(['/usr', '/usr/bin'])
    zoomOut(page)
    zoomOut(page)
    expect(page.explorer.get().zoom).toBe(0)
  })

  test('goes to small entries, and from them to their folder', () => {
    const group = cell({ kind: 'group', node: nodeAt('app'), grouped: [nodeAt('app/old')] })
    expect(zoomToCell(page, group)).toBe(true)
    expect(page.explorer.get()).toMatchObject({ zoom: nodeAt('app'), rest: [nodeAt('app/old')] })
    zoomOut(page)
    expect(page.explorer.get()).toMatchObject({ zoom: nodeAt('app'), rest: undefined })
    page.explorer.change({ selectedCell: group })
    showSmallEntries(page)
    expect(page.explorer.get().rest).toEqual([nodeAt('app/old')])
  })

  test('is not for files: those open in a window', () => {
    expect(zoomToCell(page, cell({ node: nodeAt('app/old') }))).toBe(false)
    openCell(page, cell({ node: nodeAt('app/old') }))
    expect(selected()).toBe('/app/old')
    expect(page.jobs.file.slot.get()).toMatchObject({ subject: { kind: 'entry', node: nodeAt('app/old') } })
  })

  test('remembers fifty places and no more', () => {
    for (let times = 0; times < 60; times++) zoomTo(page, nodeAt(times % 2 === 0 ? 'usr' : 'app'))
    expect(page.explorer.get().history).toHaveLength(51)
  })
})

describe('the selection', () => {
  test('walks the tree by size, into folders and out of them', () => {
    const walk = ['ArrowDown', 'ArrowRight', 'ArrowRight', 'ArrowLeft', 'ArrowLeft', 'ArrowDown', 'ArrowUp'].map(
      (key) => {
        moveSelection(page, key)
        return selected()
      },
    )
    expect(walk).toEqual(['/usr', '/usr/bin', '/usr/bin/gcc', '/usr/bin', '/usr', '/app', '/usr'])
  })

  test('survives another grouping and hidden layers where the file is still shown', () => {
    select(page, nodeAt('app/main'))
    const origin = selectedOrigin(page.state.get())
    for (const id of ['layer', 'kind', 'class', 'package', 'folder']) {
      setGrouping(page, groupingOf(id))
      expect([id, selectedOrigin(page.state.get()), selected()]).toEqual([id, origin, '/app/main'])
    }
    toggleLayer(page, 'before:0')
    expect(selectedOrigin(page.state.get())).toBe(origin)
    toggleLayer(page, 'before:1')
    toggleLayer(page, 'after:0')
    expect(page.explorer.get().selection).toBeUndefined()
  })

  test('stays when the images are analyzed afterwards, with zoom and open folders', () => {
    const analysis = page.jobs.analysis.slot.get()
    page.jobs.analysis.reset()
    zoomTo(page, nodeAt('usr'))
    select(page, nodeAt('usr/bin/gcc'))
    const before = page.explorer.get()
    page.jobs.analysis.slot.set(analysis)
    expect(page.explorer.get()).toBe(before)
    expect(selected()).toBe('/usr/bin/gcc')
  })

  test('of a group is of no file', () => {
    setGrouping(page, groupingOf('layer'))
    select(page, 1)
    expect(selectedOrigin(page.state.get())).toBeUndefined()
    expect(pathOf(1)).toMatch(/^(Before|After) 1: no instruction recorded$/)
  })

  test('is shown in the table by opening the folders on the way', () => {
    page.explorer.change({ isFlat: true })
    revealInTable(page, nodeAt('usr/bin/gcc'))
    expect(page.explorer.get()).toMatchObject({ isFlat: false, selection: nodeAt('usr/bin/gcc') })
    expect(page.explorer.get().expanded).toContain(nodeAt('usr/bin'))
    toggleExpanded(page, nodeAt('usr/bin'))
    expect(page.explorer.get().expanded).not.toContain(nodeAt('usr/bin'))
  })
})

describe('the search', () => {
  test('finds entries of the shown tree, and says what is wrong with a word', () => {
    search(page, 'main')
    expect(matched()).toEqual(['/app/main'])
    search(page, 'kind:nonsense')
    expect(matchesIn(page.state.get())).toMatchObject({ problem: expect.stringMatching(/\.$/) })
    search(page, '  ')
    expect(matchesIn(page.state.get())).toBeUndefined()
  })

  test('goes through its matches and round, zooming out to them', () => {
    search(page, 'gcc')
    zoomTo(page, nodeAt('app'))
    goToMatch(page, 1)
    expect([selected(), page.explorer.get().zoom]).toEqual(['/usr/bin/gcc', 0])
    goToMatch(page, -1)
    const last = selected()
    goToMatch(page, 1)
    expect([last, selected()]).toEqual(['/usr/share/doc/gcc', '/usr/bin/gcc'])
    search(page, 'other')
    expect(page.explorer.get().matchAt).toBe(-1)
  })

  test('holds under another grouping, and leaves hidden layers out', () => {
    search(page, 'main')
    setGrouping(page, groupingOf('layer'))
    expect(matched()).toEqual(['/app/main', '/app/main'])
    toggleLayer(page, 'after:0')
    expect(matched()).toEqual(['/app/main'])
    toggleLayer(page, 'before:1')
    expect(matched()).toEqual([])
    showAllLayers(page)
    expect(matched()).toHaveLength(2)
  })

  test('is computed once for as long as nothing changes it', () => {
    search(page, 'gcc')
    const [tree, matches] = [treeIn(page.state.get()), matchesIn(page.state.get())]
    zoomTo(page, nodeAt('usr'))
    setView(page, 'delta')
    expect(treeIn(page.state.get())).toBe(tree)
    expect(matchesIn(page.state.get())).toBe(matches)
  })

  test('leads from a finding to the map', () => {
    page.workspace.change({ step: 'findings' })
    findInMap(page, 'class:waste')
    expect([page.workspace.get().step, page.explorer.get().query]).toEqual(['compare', 'class:waste'])
  })
})

test('a grouping that needs an analysis is not taken before there is one', () => {
  page.jobs.analysis.reset()
  setGrouping(page, groupingOf('class'))
  expect(page.explorer.get().grouping.id).toBe('folder')
})

test('a hidden layer takes its files out of its own side', () => {
  const bytes = () => [treeIn(page.state.get())!.beforeBytes[0], treeIn(page.state.get())!.afterBytes[0]]
  expect(bytes()).toEqual([5071, 57])
  toggleLayer(page, 'before:0')
  expect(bytes()).toEqual([31, 57])
  toggleLayer(page, 'before:0')
  expect(bytes()).toEqual([5071, 57])
  expect(shownIn(page.state.get())!.origin).toBeUndefined()
})

test('the table sorts by a column, largest first, and by the same column the other way', () => {
  const sorts = (['path', 'path', 'before', 'before'] as const).map((column) => {
    sortBy(page, column)
    return page.explorer.get().sort
  })
  expect(sorts).toEqual([
    { column: 'path', isAscending: true },
    { column: 'path', isAscending: false },
    { column: 'before', isAscending: false },
    { column: 'before', isAscending: true },
  ])
})

test('the table has no cell of the map; a view of the map closes it', () => {
  page.explorer.change({ selectedCell: cell({}) })
  showTable(page, true)
  expect(page.explorer.get()).toMatchObject({ isTable: true, selectedCell: undefined })
  setView(page, 'before')
  expect(page.explorer.get()).toMatchObject({ isTable: false, view: 'before' })
})

test('another comparison begins anew; until it is read nothing is shown', async () => {
  search(page, 'gcc')
  zoomTo(page, nodeAt('usr'))
  const other = await comparison({ comparisonId: 'comparison-2', isSingle: true })
  const next = fakePage(other.answers).page
  next.explorer.set(page.explorer.get())
  const opening = openImages(next, 'image', undefined)
  expect(treeIn(next.state.get())).toBeUndefined()
  expect(matchesIn(next.state.get())).toBeUndefined()
  await opening
  expect(next.explorer.get()).toMatchObject({ query: '', zoom: 0, history: [], view: 'before' })
})

test('without a comparison every move does nothing', () => {
  const empty = fakePage({ 'image.open': () => refused('no') }).page
  const before = empty.explorer.get()
  zoomTo(empty, 3)
  zoomOut(empty)
  moveSelection(empty, 'ArrowDown')
  goToMatch(empty, 1)
  toggleLayer(empty, 'before:0')
  expect(empty.explorer.get()).toBe(before)
})
