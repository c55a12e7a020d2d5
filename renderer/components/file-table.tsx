import { type ReactElement, useEffect, useMemo, useRef, useState } from 'react'
import { change, type UnionTree } from '../../electron/core/compare/union-tree'
import { formatBytes, formatCount } from '../../electron/core/format'
import { pathKindLabel, pathKinds } from '../../electron/core/surface/path-kinds'
import { displayName } from '../../electron/core/utf8'
import { kindColours } from '../layout/colours'
import { type TableRow, tableRows } from '../layout/table-rows'
import { explorer, select, toggleExpanded } from '../state/explorer'
import { useStore } from '../state/store'

const rowHeight = 26
const changeText = {
  [change.kept]: 'same',
  [change.removed]: '▼ removed',
  [change.added]: '▲ added',
  [change.changed]: '◆ changed',
}

/** The same tree as rows; only what is in view exists in the page. */
export function FileTable({ tree }: { tree: UnionTree }): ReactElement {
  const { zoom, expanded, selection, matches } = useStore(explorer, (state) => state)
  const rows = useMemo(() => tableRows(tree, zoom, expanded), [tree, zoom, expanded])
  const box = useRef<HTMLDivElement>(null)
  const [scroll, setScroll] = useState({ top: 0, height: 600 })
  const selectedRow = rows.findIndex((row) => row.node === selection)
  useEffect(() => {
    const element = box.current
    if (!element || selectedRow < 0) return
    const top = selectedRow * rowHeight
    if (top < element.scrollTop || top > element.scrollTop + element.clientHeight - 3 * rowHeight)
      element.scrollTop = top - element.clientHeight / 2
  }, [selectedRow])
  const first = Math.max(0, Math.floor(scroll.top / rowHeight) - 10)
  const last = Math.min(rows.length, Math.ceil((scroll.top + scroll.height) / rowHeight) + 10)
  const matched = useMemo(() => new Set(matches), [matches])
  return (
    <div
      className="table"
      role="treegrid"
      aria-label="Files"
      aria-rowcount={rows.length + 1}
      aria-colcount={6}
      tabIndex={-1}
    >
      <div className="table-row table-head" role="row" aria-rowindex={1}>
        {['Path', 'Before', 'After', 'Difference', 'Change', 'Kind'].map((title) => (
          <span key={title} role="columnheader">
            {title}
          </span>
        ))}
      </div>
      <div
        className="table-body"
        ref={box}
        role="rowgroup"
        onScroll={(event) =>
          setScroll({ top: event.currentTarget.scrollTop, height: event.currentTarget.clientHeight })
        }
      >
        <div style={{ height: rows.length * rowHeight }} role="presentation">
          <div style={{ transform: `translateY(${first * rowHeight}px)` }} role="presentation">
            {rows.slice(first, last).map((row, at) => (
              <Row
                key={row.node}
                tree={tree}
                row={row}
                index={first + at + 2}
                isSelected={row.node === selection}
                isMatch={matched.has(row.node)}
              />
            ))}
          </div>
        </div>
      </div>
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
      onClick={() => select(node)}
      onDoubleClick={() => row.hasChildren && toggleExpanded(node)}
    >
      <span role="gridcell" className="cell-path" style={{ paddingLeft: level * 16 }}>
        {row.hasChildren ? (
          <button
            type="button"
            className="twist"
            tabIndex={-1}
            aria-label={row.isExpanded ? 'Close' : 'Open'}
            onClick={() => toggleExpanded(node)}
          >
            {row.isExpanded ? '▾' : '▸'}
          </button>
        ) : (
          <span className="twist" />
        )}
        {displayName(tree.names[tree.nameId[node]!]!)}
        {row.hasChildren && (
          <span className="muted">
            {' '}
            {formatCount(Math.max(tree.beforeEntries[node]!, tree.afterEntries[node]!) - 1)}
          </span>
        )}
      </span>
      <span role="gridcell">{isIn.before ? formatBytes(before) : '–'}</span>
      <span role="gridcell">{isIn.after ? formatBytes(after) : '–'}</span>
      <span role="gridcell">
        {after - before === 0 ? '' : `${after > before ? '+' : ''}${formatBytes(after - before)}`}
      </span>
      <span role="gridcell">{changeText[tree.change[node] as keyof typeof changeText]}</span>
      <span role="gridcell">
        <i className="swatch" style={{ background: kindColours[kind] }} /> {pathKindLabel[kind]}
      </span>
    </div>
  )
}
