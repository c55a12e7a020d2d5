import { ledgerClasses } from '../../electron/core/compare/ledger'
import type { UnionTree } from '../../electron/core/compare/union-tree'
import { nodePath } from '../../electron/core/image/path-tree'

/**
 * Nodes whose name contains the query, without regard to case; a query with a slash is looked for in the whole path. Each
 * distinct name is tested once. `class:toolchain` finds a class of the ledger.
 */
export function findMatches(tree: UnionTree, query: string): Int32Array {
  const ledgerClass = /^class:(\w+)$/i.exec(query)?.[1]
  if (ledgerClass !== undefined) return ofLedgerClass(tree, ledgerClass.toLowerCase())
  const wanted = query.toLowerCase()
  const slash = wanted.lastIndexOf('/')
  const last = wanted.slice(slash + 1)
  const isHit = Uint8Array.from(tree.names, (name) => (name.toLowerCase().includes(last) ? 1 : 0))
  const found: number[] = []
  for (let node = 1; node < tree.nameId.length; node++) {
    if (!isHit[tree.nameId[node]!]) continue
    if (slash < 0 || `/${nodePath(tree, node)}`.toLowerCase().includes(wanted)) found.push(node)
  }
  return Int32Array.from(found)
}

function ofLedgerClass(tree: UnionTree, name: string): Int32Array {
  const wanted = ledgerClasses.findIndex((each) => each.toLowerCase() === name)
  const found: number[] = []
  for (let node = 1; node < tree.ledger.length; node++) if (tree.ledger[node] === wanted) found.push(node)
  return Int32Array.from(found)
}
