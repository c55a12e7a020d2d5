import type { UnionTree } from '../../electron/core/compare/union-tree'
import { nodePath } from '../../electron/core/image/path-tree'
import type { Cell } from '../treemap/cells'
import { type Coloring, colorings } from '../treemap/colorings'
import type { SearchClasses } from '../treemap/filter'
import { findMatches, type Matches } from '../treemap/find-matches'
import { type Grouping, groupings, type ShownLayers } from '../treemap/groupings'
import { type LayerKey, type ShownTree, shownTree } from '../treemap/shown-tree'
import type { TableSort } from '../treemap/table-rows'
import { memoizeLast } from './memoize'

export const mapViews = ['aligned', 'delta', 'before', 'after'] as const
export type MapView = (typeof mapViews)[number]

/** A folder that fills the map, or only some of its children: those that were grouped as too small to draw. */
export interface Zoom {
  readonly zoom: number
  readonly rest: readonly number[] | undefined
}

/** Where a menu is, in pixels of the map. */
export interface MenuPlace {
  readonly x: number
  readonly y: number
}

/** How the user looks at a comparison. Nodes are ids in the tree that is shown, so zoom and selection survive every change of view. */
export interface ExplorerState extends Zoom {
  readonly grouping: Grouping
  readonly hidden: ReadonlySet<LayerKey>
  readonly view: MapView
  /** The table is shown in place of the map. */
  readonly isTable: boolean
  /** The left pane shows the other image for as long as the key is held. */
  readonly isBlinking: boolean
  readonly coloring: Coloring
  /** Where the zoom was before, newest last. */
  readonly history: readonly Zoom[]
  readonly selection: number | undefined
  /** The cell of the map that shows the selection, or holds it among small files; it depends on the map's size, which only the map knows. */
  readonly selectedCell: Cell | undefined
  readonly query: string
  /** Which of the matches is selected; -1 for none. */
  readonly matchAt: number
  readonly expanded: ReadonlySet<number>
  readonly sort: TableSort
  /** The table lists files without their folders. */
  readonly isFlat: boolean
  /** The menu of the selected entry; undefined while it is closed. */
  readonly menu: MenuPlace | undefined
}

/** What is looked at: the union of both images by folder, and what is known of it. */
export interface Explored {
  readonly union: UnionTree
  readonly classes: SearchClasses | undefined
  readonly layers: ShownLayers
}

export const initialExplorer: ExplorerState = {
  grouping: groupings[0],
  hidden: new Set(),
  view: 'aligned',
  isTable: false,
  isBlinking: false,
  coloring: colorings[0],
  zoom: 0,
  rest: undefined,
  history: [],
  selection: undefined,
  selectedCell: undefined,
  query: '',
  matchAt: -1,
  expanded: new Set([0]),
  sort: { column: 'size', isAscending: false },
  isFlat: false,
  menu: undefined,
}

const shownOf = memoizeLast(
  (
    union: UnionTree,
    classes: SearchClasses | undefined,
    layers: ShownLayers,
    grouping: Grouping,
    hidden: ReadonlySet<LayerKey>,
  ) => shownTree(union, { grouping, hidden, classes, layers }),
)

/** The tree that map and table show; made anew only when the images, the grouping or the hidden layers change. */
export const shownBy = (
  { union, classes, layers }: Explored,
  { grouping, hidden }: Pick<ExplorerState, 'grouping' | 'hidden'>,
): ShownTree => shownOf(union, classes, layers, grouping, hidden)

/** The entries of a shown tree that a query finds; undefined where nothing is searched. */
export const matchesOf = memoizeLast((shown: ShownTree, query: string): Matches | undefined =>
  query.trim() === '' ? undefined : findMatches(shown.tree, query.trim(), shown.classes),
)

/** The union's node of a node of the shown tree; undefined for a group. */
export function originOf({ origin }: ShownTree, node: number): number | undefined {
  const found = origin ? origin[node]! : node
  return found < 0 ? undefined : found
}

/** The shown node of a node of the union; undefined where it is not shown. */
export function shownNodeOf({ origin }: ShownTree, node: number): number | undefined {
  const found = origin ? origin.indexOf(node) : node
  return found < 0 ? undefined : found
}

/** Where a node of the shown tree is in the images; a group's name for a group. */
export function pathOfNode(union: UnionTree, { tree, origin }: ShownTree, node: number): string {
  if (!origin) return `/${nodePath(tree, node)}`
  const found = origin[node]!
  return found < 0 ? tree.names[tree.nameId[node]!]! : `/${nodePath(union, found)}`
}
