import type { ReactElement } from 'react'
import type { UnionTree } from '../../electron/core/compare/union-tree'
import { formatQuantity } from '../../electron/core/format'
import { exportCsv } from '../layout/export-csv'
import { type TableRow, tableRows, wayToLargest } from '../layout/table-rows'
import { saveAs } from '../save-as'
import { explorer, pathOfNode } from '../state/explorer'
import { select } from '../state/explorer-moves'
import { useStore } from '../state/store'

/** What the table shows, and how to take it along. */
export function TableBar({ tree, rows }: { tree: UnionTree; rows: readonly TableRow[] }): ReactElement {
  const { isFlat, matches, zoom, rest, expanded } = useStore(explorer, (state) => state)
  const openLargest = (): void => {
    const way = wayToLargest(tree, zoom)
    explorer.change({ isFlat: false })
    if (way.length > 1) select(way.at(-1))
  }
  const csv = (): void => {
    const files = tableRows(tree, {
      root: zoom,
      only: rest,
      expanded,
      sort: explorer.get().sort,
      isFlat: true,
      matches,
    }).map(({ node }) => node)
    saveAs(
      'cutaway-files.csv',
      new Blob([exportCsv(tree, files, (node) => pathOfNode(tree, node))], { type: 'text/csv' }),
    )
  }
  return (
    <div className="table-bar">
      <label>
        <input
          type="checkbox"
          checked={isFlat}
          onChange={(event) => explorer.change({ isFlat: event.target.checked })}
        />{' '}
        Flat list of files
      </label>
      <button type="button" className="quiet" onClick={openLargest}>
        Expand to largest
      </button>
      <button type="button" className="quiet" onClick={csv}>
        Export CSV
      </button>
      <span className="space" />
      <span className="muted">
        {formatQuantity(rows.length, 'row')} of {formatQuantity(tree.end[zoom]! - zoom - 1, 'entry', 'entries')}
        {isFlat && matches !== undefined && ', only matches'}
      </span>
    </div>
  )
}
