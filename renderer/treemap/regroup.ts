import { change, type UnionTree } from '../../electron/core/compare/union-tree'
import { isFile } from './tree-walk'

/** The files of a union tree under other top folders, one for each group; below them they keep their folders. */
export interface GroupedTree {
  readonly tree: UnionTree
  /** The node of the union tree, -1 for groups and for the root above them. A folder with files in several groups is there in each. */
  readonly origin: Int32Array
}

export type Side = 'before' | 'after'

/**
 * `groupOf` gives each file's place in `groupNames`, on either side where it is there, -1 to leave it out; where they differ, the file is
 * in both groups, each with its own side's bytes. Folders count the files below them, and empty ones are left out. Without names there are
 * no groups: a file that is left out on one side then counts as absent there.
 */
export function regroup(
  tree: UnionTree,
  groupOf: (node: number, side: Side) => number,
  groupNames?: readonly string[],
): GroupedTree {
  const draft = new Draft(tree, groupNames)
  for (let node = 1; node < tree.parent.length; node++) {
    if (!isFile(tree, node)) continue
    const before = tree.beforeEntries[node] === 0 ? -1 : groupOf(node, 'before')
    const after = tree.afterEntries[node] === 0 ? -1 : groupOf(node, 'after')
    if (before >= 0) draft.addFile(node, before, after === before ? both : inBefore)
    if (after >= 0 && after !== before) draft.addFile(node, after, inAfter)
  }
  return draft.finish()
}

const inBefore = 1
const inAfter = 2
const both = 3

/** Nodes in the order in which they come up: parents before their children. */
class Draft {
  readonly #tree: UnionTree
  readonly #groupNames: readonly string[] | undefined
  readonly #parent: number[] = [-1]
  readonly #origin: number[]
  readonly #nameId: number[] = [0]
  /** Which side's content a file stands for; nothing for folders. */
  readonly #sides: number[] = [0]
  readonly #folders = new Map<number, number>()

  constructor(tree: UnionTree, groupNames: readonly string[] | undefined) {
    this.#tree = tree
    this.#groupNames = groupNames
    this.#origin = [groupNames ? -1 : 0]
  }

  addFile(node: number, group: number, sides: number): void {
    const added = this.#add(this.#folder(this.#tree.parent[node]!, group), node, this.#tree.nameId[node]!)
    this.#sides[added] = sides
  }

  #folder(folder: number, group: number): number {
    if (folder === 0 && this.#groupNames === undefined) return 0
    const key = group * this.#tree.parent.length + folder
    const known = this.#folders.get(key)
    if (known !== undefined) return known
    const made =
      folder === 0
        ? this.#add(0, -1, this.#tree.names.length + group)
        : this.#add(this.#folder(this.#tree.parent[folder]!, group), folder, this.#tree.nameId[folder]!)
    this.#folders.set(key, made)
    return made
  }

  #add(parent: number, origin: number, nameId: number): number {
    this.#parent.push(parent)
    this.#origin.push(origin)
    this.#nameId.push(nameId)
    this.#sides.push(0)
    return this.#parent.length - 1
  }

  finish(): GroupedTree {
    const size = this.#parent.length
    const totals = this.#totals()
    const order = preorder(this.#parent, this.#weights(totals))
    const rank = new Int32Array(size)
    order.forEach((node, at) => {
      rank[node] = at
    })
    const at = (column: { readonly [index: number]: number }, none: number) => (node: number) =>
      this.#origin[node]! < 0 ? none : column[this.#origin[node]!]!
    const { isFolder, kind, beforeLayer, afterLayer, names } = this.#tree
    const grouped: UnionTree = {
      names: [...names, ...(this.#groupNames ?? [])],
      parent: Int32Array.from(order, (node) => (node === 0 ? -1 : rank[this.#parent[node]!]!)),
      nameId: Int32Array.from(order, (node) => this.#nameId[node]!),
      end: new Int32Array(size),
      isFolder: Uint8Array.from(order, at(isFolder, 1)),
      change: Uint8Array.from(order, (node) =>
        this.#origin[node]! < 0 ? changeOfGroup(totals, node) : this.#changeOf(node),
      ),
      kind: Uint8Array.from(order, at(kind, kind[0]!)),
      beforeLayer: Int32Array.from(order, at(beforeLayer, -1)),
      afterLayer: Int32Array.from(order, at(afterLayer, -1)),
      beforeBytes: totals.beforeBytes.map((_, node) => totals.beforeBytes[order[node]!]!),
      afterBytes: totals.afterBytes.map((_, node) => totals.afterBytes[order[node]!]!),
      beforeEntries: totals.beforeEntries.map((_, node) => totals.beforeEntries[order[node]!]!),
      afterEntries: totals.afterEntries.map((_, node) => totals.afterEntries[order[node]!]!),
    }
    const origins = Int32Array.from(order, (node) => this.#origin[node]!)
    for (let node = size - 1; node >= 0; node--) {
      // A group is drawn as its largest file is, where it is drawn as one.
      if (node > 0 && origins[node]! < 0) grouped.kind[node] = grouped.kind[node + 1]!
      grouped.end[node] = Math.max(grouped.end[node]!, node + 1)
      const above = grouped.parent[node]!
      if (above >= 0) grouped.end[above] = Math.max(grouped.end[above]!, grouped.end[node]!)
    }
    return { tree: grouped, origin: origins }
  }

  #changeOf(node: number): number {
    const sides = this.#groupNames === undefined ? this.#sides[node] : both
    if (sides === inBefore) return change.removed
    return sides === inAfter ? change.added : this.#tree.change[this.#origin[node]!]!
  }

  /** As the union's order: a file's larger side, a folder's sum of that. */
  #weights({ beforeBytes, afterBytes }: Totals): Float64Array {
    const weights = new Float64Array(this.#parent.length)
    for (let node = weights.length - 1; node > 0; node--) {
      if (this.#sides[node] !== 0) weights[node] = Math.max(beforeBytes[node]!, afterBytes[node]!)
      weights[this.#parent[node]!]! += weights[node]!
    }
    return weights
  }

  #totals(): Totals {
    const size = this.#parent.length
    const from = this.#tree
    const sums = {
      beforeBytes: new Float64Array(size),
      afterBytes: new Float64Array(size),
      beforeEntries: new Uint32Array(size),
      afterEntries: new Uint32Array(size),
    }
    for (let node = size - 1; node > 0; node--)
      for (const [name, side] of totalColumns) {
        if (this.#sides[node]! & side) sums[name][node] = from[name][this.#origin[node]!]!
        sums[name][this.#parent[node]!]! += sums[name][node]!
      }
    return sums
  }
}

const totalColumns = [
  ['beforeBytes', inBefore],
  ['beforeEntries', inBefore],
  ['afterBytes', inAfter],
  ['afterEntries', inAfter],
] as const

type Totals = Pick<UnionTree, 'beforeBytes' | 'afterBytes' | 'beforeEntries' | 'afterEntries'>

/** A group is as its files are together. */
function changeOfGroup({ beforeBytes, afterBytes, beforeEntries, afterEntries }: Totals, node: number): number {
  if (afterEntries[node] === 0) return change.removed
  if (beforeEntries[node] === 0) return change.added
  return beforeBytes[node] === afterBytes[node] ? change.kept : change.changed
}

/** Nodes with every folder before what is in it, siblings largest first. */
function preorder(parent: readonly number[], weight: Float64Array): Int32Array {
  const children = new Map<number, number[]>()
  for (let node = 1; node < parent.length; node++) {
    const family = children.get(parent[node]!)
    if (family) family.push(node)
    else children.set(parent[node]!, [node])
  }
  const order = new Int32Array(parent.length)
  const stack = [0]
  let count = 0
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    order[count++] = node
    const family = children.get(node) ?? []
    family.sort((a, b) => weight[a]! - weight[b]! || b - a)
    stack.push(...family)
  }
  return order
}
