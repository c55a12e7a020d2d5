import type { UnionTree } from '../../electron/core/compare/union-tree'
import type { Cell } from '../layout/cells'
import { firstChild, hasChildren, neighbor, wayTo } from '../layout/tree-walk'
import { explorer, openSelected, type Zoom } from './explorer'

// Where in the tree the user is: zoom, selection, open folders, matches.

/** Zooms to a folder, or to the folder of a file. */
export function zoomTo(node: number): void {
  const { tree } = explorer.get()
  if (tree) goTo({ zoom: hasChildren(tree, node) ? node : Math.max(0, tree.parent[node]!), rest: undefined })
}

/** Zooms to the small entries that a cell stands for, or to the folder that it is. False for a file. */
export function zoomToCell(cell: Cell): boolean {
  const { tree } = explorer.get()
  if (!tree) return false
  if (cell.kind === 'group') goTo({ zoom: cell.node, rest: cell.grouped })
  else if (hasChildren(tree, cell.node)) zoomTo(cell.node)
  else return false
  return true
}

/** To the small entries first, where only those were shown; then to the folder above. */
export function zoomOut(): void {
  const { tree, zoom, rest } = explorer.get()
  if (!tree || (zoom === 0 && !rest)) return
  if (rest) return zoomTo(zoom)
  zoomTo(tree.parent[zoom]!)
  explorer.change({ selection: zoom })
}

/** Back to where the zoom was before. */
export function zoomBack(): void {
  const { history } = explorer.get()
  const last = history.at(-1)
  if (last !== undefined) explorer.change({ ...last, history: history.slice(0, -1) })
}

function goTo(target: Zoom): void {
  const { tree, zoom, rest, history } = explorer.get()
  if (!tree || (zoom === target.zoom && rest === target.rest)) return
  const expanded = withAncestors(tree, target.zoom)
  explorer.change({ ...target, history: [...history.slice(-50), { zoom, rest }], expanded })
}

/** Whether a node lies in what the map shows. */
export function isInZoom(tree: UnionTree, node: number): boolean {
  const { zoom, rest } = explorer.get()
  if (rest) return rest.some((top) => node >= top && node < tree.end[top]!)
  return node > zoom && node < tree.end[zoom]!
}

/** Selects a node and makes sure that its folder is open in the table. */
export function select(node: number | undefined): void {
  const { tree } = explorer.get()
  if (!tree || node === undefined) return explorer.change({ selection: undefined, selectedCell: undefined })
  explorer.change({ selection: node, expanded: withAncestors(tree, tree.parent[node]!) })
}

/** Opens what a cell stands for: a folder and a group of small files by zooming, a file in its window. */
export function openCell(cell: Cell): void {
  if (zoomToCell(cell)) return
  select(cell.node)
  openSelected()
}

export function toggleExpanded(node: number): void {
  const expanded = new Set(explorer.get().expanded)
  if (!expanded.delete(node)) expanded.add(node)
  explorer.change({ expanded })
}

/** Goes to the next match (1) or the previous one (-1), zooming out to where it can be seen. */
export function goToMatch(direction: 1 | -1): void {
  const { tree, matches, matchAt } = explorer.get()
  if (!tree || !matches || matches.length === 0) return
  const from = matchAt < 0 && direction < 0 ? 0 : matchAt
  const at = (from + direction + matches.length) % matches.length
  const node = matches[at]!
  explorer.change({ matchAt: at })
  select(node)
  if (!isInZoom(tree, node)) zoomTo(0)
}

/** Walks the tree, not the pixels; see neighbor. */
export function moveSelection(key: string): boolean {
  const { tree, selection, zoom } = explorer.get()
  if (!tree) return false
  const target = selection === undefined ? firstChild(tree, zoom) : neighbor(tree, selection, key)
  if (target === undefined) return false
  select(target)
  if (!isInZoom(tree, target)) zoomTo(Math.max(0, tree.parent[target]!))
  return true
}

function withAncestors(tree: UnionTree, node: number): ReadonlySet<number> {
  const { expanded } = explorer.get()
  const opened = new Set([...expanded, ...wayTo(tree, node)])
  return opened.size === expanded.size ? expanded : opened
}
