import { type Command, command, runFirst } from '../shared/command'
import { type MapView, mapViews } from '../shared/explorer-state'
import { showStep } from '../shared/navigation'
import type { Page, PageState } from '../shared/page'
import { comparedIn, exploredIn, treeIn } from '../shared/selectors'
import { nextColoring } from '../treemap/colorings'
import { type Grouping, groupings, nextGrouping } from '../treemap/groupings'
import { hasChildren } from '../treemap/tree-walk'
import {
  focusExplorer,
  focusSearch,
  search,
  setGrouping,
  setView,
  showAllLayers,
  showOtherImage,
  showTable,
} from './explorer'
import { enterFolder, moveSelection, select, showSmallEntries, zoomBack, zoomOut, zoomTo } from './explorer-moves'
import { openSelected } from './file-content'

const isComparing = (state: PageState): boolean => comparedIn(state) !== undefined

/** Runs in the Compare step, with the focus where keys act. */
const inExplorer =
  (run: (page: Page) => void) =>
  (page: Page): void => {
    showStep(page, 'compare')
    run(page)
    focusExplorer(page)
  }

function isFolderSelected(state: PageState): boolean {
  const { selection } = state.explorer
  const tree = treeIn(state)
  return tree !== undefined && selection !== undefined && hasChildren(tree, selection)
}

/** Moves within map and table: in the list of keys, and not in the palette, where they mean nothing. */
const move = (input: Pick<Command, 'id' | 'label' | 'explorerKeys' | 'run'> & Partial<Command>): Command =>
  command({ isInPalette: false, isEnabled: isComparing, ...input })

const findFiles = command({
  id: 'find-files',
  label: 'Find files',
  keys: ['Ctrl+F'],
  explorerKeys: ['/'],
  yieldsToEditor: true,
  isEnabled: isComparing,
  run: (page) => {
    showStep(page, 'compare')
    focusSearch(page)
  },
})

const moves: readonly Command[] = [
  move({
    id: 'select-sibling',
    label: 'previous and next of the same folder, largest first',
    explorerKeys: ['ArrowUp', 'ArrowDown'],
    keyText: '↑ ↓',
    run: moveSelection,
  }),
  move({
    id: 'select-level',
    label: 'into a folder, out of it',
    explorerKeys: ['ArrowRight', 'ArrowLeft'],
    keyText: '→ ←',
    run: moveSelection,
  }),
  move({
    id: 'select-extreme',
    label: 'largest and smallest of the folder',
    explorerKeys: ['Home', 'End'],
    keyText: 'Home End',
    run: moveSelection,
  }),
  move({
    id: 'enter-folder',
    label: 'zoom to a folder',
    explorerKeys: ['Enter'],
    isEnabled: isFolderSelected,
    run: enterFolder,
  }),
  move({ id: 'zoom-out', label: 'zoom out', explorerKeys: ['Backspace'], run: zoomOut }),
  move({
    id: 'focus-layers',
    label: 'list of layers',
    explorerKeys: ['L'],
    run: ({ browser }) => browser.focus('layer-list'),
  }),
  move({
    id: 'blink',
    label: 'the other image in the same place',
    explorerKeys: [' '],
    keyText: 'Space, held',
    run: ({ explorer }) => explorer.change({ isBlinking: true }),
  }),
  move({
    id: 'show-small-entries',
    label: 'the small entries that the selected one is among',
    explorerKeys: ['S'],
    run: showSmallEntries,
  }),
  move({
    id: 'open-menu',
    label: 'menu of the selected entry',
    explorerKeys: ['Shift+F10', 'ContextMenu'],
    keyText: 'Shift+F10',
    run: ({ explorer }) => explorer.change({ menu: { x: 24, y: 40 } }),
  }),
]

/** After the search is cleared, Esc goes on to the selection, then to the zoom. */
const stepOut = command({
  id: 'step-out',
  label: 'Clear the selection, then the zoom',
  explorerKeys: ['Escape'],
  isInPalette: false,
  isInKeyList: false,
  isEnabled: ({ explorer: { query, selection, zoom, rest } }) =>
    query === '' && (selection !== undefined || zoom !== 0 || rest !== undefined),
  run: (page) => {
    if (page.explorer.get().selection !== undefined) select(page, undefined)
    else zoomTo(page, 0)
  },
})

const viewLabel: Readonly<Record<MapView, string>> = {
  aligned: 'both images',
  delta: 'the difference',
  before: 'only before',
  after: 'only after',
}

const groupBy = (grouping: Grouping): Command =>
  command({
    id: `group-by-${grouping.id}`,
    label: `Group by ${grouping.label}`,
    isEnabled: (state) => {
      const explored = exploredIn(state)
      return explored !== undefined && (!grouping.needsClasses || explored.classes !== undefined)
    },
    run: inExplorer((page) => setGrouping(page, grouping)),
  })

const cycles: readonly Command[] = [
  command({
    id: 'next-grouping',
    label: 'Next grouping',
    explorerKeys: ['G'],
    isEnabled: isComparing,
    run: inExplorer((page) => {
      const hasClasses = exploredIn(page.state.get())?.classes !== undefined
      setGrouping(page, nextGrouping(page.explorer.get().grouping, hasClasses))
    }),
  }),
  command({
    id: 'next-coloring',
    label: 'Next colouring',
    explorerKeys: ['C'],
    isEnabled: isComparing,
    run: inExplorer(({ explorer }) => explorer.change({ coloring: nextColoring(explorer.get().coloring) })),
  }),
]

/** The parts of the compare view, in the order of F6. */
const regions = ['explorer-main', 'layer-list', 'file-search'] as const

/** All that can be done with map and table, in the order of the palette. */
export const explorerCommands: readonly Command[] = [
  findFiles,
  ...moves,
  stepOut,
  command({
    id: 'clear-search',
    label: 'Clear the search',
    explorerKeys: ['Escape'],
    isEnabled: isComparing,
    run: inExplorer((page) => search(page, '')),
  }),
  ...mapViews.map((view, index) =>
    command({
      id: `show-${view}`,
      label: `Show ${viewLabel[view]}`,
      explorerKeys: [String(index + 1)],
      isEnabled: isComparing,
      run: inExplorer((page) => setView(page, view)),
    }),
  ),
  command({
    id: 'toggle-table',
    label: 'Table or map',
    explorerKeys: ['T'],
    isEnabled: isComparing,
    run: inExplorer((page) => showTable(page, !page.explorer.get().isTable)),
  }),
  ...groupings.map(groupBy),
  ...cycles,
  command({
    id: 'zoom-to-all',
    label: 'Zoom to the whole image',
    explorerKeys: ['0'],
    isEnabled: isComparing,
    run: inExplorer((page) => zoomTo(page, 0)),
  }),
  command({
    id: 'other-image',
    label: 'The other image alone',
    explorerKeys: ['X'],
    isEnabled: isComparing,
    run: inExplorer(showOtherImage),
  }),
  command({
    id: 'show-all-layers',
    label: 'Show all layers',
    isEnabled: (state) => isComparing(state) && state.explorer.hidden.size > 0,
    run: inExplorer(showAllLayers),
  }),
  command({
    id: 'next-region',
    label: 'Next part of the view',
    keys: ['F6'],
    isEnabled: isComparing,
    run: ({ browser }) => browser.focusNext(regions),
  }),
  command({
    id: 'zoom-back',
    label: 'Zoom back',
    explorerKeys: ['Alt+ArrowLeft'],
    isEnabled: isComparing,
    run: inExplorer(zoomBack),
  }),
  command({
    id: 'open-selected',
    label: 'Open the selected file',
    explorerKeys: ['Enter'],
    isEnabled: isComparing,
    run: (page) => void openSelected(page),
  }),
]

/** Runs the command that a key stands for in map and table; false where it stands for none. */
export const runExplorerKey = (page: Page, press: string): boolean =>
  runFirst(
    page,
    press,
    explorerCommands.filter(({ explorerKeys }) => explorerKeys.includes(press)),
  )
