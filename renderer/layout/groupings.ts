import { noLedgerClass } from '../../electron/core/compare/ledger'
import { ledgerClasses, ledgerLabels } from '../../electron/core/compare/ledger-classes'
import type { UnionTree } from '../../electron/core/compare/union-tree'
import { pathKindLabel, pathKinds } from '../../electron/core/surface/path-kinds'
import type { SearchClasses } from './find-matches'
import { type GroupedTree, regroup } from './regroup'

export const groupings = ['folder', 'kind', 'class', 'package'] as const
export type Grouping = (typeof groupings)[number]

/** Groupings that need what only examining the images tells. */
export const needsClasses = (grouping: Grouping): boolean => grouping === 'class' || grouping === 'package'

/** The tree by another grouping than folders; undefined where what it needs is not known yet. */
export function groupTree(
  tree: UnionTree,
  grouping: Exclude<Grouping, 'folder'>,
  classes: SearchClasses | undefined,
): GroupedTree | undefined {
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

/** The columns of classes for a tree that was regrouped. */
export function groupClasses(classes: SearchClasses, origin: Int32Array): SearchClasses {
  return {
    packageNames: classes.packageNames,
    ledger: Uint8Array.from(origin, (node) => (node < 0 ? noLedgerClass : classes.ledger[node]!)),
    package: Int32Array.from(origin, (node) => (node < 0 ? -1 : classes.package[node]!)),
  }
}
