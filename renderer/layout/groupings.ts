import { noLedgerClass } from '../../electron/core/compare/ledger'
import { ledgerClasses, ledgerLabels } from '../../electron/core/compare/ledger-classes'
import type { UnionTree } from '../../electron/core/compare/union-tree'
import { pathKindLabel, pathKinds } from '../../electron/core/surface/path-kinds'
import type { SearchClasses } from './filter'
import { type GroupedTree, regroup } from './regroup'

export const groupings = ['folder', 'layer', 'kind', 'class', 'package'] as const
export type Grouping = (typeof groupings)[number]

/** Groupings that need what only examining the images tells. */
export const needsClasses = (grouping: Grouping): boolean => grouping === 'class' || grouping === 'package'

/** The layers of both images, lowest first. */
export interface ShownLayers {
  readonly before: readonly ShownLayer[]
  readonly after: readonly ShownLayer[]
}

export interface ShownLayer {
  readonly diffId: string
  readonly createdBy: string
}

/** The tree by another grouping than folders; undefined where what it needs is not known yet. */
export function groupTree(
  tree: UnionTree,
  grouping: Exclude<Grouping, 'folder'>,
  { classes, layers }: { readonly classes: SearchClasses | undefined; readonly layers: ShownLayers },
): GroupedTree | undefined {
  if (grouping === 'layer') return groupByLayer(tree, layers)
  if (grouping === 'kind')
    return regroup(
      tree,
      (node) => tree.kind[node]!,
      pathKinds.map((kind) => pathKindLabel[kind]),
    )
  if (classes === undefined) return undefined
  if (grouping === 'class') {
    const names = [...ledgerClasses.map((name) => ledgerLabels[name].label), 'Only after']
    return regroup(tree, (node) => Math.min(classes.ledger[node]!, ledgerClasses.length), names)
  }
  const { package: column, packageNames } = classes
  return regroup(tree, (node) => (column[node]! < 0 ? packageNames.length : column[node]!), [
    ...packageNames,
    'No package',
  ])
}

/** A layer that both images share is one group; a file that lies in different layers is in both. */
function groupByLayer(tree: UnionTree, { before, after }: ShownLayers): GroupedTree {
  const shared = after.map(({ diffId }) => before.findIndex((layer) => layer.diffId === diffId))
  const name = (side: string, at: number, { createdBy }: ShownLayer): string =>
    `${side} ${at + 1}: ${createdBy || 'no instruction recorded'}`
  const names = [
    ...before.map((layer, at) => name(shared.includes(at) ? 'Both' : 'Before', at, layer)),
    ...after.map((layer, at) => name('After', at, layer)),
    'No layer',
  ]
  const groupOf = (node: number, side: 'before' | 'after'): number => {
    const layer = (side === 'before' ? tree.beforeLayer : tree.afterLayer)[node]!
    if (layer < 0) return names.length - 1
    if (side === 'before') return layer
    return shared[layer]! >= 0 ? shared[layer]! : before.length + layer
  }
  return regroup(tree, groupOf, names)
}

/** The columns of classes for a tree that was regrouped. */
export function groupClasses(classes: SearchClasses, origin: Int32Array): SearchClasses {
  return {
    packageNames: classes.packageNames,
    ledger: Uint8Array.from(origin, (node) => (node < 0 ? noLedgerClass : classes.ledger[node]!)),
    package: Int32Array.from(origin, (node) => (node < 0 ? -1 : classes.package[node]!)),
  }
}
