import type { UnionTree } from '../../electron/core/compare/union-tree'

export interface TableRow {
  readonly node: number
  readonly level: number
  readonly isExpanded: boolean
  readonly hasChildren: boolean
  /** Place among its siblings, from 1. */
  readonly position: number
  readonly siblings: number
}

/** The rows of the open folders below `root`, in tree order. */
export function tableRows(tree: UnionTree, root: number, expanded: ReadonlySet<number>): TableRow[] {
  const rows: TableRow[] = []
  const visit = (folder: number, level: number): void => {
    const children: number[] = []
    for (let child = folder + 1; child < tree.end[folder]!; child = tree.end[child]!) children.push(child)
    children.forEach((node, at) => {
      const hasChildren = tree.end[node]! > node + 1
      const isExpanded = hasChildren && expanded.has(node)
      rows.push({ node, level, isExpanded, hasChildren, position: at + 1, siblings: children.length })
      if (isExpanded) visit(node, level + 1)
    })
  }
  visit(root, 1)
  return rows
}
