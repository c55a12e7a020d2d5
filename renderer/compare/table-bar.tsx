import type { ReactElement } from 'react'
import type { UnionTree } from '../../electron/core/compare/union-tree'
import { formatQuantity } from '../../electron/core/format'
import { matchesIn, pathIn } from '../shared/selectors'
import { useFields } from '../shared/store'
import { usePage, usePageState } from '../shared/use-page'
import { exportCsv } from '../treemap/export-csv'
import { type TableRow, tableRows, wayToLargest } from '../treemap/table-rows'
import { revealInTable } from './explorer-moves'

/** What the table shows, and how to take it along. */
export function TableBar({ tree, rows }: { tree: UnionTree; rows: readonly TableRow[] }): ReactElement {
  const page = usePage()
  const { isFlat, zoom, rest, expanded } = useFields(page.explorer, 'isFlat', 'zoom', 'rest', 'expanded')
  const matches = usePageState((state) => matchesIn(state)?.nodes)
  const openLargest = (): void => {
    const way = wayToLargest(tree, zoom)
    revealInTable(page, way.length > 1 ? way.at(-1) : undefined)
  }
  const csv = (): void => {
    const files = tableRows(tree, {
      root: zoom,
      only: rest,
      expanded,
      sort: page.explorer.get().sort,
      isFlat: true,
      matches,
    }).map(({ node }) => node)
    page.browser.saveAs(
      'cutaway-files.csv',
      new Blob([exportCsv(tree, files, (node) => pathIn(page.state.get(), node))], { type: 'text/csv' }),
    )
  }
  return (
    <div className="table-bar">
      <label>
        <input
          type="checkbox"
          checked={isFlat}
          onChange={(event) => page.explorer.change({ isFlat: event.target.checked })}
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
