import { type ReactElement, useRef } from 'react'
import type { UnionTree } from '../../electron/core/compare/union-tree'
import { formatCount } from '../../electron/core/format'
import { displayName } from '../../electron/core/utf8'
import { type Grouping, groupings, needsClasses } from '../layout/groupings'
import {
  type Colouring,
  type ExplorerView,
  explorer,
  goToMatch,
  search,
  setGrouping,
  setView,
  zoomTo,
} from '../state/explorer'
import { useStore } from '../state/store'

const views: readonly { readonly view: ExplorerView; readonly label: string }[] = [
  { view: 'aligned', label: 'Both' },
  { view: 'before', label: 'Only before' },
  { view: 'after', label: 'Only after' },
  { view: 'table', label: 'Table' },
]
const colourings: readonly Colouring[] = ['kind', 'layer', 'change']

export function ExplorerBar({ tree }: { tree: UnionTree }): ReactElement {
  const { view, colouring, grouping, unionClasses } = useStore(explorer, (state) => state)
  return (
    <div className="explorer-bar">
      <div className="segments" role="group" aria-label="View">
        {views.map((each) => (
          <button key={each.view} type="button" aria-pressed={view === each.view} onClick={() => setView(each.view)}>
            {each.label}
          </button>
        ))}
      </div>
      <label className="colouring">
        Colour{' '}
        <select value={colouring} onChange={(event) => explorer.change({ colouring: event.target.value as Colouring })}>
          {colourings.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
      </label>
      <label className="colouring">
        Group{' '}
        <select value={grouping} onChange={(event) => setGrouping(event.target.value as Grouping)}>
          {groupings.map((each) => (
            <option key={each} disabled={needsClasses(each) && unionClasses === undefined}>
              {each}
            </option>
          ))}
        </select>
      </label>
      <Breadcrumb tree={tree} />
      <span className="space" />
      <SearchBox />
    </div>
  )
}

function Breadcrumb({ tree }: { tree: UnionTree }): ReactElement {
  const zoom = useStore(explorer, (state) => state.zoom)
  const way: number[] = []
  for (let at = zoom; at >= 0; at = tree.parent[at]!) way.unshift(at)
  return (
    <nav aria-label="Folder" className="breadcrumb">
      {way.map((node, at) => (
        <span key={node}>
          {at > 0 && <span aria-hidden="true"> › </span>}
          <button
            type="button"
            className="quiet"
            aria-current={node === zoom ? 'location' : undefined}
            onClick={() => zoomTo(node)}
          >
            {node === 0 ? '/' : displayName(tree.names[tree.nameId[node]!]!)}
          </button>
        </span>
      ))}
    </nav>
  )
}

function SearchBox(): ReactElement {
  const { query, matches, matchAt } = useStore(explorer, (state) => state)
  const input = useRef<HTMLInputElement>(null)
  const count =
    matches === undefined
      ? ''
      : matches.length === 0
        ? 'no match'
        : `${matchAt < 0 ? '' : `${formatCount(matchAt + 1)}/`}${formatCount(matches.length)}`
  return (
    <div className="search" role="search">
      <input
        ref={input}
        id="file-search"
        type="search"
        placeholder="Find file …"
        aria-label="Find file"
        value={query}
        onChange={(event) => search(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') goToMatch(event.shiftKey ? -1 : 1)
          if (event.key === 'Escape') search('')
        }}
      />
      <span className="muted" role="status" data-testid="match-count">
        {count}
      </span>
      <button
        type="button"
        className="quiet"
        aria-label="Previous match"
        disabled={!matches?.length}
        onClick={() => goToMatch(-1)}
      >
        ◂
      </button>
      <button
        type="button"
        className="quiet"
        aria-label="Next match"
        disabled={!matches?.length}
        onClick={() => goToMatch(1)}
      >
        ▸
      </button>
    </div>
  )
}
