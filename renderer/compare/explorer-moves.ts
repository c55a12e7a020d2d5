import type { UnionTree } from '../../electron/core/compare/union-tree'
import type { ExplorerState, Zoom } from '../shared/explorer-state'
import type { Page } from '../shared/page'
import { matchesIn, treeIn } from '../shared/selectors'
import type { Cell } from '../treemap/cells'
import { firstChild, hasChildren, neighbor, wayTo } from '../treemap/tree-walk'
import { openSelected } from './file-content'

// Where in the tree the user is: zoom, selection, open folders, matches.

const shown = ({ state }: Page): UnionTree | undefined => treeIn(state.get())

/** Zooms to a folder, or to the folder of a file. */
export function zoomTo(page: Page, node: number): void {
  const tree = shown(page)
  if (tree) goTo(page, { zoom: hasChildren(tree, node) ? node : Math.max(0, tree.parent[node]!), rest: undefined })
}

/** Zooms to the small entries that a cell stands for, or to the folder that it is. False for a file. */
export function zoomToCell(page: Page, cell: Cell): boolean {
  const tree = shown(page)
  if (!tree) return false
  if (cell.kind === 'group') goTo(page, { zoom: cell.node, rest: cell.grouped })
  else if (hasChildren(tree, cell.node)) zoomTo(page, cell.node)
  else return false
  return true
}

/** To the small entries first, where only those were shown; then to the folder above. */
export function zoomOut(page: Page): void {
  const tree = shown(page)
  const { zoom, rest } = page.explorer.get()
  if (!tree || (zoom === 0 && !rest)) return
  if (rest) return zoomTo(page, zoom)
  zoomTo(page, tree.parent[zoom]!)
  page.explorer.change({ selection: zoom })
}

/** Back to where the zoom was before. */
export function zoomBack({ explorer }: Page): void {
  const { history } = explorer.get()
  const last = history.at(-1)
  if (last !== undefined) explorer.change({ ...last, history: history.slice(0, -1) })
}

const maxHistory = 51

function goTo(page: Page, target: Zoom): void {
  const tree = shown(page)
  const { zoom, rest, history, expanded } = page.explorer.get()
  if (!tree || (zoom === target.zoom && rest === target.rest)) return
  page.explorer.change({
    ...target,
    history: [...history, { zoom, rest }].slice(-maxHistory),
    expanded: withAncestors(expanded, tree, target.zoom),
  })
}

/** Whether a node is in what the map shows. */
export function isInZoom({ zoom, rest }: ExplorerState, tree: UnionTree, node: number): boolean {
  if (rest) return rest.some((top) => node >= top && node < tree.end[top]!)
  return node > zoom && node < tree.end[zoom]!
}

/** Selects a node and makes sure that its folder is open in the table. */
export function select(page: Page, node: number | undefined): void {
  const tree = shown(page)
  const { expanded } = page.explorer.get()
  if (!tree || node === undefined) return page.explorer.change({ selection: undefined, selectedCell: undefined })
  page.explorer.change({ selection: node, expanded: withAncestors(expanded, tree, tree.parent[node]!) })
}

/** Opens what a cell stands for: a folder and a group of small files by zooming, a file in its window. */
export function openCell(page: Page, cell: Cell): void {
  if (zoomToCell(page, cell)) return
  select(page, cell.node)
  openSelected(page)
}

export function toggleExpanded({ explorer }: Page, node: number): void {
  const expanded = new Set(explorer.get().expanded)
  if (!expanded.delete(node)) expanded.add(node)
  explorer.change({ expanded })
}

/** Goes to the next match (1) or the previous one (-1), zooming out to where it can be seen. */
export function goToMatch(page: Page, direction: 1 | -1): void {
  const tree = shown(page)
  const matches = matchesIn(page.state.get())?.nodes
  if (!tree || !matches || matches.length === 0) return
  const { matchAt } = page.explorer.get()
  const from = matchAt < 0 && direction < 0 ? 0 : matchAt
  const at = (from + direction + matches.length) % matches.length
  page.explorer.change({ matchAt: at })
  selectInView(page, tree, matches[at]!, 0)
}

/** Walks the tree, not the pixels; see neighbor. */
export function moveSelection(page: Page, key: string): void {
  const tree = shown(page)
  if (!tree) return
  const { selection, zoom } = page.explorer.get()
  const target = selection === undefined ? firstChild(tree, zoom) : neighbor(tree, selection, key)
  if (target !== undefined) selectInView(page, tree, target, Math.max(0, tree.parent[target]!))
}

/** Selects a node; where the map does not show it, zooms to `folder`. */
function selectInView(page: Page, tree: UnionTree, node: number, folder: number): void {
  select(page, node)
  if (!isInZoom(page.explorer.get(), tree, node)) zoomTo(page, folder)
}

/** What Enter does with a folder: the table opens it, the map zooms to it. */
export function enterFolder(page: Page): void {
  const { selection, isTable } = page.explorer.get()
  if (selection === undefined) return
  if (isTable) toggleExpanded(page, selection)
  else zoomTo(page, selection)
}

/** Opens the cell of small entries that the selection is in. */
export function showSmallEntries(page: Page): void {
  const { selectedCell } = page.explorer.get()
  if (selectedCell?.kind === 'group') zoomToCell(page, selectedCell)
}

/** Opens the folders on the way to the largest entry, and selects it. */
export function revealInTable(page: Page, node: number | undefined): void {
  page.explorer.change({ isFlat: false })
  if (node !== undefined) select(page, node)
}

function withAncestors(expanded: ReadonlySet<number>, tree: UnionTree, node: number): ReadonlySet<number> {
  const opened = new Set([...expanded, ...wayTo(tree, node)])
  return opened.size === expanded.size ? expanded : opened
}
