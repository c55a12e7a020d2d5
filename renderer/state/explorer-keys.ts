import { groupings, needsClasses } from '../layout/groupings'
import { hasChildren } from '../layout/tree-walk'
import { colorings, explorer, mapViews, openSelected, search, setGrouping, setView, showTable } from './explorer'
import { moveSelection, select, toggleExpanded, zoomOut, zoomTo, zoomToCell } from './explorer-moves'

/** What a key does while map or table has the focus; false where it means nothing. */
export function explorerKey(key: string): boolean {
  const { tree } = explorer.get()
  if (!tree) return false
  if (key.startsWith('Arrow') || key === 'Home' || key === 'End') return moveSelection(key)
  const act = actions[key.length === 1 ? key.toLowerCase() : key]
  if (act === undefined) return false
  act()
  return true
}

export const focusSearch = (): void => focusSoon('file-search')
export const focusExplorer = (): void => focusSoon('explorer-main')

/** At once where it is there, so that no key is lost; with the next frame where it is about to be shown. */
function focusSoon(id: string): void {
  const element = document.getElementById(id)
  if (element) element.focus()
  else requestAnimationFrame(() => document.getElementById(id)?.focus())
}

export function nextColoring(): void {
  const { coloring } = explorer.get()
  explorer.change({ coloring: colorings[(colorings.indexOf(coloring) + 1) % colorings.length]! })
}

export function nextGrouping(): void {
  const { grouping, unionClasses } = explorer.get()
  const usable = groupings.filter((each) => !needsClasses(each) || unionClasses !== undefined)
  setGrouping(usable[(usable.indexOf(grouping) + 1) % usable.length]!)
}

/** The same place in the other image, alone. */
export function otherImage(): void {
  setView(explorer.get().view === 'after' ? 'before' : 'after')
}

const regions = ['explorer-main', 'layer-list', 'file-search']

/** From one part of the view to the next, and round. */
export function nextRegion(): void {
  const at = regions.findIndex((id) => document.getElementById(id)?.contains(document.activeElement))
  document.getElementById(regions[(at + 1) % regions.length]!)?.focus()
}

/** Steps back out: first the search, then the selection, then the zoom. */
function stepOut(): void {
  const { query, selection, zoom, rest } = explorer.get()
  if (query !== '') search('')
  else if (selection !== undefined) select(undefined)
  else if (zoom !== 0 || rest) zoomTo(0)
}

function enter(): void {
  const { tree, selection, isTable } = explorer.get()
  if (!tree || selection === undefined) return
  if (!hasChildren(tree, selection)) openSelected()
  else if (isTable) toggleExpanded(selection)
  else zoomTo(selection)
}

/** Opens the cell of small entries that the selection is in. */
function showSmall(): void {
  const { selectedCell } = explorer.get()
  if (selectedCell?.kind === 'group') zoomToCell(selectedCell)
}

const actions: Readonly<Record<string, () => void>> = {
  Enter: enter,
  Backspace: zoomOut,
  Escape: stepOut,
  '0': () => zoomTo(0),
  t: () => showTable(!explorer.get().isTable),
  ...Object.fromEntries(mapViews.map((view, at) => [String(at + 1), () => setView(view)])),
  g: nextGrouping,
  c: nextColoring,
  '/': focusSearch,
  ' ': () => explorer.change({ isBlinking: true }),
  l: () => document.getElementById('layer-list')?.focus(),
  x: otherImage,
  s: showSmall,
}
