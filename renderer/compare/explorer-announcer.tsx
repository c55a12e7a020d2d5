import type { ReactElement } from 'react'
import { formatQuantity } from '../../electron/core/format'
import { displayName } from '../../electron/core/utf8'
import type { MapView } from '../shared/explorer-state'
import { pathIn } from '../shared/selectors'
import { useFields } from '../shared/store'
import { usePage, usePageState } from '../shared/use-page'

const views: Readonly<Record<MapView, string>> = {
  aligned: 'Both images',
  delta: 'The difference',
  before: 'Only before',
  after: 'Only after',
}

/** Tells those who do not see it what the map or table shows after a key: view, grouping, folder. */
export function ExplorerAnnouncer(): ReactElement {
  const { explorer } = usePage()
  const { view, isTable, grouping, zoom, rest, coloring } = useFields(
    explorer,
    ...(['view', 'isTable', 'grouping', 'zoom', 'rest', 'coloring'] as const),
  )
  const where = usePageState((state) => (zoom === 0 ? 'the whole image' : displayName(pathIn(state, zoom))))
  const part = rest ? `, ${formatQuantity(rest.length, 'small entry', 'small entries')} of it` : ''
  return (
    <span role="status" className="visually-hidden" data-testid="announcer">
      {isTable ? 'Table' : `${views[view]}, coloured by ${coloring.label}`}, by {grouping.label}: {where}
      {part}
    </span>
  )
}
