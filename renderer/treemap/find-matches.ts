import type { UnionTree } from '../../electron/core/compare/union-tree'
import { FilterProblem, filterMask, type SearchClasses } from './filter'

export interface Matches {
  /** Ascending ids. */
  readonly nodes: Int32Array
  /** What is wrong with the query; then nothing matches. */
  readonly problem: string | undefined
}

/** The nodes that a query asks for, see filterMask. Words about size, layer or kind find files only; names find folders too. */
export function findMatches(tree: UnionTree, query: string, classes?: SearchClasses): Matches {
  try {
    const mask = filterMask(tree, query, classes)
    const found = new Int32Array(mask.length)
    let count = 0
    for (let node = 1; node < found.length; node++) if (mask[node] === 1) found[count++] = node
    return { nodes: found.slice(0, count), problem: undefined }
  } catch (error) {
    if (!(error instanceof FilterProblem)) throw error
    return { nodes: new Int32Array(0), problem: error.message }
  }
}
