import type { ReactElement } from 'react'
import type { UnionTree } from '../../electron/core/compare/union-tree'
import { formatQuantity } from '../../electron/core/format'
import { displayName } from '../../electron/core/utf8'
import { explorer, type MapView, pathOfNode } from '../state/explorer'
import { useStore } from '../state/store'

const views: Readonly<Record<MapView, string>> = {
  aligned: 'Both images',
  delta: 'The difference',
  before: 'Only before',
  after: 'Only after',
}

/** Tells those who do not see it what the map or table shows after a key: view, grouping, folder. */
export function ExplorerAnnouncer({ tree }: { tree: UnionTree }): ReactElement {
  const { view, isTable, grouping, zoom, rest, coloring } = useStore(explorer, (state) => state)
  const where = zoom === 0 ? 'the whole image' : displayName(pathOfNode(tree, zoom))
  const part = rest ? `, ${formatQuantity(rest.length, 'small entry', 'small entries')} of it` : ''
  return (
    <span role="status" className="visually-hidden" data-testid="announcer">
      {isTable ? 'Table' : `${views[view]}, coloured by ${coloring}`}, by {grouping}: {where}
      {part}
    </span>
  )
}
