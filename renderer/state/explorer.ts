import type { UnionTree } from '../../electron/core/compare/union-tree'
import { nodePath } from '../../electron/core/image/path-tree'
import type { ResidueFile } from '../../electron/core/surface/residue'
import type { VariantRole } from '../../electron/core/variants/variant'
import type { Cell } from '../layout/cells'
import type { SearchClasses } from '../layout/filter'
import { findMatches } from '../layout/find-matches'
import type { Grouping, ShownLayers } from '../layout/groupings'
import { type LayerKey, type ShownTree, shownTree } from '../layout/shown-tree'
import type { TableSort } from '../layout/table-rows'
import { createStore } from './store'

export const mapViews = ['aligned', 'delta', 'before', 'after'] as const
export type MapView = (typeof mapViews)[number]
export const colorings = ['kind', 'layer', 'change'] as const
export type Coloring = (typeof colorings)[number]

/** A folder that fills the map, or only some of its children: those that were grouped as too small to draw. */
export interface Zoom {
  readonly zoom: number
  readonly rest: readonly number[] | undefined
}

/** Nodes are ids in the tree that is shown, so zoom and selection survive every change of view. */
export interface ExplorerState extends Zoom {
  /** What came from the host: by folder. */
  readonly union: UnionTree | undefined
  readonly unionClasses: SearchClasses | undefined
  readonly layers: ShownLayers
  readonly grouping: Grouping
  readonly hidden: ReadonlySet<LayerKey>
  /** What is shown; its tree is `tree`. */
  readonly shown: ShownTree | undefined
  readonly tree: UnionTree | undefined
  readonly comparisonId: string
  readonly view: MapView
  /** The table is shown in place of the map. */
  readonly isTable: boolean
  /** The left pane shows the other image for as long as the key is held. */
  readonly isBlinking: boolean
  readonly coloring: Coloring
  /** Where the zoom was before, newest last. */
  readonly history: readonly Zoom[]
  readonly selection: number | undefined
  /** The cell of the map that shows the selection, or holds it among small files; undefined in the table. */
  readonly selectedCell: Cell | undefined
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

/** A file to be shown: a node of the union, or one that no container sees. */
export type OpenedFile =
  | { readonly kind: 'entry'; readonly node: number }
  | { readonly kind: 'hidden'; readonly side: VariantRole; readonly file: ResidueFile }

const initial: ExplorerState = {
  union: undefined,
  unionClasses: undefined,
  layers: { before: [], after: [] },
  grouping: 'folder',
  hidden: new Set(),
  shown: undefined,
  tree: undefined,
  comparisonId: '',
  view: 'aligned',
  isTable: false,
  isBlinking: false,
  coloring: 'kind',
  zoom: 0,
  rest: undefined,
  history: [],
  selection: undefined,
  selectedCell: undefined,
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
  explorer.change({ ...initial, union: tree, comparisonId, layers })
  show({})
}

/** Adds what examining the images found, if they are still those that are shown. */
export function addClasses(comparisonId: string, unionClasses: SearchClasses): void {
  const { comparisonId: shown, selection, zoom, rest, history, expanded } = explorer.get()
  if (shown !== comparisonId) return
  show({ unionClasses })
  // The tree is the same.
  explorer.change({ selection, zoom, rest, history, expanded })
}

/** Shows the files under other top folders. What is selected stays so, if it is a file. */
export const setGrouping = (grouping: Grouping): void => show({ grouping })

/** Leaves the files of a layer out, or takes them in again. */
export function toggleLayer(key: LayerKey): void {
  const hidden = new Set(explorer.get().hidden)
  if (!hidden.delete(key)) hidden.add(key)
  show({ hidden })
}

export const showAllLayers = (): void => show({ hidden: new Set() })

/** Makes the shown tree anew. What is selected stays so where it is still shown. */
function show(change: Partial<Pick<ExplorerState, 'grouping' | 'hidden' | 'unionClasses'>>): void {
  const selected = selectedOrigin()
  const { union, unionClasses: classes, grouping, hidden, layers, query } = { ...explorer.get(), ...change }
  if (!union) return
  const shown = shownTree(union, { grouping, hidden, classes, layers })
  if (shown === undefined) return
  const found = selected === undefined ? undefined : (shown.origin?.indexOf(selected) ?? selected)
  explorer.change({
    ...change,
    shown,
    tree: shown.tree,
    zoom: 0,
    rest: undefined,
    history: [],
    selection: found === -1 ? undefined : found,
    expanded: new Set([0]),
  })
  search(query)
}

/** The union's node of what is selected; undefined where nothing is, or a group. */
export function selectedOrigin(): number | undefined {
  const { selection, shown } = explorer.get()
  const node = selection === undefined || !shown?.origin ? selection : shown.origin[selection]!
  return node === -1 ? undefined : node
}

export function setView(view: MapView): void {
  explorer.change({ view, isTable: false })
}

export function showTable(isTable: boolean): void {
  explorer.change(isTable ? { isTable, selectedCell: undefined } : { isTable })
}

/** Opens the selected file in a window of its own; false where no file is selected. */
export function openSelected(): boolean {
  const node = selectedOrigin()
  const { union } = explorer.get()
  if (node === undefined || union === undefined || union.isFolder[node] === 1) return false
  explorer.change({ opened: { kind: 'entry', node } })
  return true
}

export function search(query: string): void {
  const { tree, shown } = explorer.get()
  if (!tree || query.trim() === '')
    return explorer.change({ query, matches: undefined, queryProblem: undefined, matchAt: -1 })
  const { nodes, problem } = findMatches(tree, query.trim(), shown?.classes)
  explorer.change({ query, matches: nodes, queryProblem: problem, matchAt: -1 })
}

/** Where a node of the shown tree is in the images; a group's name for a group. */
export function pathOfNode(tree: UnionTree, node: number): string {
  const { union, shown } = explorer.get()
  if (!union || !shown?.origin) return `/${nodePath(tree, node)}`
  const origin = shown.origin[node]!
  return origin < 0 ? tree.names[tree.nameId[node]!]! : `/${nodePath(union, origin)}`
}
