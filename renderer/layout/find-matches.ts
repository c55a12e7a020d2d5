import { ledgerClasses } from '../../electron/core/compare/ledger-classes'
import type { TreeClasses } from '../../electron/core/compare/meaning'
import type { UnionTree } from '../../electron/core/compare/union-tree'
import { nodePath } from '../../electron/core/image/path-tree'

/** What examining the images added: a class and a package for each node. */
export interface SearchClasses extends TreeClasses {
  /** Name of each package that the column counts, as it is searched for. */
  readonly packageNames: readonly string[]
}

/**
 * Nodes whose name contains the query, without regard to case; a query with a slash is looked for in the whole path. Each
 * distinct name is tested once. `class:toolchain` finds a class of the ledger, `package:gcc-12` what a package owns; nothing where
 * the images are not looked into yet.
 */
export function findMatches(tree: UnionTree, query: string, classes?: SearchClasses): Int32Array {
  const [, field, value] = /^(class|package):(.*)$/i.exec(query) ?? []
  if (field !== undefined && value !== undefined) {
    if (classes === undefined) return new Int32Array(0)
    return field.toLowerCase() === 'class' ? ofClass(classes, value) : ofPackage(classes, value)
  }
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

function ofClass({ ledger }: TreeClasses, name: string): Int32Array {
  const wanted = ledgerClasses.findIndex((each) => each.toLowerCase() === name.toLowerCase())
  return where(ledger, (at) => at === wanted)
}

/** By the whole name, so that `package:gcc` is not also gcc-12-base. */
function ofPackage({ package: column, packageNames }: SearchClasses, name: string): Int32Array {
  const wanted = name.toLowerCase()
  const isHit = Uint8Array.from(packageNames, (each) => (each.toLowerCase() === wanted ? 1 : 0))
  return where(column, (at) => at >= 0 && isHit[at] === 1)
}

function where(column: Uint8Array | Int32Array, holds: (value: number) => boolean): Int32Array {
  const found: number[] = []
  for (let node = 1; node < column.length; node++) if (holds(column[node]!)) found.push(node)
  return Int32Array.from(found)
}
