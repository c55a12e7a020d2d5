import type { UnionTree } from '../../electron/core/compare/union-tree'
import { nodePath } from '../../electron/core/image/path-tree'
import type { SearchClasses } from '../layout/filter'
import { findMatches } from '../layout/find-matches'
import { type Grouping, groupClasses, groupTree, type ShownLayers } from '../layout/groupings'
import type { TableSort } from '../layout/table-rows'
import { firstChild, hasChildren, neighbour, wayTo } from '../layout/tree-walk'
import { createStore } from './store'

export const mapViews = ['aligned', 'delta', 'before', 'after'] as const
export type MapView = (typeof mapViews)[number]
export const colourings = ['kind', 'layer', 'change'] as const
export type Colouring = (typeof colourings)[number]

/** Nodes are ids in the tree that is shown, so zoom and selection survive every change of view. */
export interface ExplorerState {
  /** What came from the host: by folder. */
  readonly union: UnionTree | undefined
  readonly unionClasses: SearchClasses | undefined
  readonly layers: ShownLayers
  readonly grouping: Grouping
  /** What is shown: the union, or its files under other top folders. */
  readonly tree: UnionTree | undefined
  /** For each node of a regrouped tree the union's, -1 for a group; undefined where the union itself is shown. */
  readonly origin: Int32Array | undefined
  /** Of the tree that is shown; undefined until the images' files are looked into. */
  readonly classes: SearchClasses | undefined
  readonly comparisonId: string
  readonly view: MapView
  /** The table is shown in place of the map. */
  readonly isTable: boolean
  /** The left pane shows the other image for as long as the key is held. */
  readonly isBlinking: boolean
  readonly colouring: Colouring
  readonly zoom: number
  /** Where the zoom was before, newest last. */
  readonly history: readonly number[]
  readonly selection: number | undefined
  readonly query: string
  /** Ascending node ids; undefined when nothing is searched. */
  readonly matches: Int32Array | undefined
  readonly queryProblem: string | undefined
  readonly matchAt: number
  readonly expanded: ReadonlySet<number>
  readonly sort: TableSort
  /** The table lists files without their folders. */
  readonly isFlat: boolean
  /** What is asked for in a window of its own. */
  readonly opened: OpenedFile | undefined
}

/** A file to be shown: a node of the union. */
export interface OpenedFile {
  readonly node: number
}

const initial: ExplorerState = {
  union: undefined,
  unionClasses: undefined,
  layers: { before: [], after: [] },
  grouping: 'folder',
  tree: undefined,
  origin: undefined,
  classes: undefined,
  comparisonId: '',
  view: 'aligned',
  isTable: false,
  isBlinking: false,
  colouring: 'kind',
  zoom: 0,
  history: [],
  selection: undefined,
  query: '',
  matches: undefined,
  queryProblem: undefined,
  matchAt: -1,
  expanded: new Set([0]),
  sort: { column: 'size', isAscending: false },
  isFlat: false,
  opened: undefined,
}

export const explorer = createStore<ExplorerState>(initial)

export function openExplorer(tree: UnionTree, comparisonId: string, layers: ShownLayers): void {
  explorer.change({ ...initial, union: tree, tree, comparisonId, layers })
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
  const { union, unionClasses: classes, query, layers } = explorer.get()
  if (!union) return
  const selected = selectedOrigin()
  const grouped = grouping === 'folder' ? undefined : groupTree(union, grouping, { classes, layers })
  if (grouping !== 'folder' && grouped === undefined) return
  const found = selected === undefined ? undefined : (grouped?.origin.indexOf(selected) ?? selected)
  explorer.change({
    grouping,
    tree: grouped?.tree ?? union,
    origin: grouped?.origin,
    classes: classes && grouped ? groupClasses(classes, grouped.origin) : classes,
    zoom: 0,
    history: [],
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

export function setView(view: MapView): void {
  explorer.change({ view, isTable: false })
}

export function showTable(isTable: boolean): void {
  explorer.change({ isTable })
}

/** Opens the selected file in a window of its own; false where no file is selected. */
export function openSelected(): boolean {
  const node = selectedOrigin()
  const { union } = explorer.get()
  if (node === undefined || union === undefined || union.isFolder[node] === 1) return false
  explorer.change({ opened: { node } })
  return true
}

/** Zooms to a folder, or to the folder of a file. */
export function zoomTo(node: number): void {
  const { tree, zoom, history } = explorer.get()
  if (!tree) return
  const folder = hasChildren(tree, node) ? node : Math.max(0, tree.parent[node]!)
  if (folder === zoom) return
  explorer.change({ zoom: folder, history: [...history.slice(-50), zoom], expanded: withAncestors(tree, folder) })
}

export function zoomOut(): void {
  const { tree, zoom } = explorer.get()
  if (!tree || zoom === 0) return
  zoomTo(tree.parent[zoom]!)
  explorer.change({ selection: zoom })
}

/** Back to where the zoom was before. */
export function zoomBack(): void {
  const { history } = explorer.get()
  const last = history.at(-1)
  if (last !== undefined) explorer.change({ zoom: last, history: history.slice(0, -1) })
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
  if (!tree || query.trim() === '')
    return explorer.change({ query, matches: undefined, queryProblem: undefined, matchAt: -1 })
  const { nodes, problem } = findMatches(tree, query.trim(), classes)
  explorer.change({ query, matches: nodes, queryProblem: problem, matchAt: -1 })
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
  if (!(node > zoom && node < tree.end[zoom]!)) zoomTo(0)
}

/** Walks the tree, not the pixels; see neighbour. */
export function moveSelection(key: string): boolean {
  const { tree, selection, zoom } = explorer.get()
  if (!tree) return false
  const target = selection === undefined ? firstChild(tree, zoom) : neighbour(tree, selection, key)
  if (target === undefined) return false
  select(target)
  if (target <= zoom || target >= tree.end[zoom]!) zoomTo(Math.max(0, tree.parent[target]!))
  return true
}

/** Where a node of the shown tree is in the images; a group's name for a group. */
export function pathOfNode(tree: UnionTree, node: number): string {
  const { union, origin } = explorer.get()
  if (!union || !origin) return `/${nodePath(tree, node)}`
  return origin[node]! < 0 ? tree.names[tree.nameId[node]!]! : `/${nodePath(union, origin[node]!)}`
}

function withAncestors(tree: UnionTree, node: number): ReadonlySet<number> {
  const { expanded } = explorer.get()
  const opened = new Set([...expanded, ...wayTo(tree, node)])
  return opened.size === expanded.size ? expanded : opened
}
