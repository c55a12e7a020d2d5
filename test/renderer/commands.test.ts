import { describe, expect, test } from 'vitest'
import { commands, runKey } from '../../renderer/app/commands'
import { openImages } from '../../renderer/compare/comparing'
import { runExplorerKey } from '../../renderer/compare/explorer-commands'
import { select } from '../../renderer/compare/explorer-moves'
import { type Command, keysText } from '../../renderer/shared/command'
import { idle } from '../../renderer/shared/job'
import { type KeyLike, pressOf, pressText } from '../../renderer/shared/key-press'
import type { Page } from '../../renderer/shared/page'
import { type Answers, type FakePage, fakePage, ok, settle } from '../support/fake-page'
import { appState, buildResult, comparison, engine, project } from '../support/page-values'

const named = (id: string): Command => commands.find((each) => each.id === id)!
const nowhere = { isText: false, isEditor: false }

/** A page that shows a comparison, of a project that is open. */
async function comparing(more: Answers = {}): Promise<FakePage> {
  const { answers } = await comparison()
  const fake = fakePage({ ...answers, ...more })
  await openImages(fake.page, 'before', 'after')
  fake.page.workspace.change({ app: appState({ sample: '/sample.cutaway' }), engine, project: project() })
  return fake
}

const enabled = ({ state }: Page): string[] =>
  commands.filter(({ isEnabled }) => isEnabled(state.get())).map(({ id }) => id)

test('the list: every command by its label and keys, as palette and list of keys show them', () => {
  const shown = commands.map((each) => [
    each.id,
    each.label,
    keysText(each) ?? '',
    [each.isInPalette ? 'palette' : '', each.isInKeyList && keysText(each) ? 'keys' : ''].join(' ').trim(),
  ])
  expect(shown).toEqual([
    ['open-folder', 'Open a folder …', 'Ctrl+O', 'palette keys'],
    ['build', 'Build both variants', 'Ctrl+Enter', 'palette keys'],
    ['build-without-cache', 'Build both variants without cache', '', 'palette'],
    ['cancel-build', 'Cancel the build', 'Ctrl+.', 'palette keys'],
    ['go-to-source', 'Go to Source', '', 'palette'],
    ['go-to-variants', 'Go to Variants', '', 'palette'],
    ['go-to-build', 'Go to Build', '', 'palette'],
    ['go-to-compare', 'Go to Compare', '', 'palette'],
    ['go-to-findings', 'Go to Findings', '', 'palette'],
    ['find-files', 'Find files', 'Ctrl+F or /', 'palette keys'],
    ['select-sibling', 'previous and next of the same folder, largest first', '↑ ↓', 'keys'],
    ['select-level', 'into a folder, out of it', '→ ←', 'keys'],
    ['select-extreme', 'largest and smallest of the folder', 'Home End', 'keys'],
    ['enter-folder', 'zoom to a folder', 'Enter', 'keys'],
    ['zoom-out', 'zoom out', 'Backspace', 'keys'],
    ['focus-layers', 'list of layers', 'L', 'keys'],
    ['blink', 'the other image in the same place', 'Space, held', 'keys'],
    ['show-small-entries', 'the small entries that the selected one is among', 'S', 'keys'],
    ['open-menu', 'menu of the selected entry', 'Shift+F10', 'keys'],
    ['step-out', 'Clear the selection, then the zoom', 'Esc', ''],
    ['clear-search', 'Clear the search', 'Esc', 'palette keys'],
    ['show-aligned', 'Show both images', '1', 'palette keys'],
    ['show-delta', 'Show the difference', '2', 'palette keys'],
    ['show-before', 'Show only before', '3', 'palette keys'],
    ['show-after', 'Show only after', '4', 'palette keys'],
    ['toggle-table', 'Table or map', 'T', 'palette keys'],
    ['group-by-folder', 'Group by folder', '', 'palette'],
    ['group-by-layer', 'Group by layer', '', 'palette'],
    ['group-by-kind', 'Group by kind', '', 'palette'],
    ['group-by-class', 'Group by class', '', 'palette'],
    ['group-by-package', 'Group by package', '', 'palette'],
    ['next-grouping', 'Next grouping', 'G', 'palette keys'],
    ['next-coloring', 'Next colouring', 'C', 'palette keys'],
    ['zoom-to-all', 'Zoom to the whole image', '0', 'palette keys'],
    ['other-image', 'The other image alone', 'X', 'palette keys'],
    ['show-all-layers', 'Show all layers', '', 'palette'],
    ['next-region', 'Next part of the view', 'F6', 'palette keys'],
    ['zoom-back', 'Zoom back', 'Alt+←', 'palette keys'],
    ['open-selected', 'Open the selected file', 'Enter', 'palette keys'],
    ['open-file', 'Open a saved image or comparison …', '', 'palette'],
    ['open-sample', 'See a finished comparison', '', 'palette'],
    ['save-report', 'Save a report (.html)', '', 'palette'],
    ['save-comparison', 'Save the comparison (.cutaway)', '', 'palette'],
    ['save-summary', 'Save a summary (.md)', '', 'palette'],
    ['save-data', 'Save the data (.json)', '', 'palette'],
    ['refresh-engine', 'Look for the engine again', '', 'palette'],
    ['show-palette', 'Commands', 'Ctrl+K', 'keys'],
    ['show-shortcuts', 'This list', 'F1 or ?', 'keys'],
  ])
})

test('ids are unique, and a text for keys names keys that the command has', () => {
  expect(new Set(commands.map(({ id }) => id)).size).toBe(commands.length)
  for (const each of commands) {
    if (each.keyText === undefined) continue
    const presses = [...each.keys, ...each.explorerKeys].map(pressText)
    for (const part of each.keyText.replace(', held', '').split(' '))
      expect([each.id, presses]).toEqual([each.id, expect.arrayContaining([part])])
  }
})

test('no two commands have the same key everywhere; in the map only Enter and Esc are shared', () => {
  const doubled = (keys: readonly string[]): string[] => keys.filter((key, index) => keys.indexOf(key) !== index)
  expect(doubled(commands.flatMap(({ keys }) => keys))).toEqual([])
  expect(doubled(commands.flatMap(({ explorerKeys }) => explorerKeys)).sort()).toEqual(['Enter', 'Escape'])
})

describe('what can run', () => {
  test('with nothing opened', () => {
    const { page } = fakePage()
    page.workspace.change({ app: appState() })
    expect(enabled(page)).toEqual([
      'open-folder',
      'go-to-source',
      'open-file',
      'refresh-engine',
      'show-palette',
      'show-shortcuts',
    ])
  })

  test('with a project', () => {
    const { page } = fakePage()
    page.workspace.change({ app: appState({ sample: '/x.cutaway' }), project: project() })
    expect(enabled(page)).toEqual([
      'open-folder',
      'build',
      'build-without-cache',
      'go-to-source',
      'go-to-variants',
      'open-file',
      'open-sample',
      'refresh-engine',
      'show-palette',
      'show-shortcuts',
    ])
  })

  test('while a build runs: it can be cancelled, and none started', () => {
    const { page } = fakePage()
    page.workspace.change({ project: project() })
    void page.jobs.build.start({ variants: project().variants, isSaved: false }, () => new Promise(() => undefined))
    const ids = enabled(page)
    expect(ids).toContain('cancel-build')
    expect(ids).toContain('go-to-build')
    expect(ids).not.toContain('build')
    expect(ids).not.toContain('build-without-cache')
  })

  test('in a report nothing that needs a host', async () => {
    const { page } = await comparing()
    page.workspace.change({ app: appState({ host: 'report' }) })
    const ids = enabled(page)
    for (const id of ['open-folder', 'open-file', 'refresh-engine', 'save-report', 'go-to-source'])
      expect([id, ids.includes(id)]).toEqual([id, false])
    for (const id of ['save-comparison', 'save-data', 'find-files']) expect([id, ids.includes(id)]).toEqual([id, true])
  })

  test('groupings by class and package once the images are analyzed, all layers when one is hidden', async () => {
    const { page } = await comparing()
    expect(enabled(page)).toEqual(expect.arrayContaining(['group-by-class', 'group-by-package']))
    expect(enabled(page)).not.toContain('show-all-layers')
    page.explorer.change({ hidden: new Set(['before:0'] as const) })
    expect(enabled(page)).toContain('show-all-layers')
    page.jobs.analysis.reset()
    expect(enabled(page)).not.toContain('group-by-class')
    expect(enabled(page)).not.toContain('group-by-package')
  })

  test('of one image alone there are no findings and no summary', async () => {
    const { answers } = await comparison({ isSingle: true })
    const { page } = fakePage(answers)
    await openImages(page, 'image', undefined)
    const ids = enabled(page)
    expect(ids).toContain('go-to-compare')
    expect(ids).not.toContain('go-to-findings')
    expect(ids).not.toContain('save-summary')
  })
})

describe('what they do', () => {
  /** For each command what it changed or asked for, told in one line. */
  const effects: readonly (readonly [string, (fake: FakePage) => unknown, unknown])[] = [
    ['open-folder', ({ page }) => page.workspace.get().picking, { droppedName: undefined }],
    [
      'open-file',
      ({ page }) => [page.workspace.get().step, page.workspace.get().picking],
      ['source', { droppedName: undefined }],
    ],
    [
      'build',
      ({ host }) => host.asked.find(({ name }) => name === 'variant.build')?.input,
      expect.objectContaining({ noCache: false }),
    ],
    [
      'build-without-cache',
      ({ host }) => host.asked.find(({ name }) => name === 'variant.build')?.input,
      expect.objectContaining({ noCache: true, path: '/work/shop' }),
    ],
    ['go-to-source', ({ page }) => page.workspace.get().step, 'source'],
    ['go-to-variants', ({ page }) => page.workspace.get().step, 'variants'],
    ['go-to-build', ({ page }) => page.workspace.get().step, 'build'],
    ['go-to-compare', ({ page }) => page.workspace.get().step, 'compare'],
    ['go-to-findings', ({ page }) => page.workspace.get().step, 'findings'],
    ['find-files', ({ browser }) => browser.focused, ['file-search']],
    ['focus-layers', ({ browser }) => browser.focused, ['layer-list']],
    ['blink', ({ page }) => page.explorer.get().isBlinking, true],
    ['open-menu', ({ page }) => page.explorer.get().menu, { x: 24, y: 40 }],
    ['clear-search', ({ page, browser }) => [page.explorer.get().query, browser.focused], ['', ['explorer-main']]],
    ['show-aligned', ({ page }) => page.explorer.get().view, 'aligned'],
    ['show-delta', ({ page }) => page.explorer.get().view, 'delta'],
    ['show-before', ({ page }) => page.explorer.get().view, 'before'],
    ['show-after', ({ page }) => page.explorer.get().view, 'after'],
    ['toggle-table', ({ page }) => page.explorer.get().isTable, true],
    ['group-by-folder', ({ page }) => page.explorer.get().grouping.id, 'folder'],
    ['group-by-layer', ({ page }) => page.explorer.get().grouping.id, 'layer'],
    ['group-by-kind', ({ page }) => page.explorer.get().grouping.id, 'kind'],
    ['group-by-class', ({ page }) => page.explorer.get().grouping.id, 'class'],
    ['group-by-package', ({ page }) => page.explorer.get().grouping.id, 'package'],
    ['next-grouping', ({ page }) => page.explorer.get().grouping.id, 'layer'],
    ['next-coloring', ({ page }) => page.explorer.get().coloring.id, 'layer'],
    ['other-image', ({ page }) => page.explorer.get().view, 'after'],
    ['next-region', ({ browser }) => browser.focused, ['next of explorer-main layer-list file-search']],
    ['open-sample', ({ host }) => host.asked.at(-1)?.name, 'comparison.classes'],
    ['save-report', ({ browser }) => browser.saved.map(({ name }) => name), ['shop.cutaway.html']],
    ['save-comparison', ({ browser }) => browser.saved.map(({ name }) => name), ['shop.cutaway']],
    ['save-summary', ({ browser }) => browser.saved.map(({ name }) => name), ['shop.md']],
    ['save-data', ({ browser }) => browser.saved.map(({ name }) => name), ['shop.json']],
    ['refresh-engine', ({ host }) => host.asked.at(-1)?.name, 'engine.status'],
    ['show-palette', ({ page }) => page.workspace.get().sheet, 'palette'],
    ['show-shortcuts', ({ page }) => page.workspace.get().sheet, 'shortcuts'],
  ]

  test.each(effects)('%s', async (id, effect, expected) => {
    const fake = await comparing({
      'variant.build': () => ok(buildResult()),
      'comparison.save': () => ok(new Uint8Array([1])),
      'comparison.report': () => ok(new Uint8Array([2])),
      'comparison.secrets': () => ok([]),
    })
    fake.page.explorer.change({ query: 'gcc', view: id === 'show-delta' ? 'before' : 'delta' })
    named(id).run(fake.page, '')
    await settle()
    expect(effect(fake)).toEqual(expected)
  })

  test('every command has a test here, or below', () => {
    const elsewhere = [
      'cancel-build',
      'select-sibling',
      'select-level',
      'select-extreme',
      'enter-folder',
      'zoom-out',
      'show-small-entries',
      'step-out',
      'zoom-to-all',
      'show-all-layers',
      'zoom-back',
      'open-selected',
    ]
    expect([...effects.map(([id]) => id), ...elsewhere].sort()).toEqual(commands.map(({ id }) => id).sort())
  })

  test('cancel-build ends the build at the host, and the reading of its images', async () => {
    const { page, host } = fakePage()
    void page.jobs.build.start({ variants: project().variants, isSaved: false }, () => new Promise(() => undefined))
    const build = page.jobs.build.slot.get()
    named('cancel-build').run(page, '')
    await settle()
    expect(host.asked).toEqual([{ name: 'job.cancel', input: { jobId: build.kind === 'idle' ? '' : build.id } }])
  })

  test('show-all-layers takes hidden layers in again', async () => {
    const { page } = await comparing()
    page.explorer.change({ hidden: new Set(['before:0'] as const) })
    named('show-all-layers').run(page, '')
    expect(page.explorer.get().hidden.size).toBe(0)
  })
})

describe('keys', () => {
  const key = (name: string, modifiers: Partial<KeyLike> = {}): string =>
    pressOf({ key: name, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...modifiers })

  test('are named with their modifiers; Command counts as Ctrl, and Shift is part of a character', () => {
    expect(key('o', { ctrlKey: true })).toBe('Ctrl+O')
    expect(key('o', { metaKey: true })).toBe('Ctrl+O')
    expect(key('O', { ctrlKey: true, shiftKey: true })).toBe('Ctrl+Shift+O')
    expect(key('?', { shiftKey: true })).toBe('?')
    expect(key('T', { shiftKey: true })).toBe('T')
    expect(key('F10', { shiftKey: true })).toBe('Shift+F10')
    expect(key('ArrowDown', { shiftKey: true })).toBe('ArrowDown')
    expect(key('ArrowLeft', { altKey: true })).toBe('Alt+ArrowLeft')
  })

  test('run their command everywhere, but for a character that is typed into a field', async () => {
    const { page } = await comparing()
    expect(runKey(page, '?', { isText: true, isEditor: false })).toBe(false)
    expect(page.workspace.get().sheet).toBeUndefined()
    expect(runKey(page, '?', nowhere)).toBe(true)
    expect(page.workspace.get().sheet).toBe('shortcuts')
    expect(runKey(page, 'Ctrl+K', { isText: true, isEditor: false })).toBe(true)
    expect(page.workspace.get().sheet).toBe('palette')
    expect(runKey(page, 'T', nowhere)).toBe(false)
    expect(runKey(page, 'Ctrl+Shift+O', nowhere)).toBe(false)
  })

  test('do nothing where their command cannot run', () => {
    const { page, host } = fakePage()
    expect(runKey(page, 'Ctrl+Enter', nowhere)).toBe(false)
    expect(runKey(page, 'Ctrl+F', nowhere)).toBe(false)
    expect(runExplorerKey(page, 'T')).toBe(false)
    expect(host.asked).toEqual([])
  })

  test('leave Ctrl+F to the editor while it has the focus', async () => {
    const { page, browser } = await comparing()
    expect(runKey(page, 'Ctrl+F', { isText: true, isEditor: true })).toBe(false)
    expect(runKey(page, 'Ctrl+F', { isText: true, isEditor: false })).toBe(true)
    expect(browser.focused).toEqual(['file-search'])
  })

  test('Esc steps out: the search, then the selection, then the zoom', async () => {
    const { page } = await comparing()
    runExplorerKey(page, 'ArrowDown')
    runExplorerKey(page, 'Enter')
    page.explorer.change({ query: 'gcc' })
    const places: unknown[] = []
    for (let presses = 0; presses < 4; presses++) {
      const { query, selection, zoom } = page.explorer.get()
      places.push([query, selection !== undefined, zoom !== 0])
      runExplorerKey(page, 'Escape')
    }
    expect(places).toEqual([
      ['gcc', true, true],
      ['', true, true],
      ['', false, true],
      ['', false, false],
    ])
  })

  test('Enter zooms to a folder, opens it in the table, and opens a file', async () => {
    const { page } = await comparing({
      'comparison.entry': () => ok({ path: '/x', before: undefined, after: undefined }),
    })
    runExplorerKey(page, 'ArrowDown')
    const folder = page.explorer.get().selection!
    runExplorerKey(page, 'Enter')
    expect(page.explorer.get().zoom).toBe(folder)
    runExplorerKey(page, '0')
    expect(page.explorer.get().zoom).toBe(0)
    runExplorerKey(page, 'T')
    const isOpen = page.explorer.get().expanded.has(folder)
    runExplorerKey(page, 'Enter')
    expect(page.explorer.get().expanded.has(folder)).toBe(!isOpen)
    expect(page.jobs.file.slot.get()).toBe(idle)
    const tree = page.jobs.comparison.slot.get()
    const file = tree.kind === 'done' ? tree.value.tree.isFolder.indexOf(0) : -1
    select(page, file)
    runExplorerKey(page, 'Enter')
    expect(page.jobs.file.slot.get()).toMatchObject({ subject: { kind: 'entry', node: file } })
  })
})
