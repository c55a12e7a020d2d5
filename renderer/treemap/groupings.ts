import { noLedgerClass } from '../../electron/core/compare/ledger'
import { ledgerClasses, ledgerLabels } from '../../electron/core/compare/ledger-classes'
import type { UnionTree } from '../../electron/core/compare/union-tree'
import { pathKindLabel, pathKinds } from '../../electron/core/surface/path-kinds'
import type { SearchClasses } from './filter'
import { type GroupedTree, regroup } from './regroup'

/** What a grouping may need beside the tree. */
export interface GroupingInput {
  /** Undefined until the images were analyzed. */
  readonly classes: SearchClasses | undefined
  readonly layers: ShownLayers
}

/** Which top folders the files are shown under. */
export interface Grouping {
  readonly id: string
  /** As it is chosen. */
  readonly label: string
  /** It shows what only analyzing the images tells. */
  readonly needsClasses: boolean
  /** The regrouped tree; undefined where the tree itself is shown, or what it needs is not known yet. */
  readonly group: (tree: UnionTree, input: GroupingInput) => GroupedTree | undefined
}

/** The layers of both images, lowest first. */
export interface ShownLayers {
  readonly before: readonly ShownLayer[]
  readonly after: readonly ShownLayer[]
}

export interface ShownLayer {
  readonly diffId: string
  readonly createdBy: string
}

const byFolder: Grouping = { id: 'folder', label: 'folder', needsClasses: false, group: () => undefined }

const byLayer: Grouping = {
  id: 'layer',
  label: 'layer',
  needsClasses: false,
  group: (tree, { layers }) => groupByLayer(tree, layers),
}

const byKind: Grouping = {
  id: 'kind',
  label: 'kind',
  needsClasses: false,
  group: (tree) =>
    regroup(
      tree,
      (node) => tree.kind[node]!,
      pathKinds.map((kind) => pathKindLabel[kind]),
    ),
}

const byClass: Grouping = {
  id: 'class',
  label: 'class',
  needsClasses: true,
  group: (tree, { classes }) => {
    const names = [...ledgerClasses.map((name) => ledgerLabels[name].label), 'Only after']
    return classes && regroup(tree, (node) => Math.min(classes.ledger[node]!, ledgerClasses.length), names)
  },
}

const byPackage: Grouping = {
  id: 'package',
  label: 'package',
  needsClasses: true,
  group: (tree, { classes }) => {
    if (!classes) return undefined
    const { package: column, packageNames } = classes
    const names = [...packageNames, 'No package']
    return regroup(tree, (node) => (column[node]! < 0 ? packageNames.length : column[node]!), names)
  },
}

/** All groupings, in the order of the choice; the first is what the explorer begins with. */
export const groupings: readonly [Grouping, ...Grouping[]] = [byFolder, byLayer, byKind, byClass, byPackage]

/** The grouping of this id. */
export const groupingOf = (id: string): Grouping => groupings.find((each) => each.id === id) ?? groupings[0]

/** The grouping after this one, and round, among those that can be shown. */
export function nextGrouping(grouping: Grouping, hasClasses: boolean): Grouping {
  const usable = groupings.filter(({ needsClasses }) => hasClasses || !needsClasses)
  return usable[(usable.indexOf(grouping) + 1) % usable.length] ?? groupings[0]
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
