import type { UnionTree } from '../../electron/core/compare/union-tree'
import { nodePath } from '../../electron/core/image/path-tree'
import { areaBytes } from './area-bytes'
import { childrenOf, isFile } from './tree-walk'

export interface TableRow {
  readonly node: number
  readonly level: number
  readonly isExpanded: boolean
  readonly hasChildren: boolean
  /** Place among its siblings, from 1. */
  readonly position: number
  readonly siblings: number
}

export const tableColumns = ['path', 'before', 'after', 'difference', 'change', 'layer', 'kind'] as const
export type TableColumn = (typeof tableColumns)[number]

/** `size` is the order of the map: the larger side first. */
export interface TableSort {
  readonly column: TableColumn | 'size'
  readonly isAscending: boolean
}

export interface RowsRequest {
  readonly root: number
  /** Only these children of the root, and what is below them. */
  readonly only?: readonly number[] | undefined
  readonly expanded: ReadonlySet<number>
  readonly sort: TableSort
  /** Files without their folders. */
  readonly isFlat: boolean
  /** With a flat list: only these. */
  readonly matches: Int32Array | undefined
}

/** The rows of the open folders below `root`, or all files below it as a list; siblings in the order that is asked for. */
export function tableRows(tree: UnionTree, request: RowsRequest): TableRow[] {
  const { root, only, expanded, sort, isFlat } = request
  if (isFlat) return flatRows(tree, request)
  const rows: TableRow[] = []
  const compare = comparison(tree, sort)
  const visit = (children: number[], level: number): void => {
    if (compare) children.sort(compare)
    children.forEach((node, at) => {
      const hasChildren = tree.end[node]! > node + 1
      const isExpanded = hasChildren && expanded.has(node)
      rows.push({ node, level, isExpanded, hasChildren, position: at + 1, siblings: children.length })
      if (isExpanded) visit(childrenOf(tree, node), level + 1)
    })
  }
  visit(only ? [...only] : childrenOf(tree, root), 1)
  return rows
}

function flatRows(tree: UnionTree, { root, only, sort, matches }: RowsRequest): TableRow[] {
  const files: number[] = []
  const wanted = matches && new Set(matches)
  for (const top of only ?? childrenOf(tree, root))
    for (let node = top; node < tree.end[top]!; node++)
      if (isFile(tree, node) && (!wanted || wanted.has(node))) files.push(node)
  files.sort(comparison(tree, sort) ?? ((a, b) => larger(tree, b) - larger(tree, a) || a - b))
  return files.map((node, at) => ({
    node,
    level: 1,
    isExpanded: false,
    hasChildren: false,
    position: at + 1,
    siblings: files.length,
  }))
}

const larger = (tree: UnionTree, node: number): number => areaBytes(tree)[node]!

/** Undefined for the order in which the tree is. */
function comparison(
  tree: UnionTree,
  { column, isAscending }: TableSort,
): ((a: number, b: number) => number) | undefined {
  if (column === 'size') return isAscending ? (a, b) => larger(tree, a) - larger(tree, b) || a - b : undefined
  const sign = isAscending ? 1 : -1
  if (column === 'path') {
    const known = new Map<number, string>()
    const path = (node: number): string => {
      const text = known.get(node) ?? nodePath(tree, node)
      known.set(node, text)
      return text
    }
    return (a, b) => sign * (path(a) < path(b) ? -1 : 1)
  }
  const value = values[column](tree)
  return (a, b) => sign * (value(a) - value(b)) || a - b
}

type Value = (tree: UnionTree) => (node: number) => number

const values: Readonly<Record<Exclude<TableColumn, 'path'>, Value>> = {
  before: (tree) => (node) => tree.beforeBytes[node]!,
  after: (tree) => (node) => tree.afterBytes[node]!,
  difference: (tree) => (node) => tree.afterBytes[node]! - tree.beforeBytes[node]!,
  change: (tree) => (node) => tree.change[node]!,
  layer: (tree) => (node) => tree.beforeLayer[node]! * 1000 + tree.afterLayer[node]!,
  kind: (tree) => (node) => tree.kind[node]!,
}

/** From a folder down to the largest of what is in it, of what is in that, and so on. */
export function wayToLargest(tree: UnionTree, root: number): number[] {
  const way = [root]
  for (let at = root; tree.end[at]! > at + 1; at++) way.push(at + 1)
  return way
}
