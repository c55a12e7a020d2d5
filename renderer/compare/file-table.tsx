import { type ReactElement, useMemo } from 'react'
import { change, type UnionTree } from '../../electron/core/compare/union-tree'
import { formatBytes, formatCount } from '../../electron/core/format'
import { pathKindLabel, pathKinds } from '../../electron/core/surface/path-kinds'
import { displayName } from '../../electron/core/utf8'
import { matchesIn, pathIn } from '../shared/selectors'
import { useFields, useStore } from '../shared/store'
import { usePage, usePageState } from '../shared/use-page'
import { kindColors } from '../treemap/colors'
import { type TableColumn, type TableRow, tableColumns, tableRows } from '../treemap/table-rows'
import { sortBy } from './explorer'
import { select, toggleExpanded } from './explorer-moves'
import { openSelected } from './file-content'
import { TableBar } from './table-bar'
import { useTableWindow } from './use-table-window'

const changeText = {
  [change.kept]: 'same',
  [change.removed]: '▼ removed',
  [change.added]: '▲ added',
  [change.changed]: '◆ changed',
}
const titles: Readonly<Record<TableColumn, string>> = {
  path: 'Path',
  before: 'Before',
  after: 'After',
  difference: 'Difference',
  change: 'Change',
  layer: 'Layer',
  kind: 'Kind',
}

/** The same tree as rows, or its files as a list; only what is in view exists in the page. */
export function FileTable({ tree }: { tree: UnionTree }): ReactElement {
  const { zoom, rest, expanded, selection, sort, isFlat } = useFields(
    usePage().explorer,
    ...(['zoom', 'rest', 'expanded', 'selection', 'sort', 'isFlat'] as const),
  )
  const matches = usePageState((state) => matchesIn(state)?.nodes)
  const flatMatches = isFlat ? matches : undefined
  const rows = useMemo(
    () => tableRows(tree, { root: zoom, only: rest, expanded, sort, isFlat, matches: flatMatches }),
    [tree, zoom, rest, expanded, sort, isFlat, flatMatches],
  )
  const selectedRow = useMemo(() => rows.findIndex((row) => row.node === selection), [rows, selection])
  const { box, onScroll, first, last, topPixels, allPixels } = useTableWindow(rows.length, selectedRow)
  const matched = useMemo(() => new Set(matches), [matches])
  return (
    <div className="table-frame">
      <TableBar tree={tree} rows={rows} />
      <div
        className="table"
        role="treegrid"
        aria-label="Files"
        aria-rowcount={rows.length + 1}
        aria-colcount={tableColumns.length}
        tabIndex={-1}
      >
        <TableHead />
        <div className="table-body" ref={box} role="rowgroup" onScroll={onScroll}>
          <div style={{ height: allPixels }} role="presentation">
            <div style={{ transform: `translateY(${topPixels}px)` }} role="presentation">
              {rows.slice(first, last).map((row, at) => (
                <Row
                  // biome-ignore lint/suspicious/noArrayIndexKey: a place in the window shows whatever is scrolled to it
                  key={at}
                  tree={tree}
                  row={row}
                  index={first + at + 2}
                  isSelected={row.node === selection}
                  isMatch={!isFlat && matched.has(row.node)}
                />
              ))}
            </div>
          </div>
        </div>
      </div>
    </div>
  )
}

function TableHead(): ReactElement {
  const page = usePage()
  const sort = useStore(page.explorer, (state) => state.sort)
  return (
    <div className="table-row table-head" role="row" aria-rowindex={1}>
      {tableColumns.map((column) => (
        <span
          key={column}
          role="columnheader"
          aria-sort={sort.column !== column ? 'none' : sort.isAscending ? 'ascending' : 'descending'}
        >
          <button type="button" className="sort" tabIndex={-1} onClick={() => sortBy(page, column)}>
            {titles[column]}
            {sort.column === column && <span aria-hidden="true"> {sort.isAscending ? '▴' : '▾'}</span>}
          </button>
        </span>
      ))}
    </div>
  )
}

interface RowProps {
  readonly tree: UnionTree
  readonly row: TableRow
  /** aria-rowindex: the head is 1. */
  readonly index: number
  readonly isSelected: boolean
  readonly isMatch: boolean
}

function Row({ tree, row, index, isSelected, isMatch }: RowProps): ReactElement {
  const page = usePage()
  const { node, level } = row
  const before = tree.beforeBytes[node]!
  const after = tree.afterBytes[node]!
  const isIn = { before: tree.beforeEntries[node]! > 0, after: tree.afterEntries[node]! > 0 }
  const kind = pathKinds[tree.kind[node]!]!
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys of map and table are handled by the explorer around them
    <div
      role="row"
      className={`table-row${isSelected ? ' selected' : ''}${isMatch ? ' match' : ''}`}
      aria-rowindex={index}
      aria-level={level}
      aria-posinset={row.position}
      aria-setsize={row.siblings}
      aria-selected={isSelected}
      aria-expanded={row.hasChildren ? row.isExpanded : undefined}
      tabIndex={-1}
      onClick={() => select(page, node)}
      onContextMenu={() => select(page, node)}
      onDoubleClick={() => (row.hasChildren ? toggleExpanded(page, node) : openSelected(page))}
    >
      <NameCell tree={tree} row={row} />
      <span role="gridcell">{isIn.before ? formatBytes(before) : '–'}</span>
      <span role="gridcell">{isIn.after ? formatBytes(after) : '–'}</span>
      <span role="gridcell">
        {after - before === 0 ? '' : `${after > before ? '+' : ''}${formatBytes(after - before)}`}
      </span>
      <span role="gridcell">{changeOf(tree, row)}</span>
      <span role="gridcell">{row.hasChildren ? '' : layersText(tree, node)}</span>
      <span role="gridcell">
        <i className="swatch" style={{ background: kindColors[kind] }} /> {pathKindLabel[kind]}
      </span>
    </div>
  )
}

/** A folder that both have says nothing of what is in it. */
function changeOf(tree: UnionTree, { node, hasChildren }: TableRow): string {
  if (hasChildren && tree.change[node] === change.kept) return ''
  return changeText[tree.change[node] as keyof typeof changeText]
}

/** "2" where only before has it, "2 → 1" where both have. */
function layersText(tree: UnionTree, node: number): string {
  const layer = (at: number): string => (at < 0 ? '' : String(at + 1))
  return [layer(tree.beforeLayer[node]!), layer(tree.afterLayer[node]!)].filter((text) => text !== '').join(' → ')
}

function NameCell({ tree, row }: { tree: UnionTree; row: TableRow }): ReactElement {
  const { node, level } = row
  const page = usePage()
  const isFlat = useStore(page.explorer, (state) => state.isFlat)
  return (
    <span role="gridcell" className="cell-path" style={{ paddingLeft: isFlat ? 8 : level * 16 }}>
      {row.hasChildren ? (
        <button
          type="button"
          className="twist"
          tabIndex={-1}
          aria-label={row.isExpanded ? 'Close' : 'Open'}
          onClick={() => toggleExpanded(page, node)}
        >
          {row.isExpanded ? '▾' : '▸'}
        </button>
      ) : (
        !isFlat && <span className="twist" />
      )}
      {isFlat ? displayName(pathIn(page.state.get(), node)) : displayName(tree.names[tree.nameId[node]!]!)}
      {row.hasChildren && (
        <span className="muted"> {formatCount(Math.max(tree.beforeEntries[node]!, tree.afterEntries[node]!) - 1)}</span>
      )}
    </span>
  )
}
