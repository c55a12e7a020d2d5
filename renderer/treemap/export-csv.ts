import type { UnionTree } from '../../electron/core/compare/union-tree'
import { nodePath } from '../../electron/core/image/path-tree'
import { pathKinds } from '../../electron/core/surface/path-kinds'

const changeNames = ['same', 'removed', 'added', 'changed']

/** The files of some nodes as CSV (RFC 4180), with a line of titles; layers count from 1 and are empty where a side lacks the file. */
export function exportCsv(
  tree: UnionTree,
  nodes: Iterable<number>,
  pathOf = (node: number) => `/${nodePath(tree, node)}`,
): string {
  const lines = ['path,before_bytes,after_bytes,change,before_layer,after_layer,kind']
  const layer = (at: number): string => (at < 0 ? '' : String(at + 1))
  for (const node of nodes) {
    const isIn = { before: tree.beforeEntries[node]! > 0, after: tree.afterEntries[node]! > 0 }
    lines.push(
      [
        quoted(pathOf(node)),
        isIn.before ? tree.beforeBytes[node] : '',
        isIn.after ? tree.afterBytes[node] : '',
        changeNames[tree.change[node]!],
        isIn.before ? layer(tree.beforeLayer[node]!) : '',
        isIn.after ? layer(tree.afterLayer[node]!) : '',
        pathKinds[tree.kind[node]!],
      ].join(','),
    )
  }
  return `${lines.join('\r\n')}\r\n`
}

/** A path may hold anything; one that a spreadsheet would take for a formula begins with a slash here. */
const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
