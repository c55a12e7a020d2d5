import type { ReactElement } from 'react'
import type { UnionTree } from '../../electron/core/compare/union-tree'
import { formatCount, formatQuantity } from '../../electron/core/format'
import { displayName } from '../../electron/core/utf8'
import { type Grouping, groupings, needsClasses } from '../layout/groupings'
import { wayTo } from '../layout/tree-walk'
import {
  type Coloring,
  colorings,
  explorer,
  type MapView,
  mapViews,
  search,
  setGrouping,
  setView,
  showTable,
} from '../state/explorer'
import { focusExplorer } from '../state/explorer-keys'
import { goToMatch, zoomTo } from '../state/explorer-moves'
import { useStore } from '../state/store'

const viewLabel: Readonly<Record<MapView, string>> = {
  aligned: 'Both',
  delta: 'Difference',
  before: 'Only before',
  after: 'Only after',
}

export function ExplorerBar({ tree, isSingle }: { tree: UnionTree; isSingle: boolean }): ReactElement {
  const { view, isTable } = useStore(explorer, (state) => state)
  return (
    <div className="explorer-bar">
      <div className="segments" role="group" aria-label="View">
        {(isSingle ? (['before'] as const) : mapViews).map((each) => (
          <button key={each} type="button" aria-pressed={!isTable && view === each} onClick={() => setView(each)}>
            {isSingle ? 'Map' : viewLabel[each]}
          </button>
        ))}
        <button type="button" aria-pressed={isTable} onClick={() => showTable(true)}>
          Table
        </button>
      </div>
      <Choices />
      <div className="explorer-where">
        <Breadcrumb tree={tree} />
        <span className="space" />
        <SearchBox tree={tree} />
      </div>
    </div>
  )
}

function Choices(): ReactElement {
  const { coloring, grouping, unionClasses } = useStore(explorer, (state) => state)
  return (
    <>
      <label className="coloring">
        Colour{' '}
        <select value={coloring} onChange={(event) => explorer.change({ coloring: event.target.value as Coloring })}>
          {colorings.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
      </label>
      <label className="coloring">
        Group{' '}
        <select value={grouping} onChange={(event) => setGrouping(event.target.value as Grouping)}>
          {groupings.map((each) => (
            <option key={each} disabled={needsClasses(each) && unionClasses === undefined}>
              {each}
            </option>
          ))}
        </select>
      </label>
    </>
  )
}

function Breadcrumb({ tree }: { tree: UnionTree }): ReactElement {
  const { zoom, rest } = useStore(explorer, (state) => state)
  return (
    <nav aria-label="Folder" className="breadcrumb">
      {wayTo(tree, zoom).map((node, at) => (
        <span key={node}>
          {at > 0 && <span aria-hidden="true"> › </span>}
          <button
            type="button"
            className="quiet"
            aria-current={node === zoom && !rest ? 'location' : undefined}
            onClick={() => zoomTo(node)}
          >
            {node === 0 ? '/' : displayName(tree.names[tree.nameId[node]!]!)}
          </button>
        </span>
      ))}
      {rest && (
        <span aria-current="location">
          <span aria-hidden="true"> › </span>
          {formatQuantity(rest.length, 'small entry', 'small entries')}
        </span>
      )}
    </nav>
  )
}

function SearchBox({ tree }: { tree: UnionTree }): ReactElement {
  const { query, matches, matchAt, queryProblem } = useStore(explorer, (state) => state)
  return (
    <div className="search" role="search">
      <input
        id="file-search"
        type="search"
        placeholder="Find file …"
        aria-label="Find file"
        value={query}
        onChange={(event) => search(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') goToMatch(event.shiftKey ? -1 : 1)
          if (event.key !== 'Escape') return
          search('')
          focusExplorer()
        }}
        aria-describedby="search-problem"
      />
      <span className="muted" role="status" data-testid="match-count">
        {matches && countText(matches.length, matchAt, tree.parent.length - 1)}
      </span>
      {queryProblem !== undefined && (
        <span id="search-problem" role="alert" className="search-problem">
          {queryProblem}
        </span>
      )}
      {matches?.length === 0 && (
        <button type="button" className="quiet" onClick={() => search('')}>
          Clear filter
        </button>
      )}
      {directions.map(({ label, symbol, by }) => (
        <button
          key={label}
          type="button"
          className="quiet"
          aria-label={label}
          disabled={!matches?.length}
          onClick={() => goToMatch(by)}
        >
          {symbol}
        </button>
      ))}
    </div>
  )
}

/** How many match, of how many where none does, and which of them is selected (-1: none). */
function countText(matches: number, at: number, entries: number): string {
  if (matches === 0) return `0 of ${formatCount(entries)} match`
  return `${at < 0 ? '' : `${formatCount(at + 1)}/`}${formatCount(matches)}`
}

const directions = [
  { label: 'Previous match', symbol: '◂', by: -1 },
  { label: 'Next match', symbol: '▸', by: 1 },
] as const
