import type { UnionTree } from '../../electron/core/compare/union-tree'
import { compileFilter, FilterProblem, type SearchClasses } from './filter'

export interface Matches {
  /** Ascending ids. */
  readonly nodes: Int32Array
  /** What is wrong with the query; then nothing matches. */
  readonly problem: string | undefined
}

/** The nodes that a query asks for, see compileFilter. Words about size, layer or kind find files only; names find folders too. */
export function findMatches(tree: UnionTree, query: string, classes?: SearchClasses): Matches {
  try {
    const test = compileFilter(tree, query, classes)
    const found: number[] = []
    for (let node = 1; node < tree.nameId.length; node++) if (test(node)) found.push(node)
    return { nodes: Int32Array.from(found), problem: undefined }
  } catch (error) {
    if (!(error instanceof FilterProblem)) throw error
    return { nodes: new Int32Array(0), problem: error.message }
  }
}
