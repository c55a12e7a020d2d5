import type { ReactElement } from 'react'
import type { UnionTree } from '../../electron/core/compare/union-tree'
import { formatCount, formatQuantity } from '../../electron/core/format'
import { displayName } from '../../electron/core/utf8'
import { type MapView, mapViews } from '../shared/explorer-state'
import { exploredIn, matchesIn } from '../shared/selectors'
import { useFields } from '../shared/store'
import { usePage, usePageState } from '../shared/use-page'
import { coloringOf, colorings } from '../treemap/colorings'
import { groupingOf, groupings } from '../treemap/groupings'
import { wayTo } from '../treemap/tree-walk'
import { focusExplorer, search, setGrouping, setView, showTable } from './explorer'
import { goToMatch, zoomTo } from './explorer-moves'

const viewLabel: Readonly<Record<MapView, string>> = {
  aligned: 'Both',
  delta: 'Difference',
  before: 'Only before',
  after: 'Only after',
}

export function ExplorerBar({ tree, isSingle }: { tree: UnionTree; isSingle: boolean }): ReactElement {
  const page = usePage()
  const { view, isTable } = useFields(page.explorer, 'view', 'isTable')
  return (
    <div className="explorer-bar">
      <div className="segments" role="group" aria-label="View">
        {(isSingle ? (['before'] as const) : mapViews).map((each) => (
          <button key={each} type="button" aria-pressed={!isTable && view === each} onClick={() => setView(page, each)}>
            {isSingle ? 'Map' : viewLabel[each]}
          </button>
        ))}
        <button type="button" aria-pressed={isTable} onClick={() => showTable(page, true)}>
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
  const page = usePage()
  const { coloring, grouping } = useFields(page.explorer, 'coloring', 'grouping')
  const hasClasses = usePageState((state) => exploredIn(state)?.classes !== undefined)
  return (
    <>
      <label className="coloring">
        Colour{' '}
        <select
          value={coloring.id}
          onChange={(event) => page.explorer.change({ coloring: coloringOf(event.target.value) })}
        >
          {colorings.map(({ id, label }) => (
            <option key={id} value={id}>
              {label}
            </option>
          ))}
        </select>
      </label>
      <label className="coloring">
        Group{' '}
        <select value={grouping.id} onChange={(event) => setGrouping(page, groupingOf(event.target.value))}>
          {groupings.map(({ id, label, needsClasses }) => (
            <option key={id} value={id} disabled={needsClasses && !hasClasses}>
              {label}
            </option>
          ))}
        </select>
      </label>
    </>
  )
}

function Breadcrumb({ tree }: { tree: UnionTree }): ReactElement {
  const page = usePage()
  const { zoom, rest } = useFields(page.explorer, 'zoom', 'rest')
  return (
    <nav aria-label="Folder" className="breadcrumb">
      {wayTo(tree, zoom).map((node, at) => (
        <span key={node}>
          {at > 0 && <span aria-hidden="true"> › </span>}
          <button
            type="button"
            className="quiet"
            aria-current={node === zoom && !rest ? 'location' : undefined}
            onClick={() => zoomTo(page, node)}
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
  const page = usePage()
  const { query, matchAt } = useFields(page.explorer, 'query', 'matchAt')
  const { nodes: matches, problem: queryProblem } = usePageState(matchesIn) ?? {}
  return (
    <div className="search" role="search">
      <input
        id="file-search"
        type="search"
        placeholder="Find file …"
        aria-label="Find file"
        value={query}
        onChange={(event) => search(page, event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') goToMatch(page, event.shiftKey ? -1 : 1)
          if (event.key !== 'Escape') return
          search(page, '')
          focusExplorer(page)
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
        <button type="button" className="quiet" onClick={() => search(page, '')}>
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
          onClick={() => goToMatch(page, by)}
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
