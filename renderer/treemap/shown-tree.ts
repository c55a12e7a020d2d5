import type { UnionTree } from '../../electron/core/compare/union-tree'
import type { SearchClasses } from './filter'
import { type Grouping, groupClasses, type ShownLayers } from './groupings'
import { type GroupedTree, regroup, type Side } from './regroup'

/** A layer of one side, as it is hidden by: `before:0` is the lowest of before. */
export type LayerKey = `${Side}:${number}`

export interface ShowRequest {
  readonly grouping: Grouping
  /** Files of these layers are left out, each on its own side. */
  readonly hidden: ReadonlySet<LayerKey>
  readonly classes: SearchClasses | undefined
  readonly layers: ShownLayers
}

/** The tree that map and table show, and the ways back to what it is made of. */
export interface ShownTree {
  readonly tree: UnionTree
  /** For each node the union's, -1 for a group; undefined where the union itself is shown. */
  readonly origin: Int32Array | undefined
  /** The union without hidden layers, by folder. */
  readonly base: UnionTree
  /** For each node the base's, -1 for a group; undefined where the base is shown. */
  readonly baseOrigin: Int32Array | undefined
  readonly classes: SearchClasses | undefined
}

/** Leaves out hidden layers, then groups; by folder where the grouping needs what is not known yet. */
export function shownTree(union: UnionTree, { grouping, hidden, classes, layers }: ShowRequest): ShownTree {
  const visible = hidden.size === 0 ? undefined : withoutLayers(union, hidden)
  const base = visible?.tree ?? union
  const baseClasses = classes && visible ? groupClasses(classes, visible.origin) : classes
  const grouped = grouping.group(base, { classes: baseClasses, layers })
  if (grouped === undefined)
    return { tree: base, origin: visible?.origin, base, baseOrigin: undefined, classes: baseClasses }
  return {
    tree: grouped.tree,
    origin: visible ? grouped.origin.map((node) => (node < 0 ? -1 : visible.origin[node]!)) : grouped.origin,
    base,
    baseOrigin: grouped.origin,
    classes: baseClasses && groupClasses(baseClasses, grouped.origin),
  }
}

/** A file that is hidden on one side counts as absent there. */
function withoutLayers(union: UnionTree, hidden: ReadonlySet<LayerKey>): GroupedTree {
  const column = { before: union.beforeLayer, after: union.afterLayer }
  return regroup(union, (node, side) => (hidden.has(`${side}:${column[side][node]!}`) ? -1 : 0))
}
