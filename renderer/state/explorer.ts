import type { UnionTree } from '../../electron/core/compare/union-tree'
import { nodePath } from '../../electron/core/image/path-tree'
import { findMatches, type SearchClasses } from '../layout/find-matches'
import { type Grouping, groupClasses, groupTree } from '../layout/groupings'
import { createStore } from './store'

export type ExplorerView = 'aligned' | 'before' | 'after' | 'table'
export type Colouring = 'kind' | 'layer' | 'change'

/** Nodes are ids in the tree that is shown, so zoom and selection survive every change of view. */
export interface ExplorerState {
  /** What came from the host: by folder. */
  readonly union: UnionTree | undefined
  readonly unionClasses: SearchClasses | undefined
  readonly grouping: Grouping
  /** What is shown: the union, or its files under other top folders. */
  readonly tree: UnionTree | undefined
  /** For each node of a regrouped tree the union's, -1 for a group; undefined where the union itself is shown. */
  readonly origin: Int32Array | undefined
  /** Of the tree that is shown; undefined until the images' files are looked into. */
  readonly classes: SearchClasses | undefined
  readonly comparisonId: string
  readonly view: ExplorerView
  readonly colouring: Colouring
  readonly zoom: number
  readonly selection: number | undefined
  readonly query: string
  /** Ascending node ids; undefined when nothing is searched. */
  readonly matches: Int32Array | undefined
  readonly matchAt: number
  readonly expanded: ReadonlySet<number>
}

const initial: ExplorerState = {
  union: undefined,
  unionClasses: undefined,
  grouping: 'folder',
  tree: undefined,
  origin: undefined,
  classes: undefined,
  comparisonId: '',
  view: 'aligned',
  colouring: 'kind',
  zoom: 0,
  selection: undefined,
  query: '',
  matches: undefined,
  matchAt: -1,
  expanded: new Set([0]),
}

export const explorer = createStore<ExplorerState>(initial)

export function openExplorer(tree: UnionTree, comparisonId: string): void {
  explorer.change({ ...initial, union: tree, tree, comparisonId })
}

/** Adds what examining the images found, if they are still those that are shown. */
export function addClasses(comparisonId: string, classes: SearchClasses): void {
  const { comparisonId: shown, origin, query } = explorer.get()
  if (shown !== comparisonId) return
  explorer.change({ unionClasses: classes, classes: origin ? groupClasses(classes, origin) : classes })
  search(query)
}

/** Shows the files under other top folders. What is selected stays so, if it is a file. */
export function setGrouping(grouping: Grouping): void {
  const { union, unionClasses, query } = explorer.get()
  if (!union) return
  const selected = selectedOrigin()
  const grouped = grouping === 'folder' ? undefined : groupTree(union, grouping, unionClasses)
  if (grouping !== 'folder' && grouped === undefined) return
  const found = selected === undefined ? undefined : (grouped?.origin.indexOf(selected) ?? selected)
  explorer.change({
    grouping,
    tree: grouped?.tree ?? union,
    origin: grouped?.origin,
    classes: unionClasses && grouped ? groupClasses(unionClasses, grouped.origin) : unionClasses,
    zoom: 0,
    selection: found === -1 ? undefined : found,
    expanded: new Set([0]),
  })
  search(query)
}

/** The union's node of what is selected; undefined where nothing is, or a group. */
export function selectedOrigin(): number | undefined {
  const { selection, origin } = explorer.get()
  const node = selection === undefined || origin === undefined ? selection : origin[selection]!
  return node === -1 ? undefined : node
}

export function setView(view: ExplorerView): void {
  explorer.change({ view })
}

/** Zooms to a folder, or to the folder of a file. */
export function zoomTo(node: number): void {
  const { tree } = explorer.get()
  if (!tree) return
  const folder = hasChildren(tree, node) ? node : Math.max(0, tree.parent[node]!)
  explorer.change({ zoom: folder, expanded: withAncestors(tree, folder) })
}

export function zoomOut(): void {
  const { tree, zoom } = explorer.get()
  if (tree && zoom > 0) explorer.change({ zoom: tree.parent[zoom]!, selection: zoom })
}

/** Selects a node and makes sure that its folder is open in the table. */
export function select(node: number | undefined): void {
  const { tree } = explorer.get()
  if (!tree || node === undefined) return explorer.change({ selection: undefined })
  explorer.change({ selection: node, expanded: withAncestors(tree, tree.parent[node]!) })
}

export function toggleExpanded(node: number): void {
  const expanded = new Set(explorer.get().expanded)
  if (!expanded.delete(node)) expanded.add(node)
  explorer.change({ expanded })
}

export function search(query: string): void {
  const { tree, classes } = explorer.get()
  if (!tree || query.trim() === '') return explorer.change({ query, matches: undefined, matchAt: -1 })
  explorer.change({ query, matches: findMatches(tree, query.trim(), classes), matchAt: -1 })
}

/** Goes to the next match (1) or the previous one (-1), zooming out to where it can be seen. */
export function goToMatch(direction: 1 | -1): void {
  const { tree, matches, matchAt, zoom } = explorer.get()
  if (!tree || !matches || matches.length === 0) return
  const from = matchAt < 0 && direction < 0 ? 0 : matchAt
  const at = (from + direction + matches.length) % matches.length
  const node = matches[at]!
  explorer.change({ matchAt: at })
  select(node)
  if (!(node > zoom && node < tree.end[zoom]!)) explorer.change({ zoom: 0 })
}

/** Walks the tree, not the pixels: siblings by size, into the first child, out to the parent. */
export function moveSelection(key: string): boolean {
  const { tree, selection, zoom } = explorer.get()
  if (!tree) return false
  const from = selection ?? zoom
  const target = selection === undefined ? firstChild(tree, zoom) : neighbour(tree, from, key)
  if (target === undefined) return false
  select(target)
  if (target <= zoom || target >= tree.end[zoom]!)
    explorer.change({ zoom: tree.parent[target]! < 0 ? 0 : tree.parent[target]! })
  return true
}

export const hasChildren = (tree: UnionTree, node: number): boolean => tree.end[node]! > node + 1

/** Where a node of the shown tree is in the images; a group's name for a group. */
export function pathOfNode(tree: UnionTree, node: number): string {
  const { union, origin } = explorer.get()
  if (!union || !origin) return `/${nodePath(tree, node)}`
  return origin[node]! < 0 ? tree.names[tree.nameId[node]!]! : `/${nodePath(union, origin[node]!)}`
}

const firstChild = (tree: UnionTree, node: number): number | undefined =>
  hasChildren(tree, node) ? node + 1 : undefined

function neighbour(tree: UnionTree, node: number, key: string): number | undefined {
  const parent = tree.parent[node]!
  if (key === 'ArrowRight') return firstChild(tree, node)
  if (key === 'ArrowLeft') return parent > 0 ? parent : undefined
  if (parent < 0) return undefined
  const next = tree.end[node]!
  if (key === 'ArrowDown') return next < tree.end[parent]! ? next : undefined
  if (key === 'Home') return parent + 1
  let previous = parent + 1
  if (key === 'ArrowUp' && previous === node) return undefined
  const last = key === 'End' ? tree.end[parent]! : node
  while (tree.end[previous]! < last) previous = tree.end[previous]!
  return previous
}

function withAncestors(tree: UnionTree, node: number): ReadonlySet<number> {
  const { expanded } = explorer.get()
  const opened = new Set(expanded)
  for (let at = node; at >= 0; at = tree.parent[at]!) opened.add(at)
  return opened.size === expanded.size ? expanded : opened
}
