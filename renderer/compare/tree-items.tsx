import type { ReactElement } from 'react'
import type { UnionTree } from '../../electron/core/compare/union-tree'
import { formatBytes, formatQuantity } from '../../electron/core/format'
import { displayName } from '../../electron/core/utf8'
import { useFields } from '../shared/store'
import { usePage } from '../shared/use-page'
import { childrenOf, hasChildren, wayTo } from '../treemap/tree-walk'

const maxItems = 30

export const treeItemId = (node: number): string => `tree-item-${node}`

/** What a screen reader is told in place of the map: the selected entry among its siblings. */
export function TreeItems({ tree }: { tree: UnionTree }): ReactElement {
  const { selection, zoom } = useFields(usePage().explorer, 'selection', 'zoom')
  const folder = selection === undefined ? zoom : Math.max(0, tree.parent[selection]!)
  const siblings = childrenOf(tree, folder)
  const at = selection === undefined ? 0 : siblings.indexOf(selection)
  const first = Math.max(0, Math.min(at - maxItems / 2, siblings.length - maxItems))
  const level = wayTo(tree, folder).length
  return (
    <>
      {siblings.slice(first, first + maxItems).map((node, offset) => (
        <span
          key={node}
          id={treeItemId(node)}
          role="treeitem"
          className="visually-hidden"
          aria-level={level}
          aria-posinset={first + offset + 1}
          aria-setsize={siblings.length}
          aria-expanded={hasChildren(tree, node) ? false : undefined}
          aria-selected={node === selection}
        >
          {itemLabel(tree, node)}
        </span>
      ))}
    </>
  )
}

/** "gcc, folder of 12 entries, 214 MB before, 16 % of it, not in after", and the layers of a file. */
export function itemLabel(tree: UnionTree, node: number): string {
  const before = tree.beforeEntries[node]! > 0
  const after = tree.afterEntries[node]! > 0
  const entries = Math.max(tree.beforeEntries[node]!, tree.afterEntries[node]!) - 1
  const share = (part: number, whole: number): string => `${whole === 0 ? 0 : Math.round((100 * part) / whole)} % of it`
  return [
    displayName(tree.names[tree.nameId[node]!]!),
    hasChildren(tree, node) ? `folder of ${formatQuantity(entries, 'entry', 'entries')}` : 'file',
    before
      ? `${formatBytes(tree.beforeBytes[node]!)} before, ${share(tree.beforeBytes[node]!, tree.beforeBytes[0]!)}`
      : 'not in before',
    after
      ? `${formatBytes(tree.afterBytes[node]!)} after, ${share(tree.afterBytes[node]!, tree.afterBytes[0]!)}`
      : 'not in after',
    ...(hasChildren(tree, node) ? [] : layersOf(tree, node)),
  ].join(', ')
}

function layersOf(tree: UnionTree, node: number): string[] {
  const layer = (side: string, at: number): string[] => (at < 0 ? [] : [`layer ${at + 1} of ${side}`])
  return [...layer('before', tree.beforeLayer[node]!), ...layer('after', tree.afterLayer[node]!)]
}
