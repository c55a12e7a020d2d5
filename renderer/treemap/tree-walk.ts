import type { UnionTree } from '../../electron/core/compare/union-tree'

export const hasChildren = (tree: UnionTree, node: number): boolean => tree.end[node]! > node + 1

/** Not a folder on either side, and nothing is below it. */
export const isFile = ({ end, isFolder }: UnionTree, node: number): boolean =>
  end[node] === node + 1 && isFolder[node] === 0

export const firstChild = (tree: UnionTree, node: number): number | undefined =>
  hasChildren(tree, node) ? node + 1 : undefined

/** Where an arrow key, Home or End leads from a node: among siblings by size, into the first child, out to the parent. */
export function neighbor(tree: UnionTree, node: number, key: string): number | undefined {
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

/** Children of a folder, largest first. */
export function childrenOf(tree: UnionTree, folder: number): number[] {
  const children: number[] = []
  for (let child = folder + 1; child < tree.end[folder]!; child = tree.end[child]!) children.push(child)
  return children
}

/** The folders from the root down to a node, the node included. */
export function wayTo(tree: UnionTree, node: number): number[] {
  const way: number[] = []
  for (let at = node; at >= 0; at = tree.parent[at]!) way.unshift(at)
  return way
}
