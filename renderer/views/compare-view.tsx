import { type KeyboardEvent, type ReactElement, useEffect } from 'react'
import type { ImageFacts } from '../../electron/core/compare/facts'
import { formatBytes, formatQuantity } from '../../electron/core/format'
import { verdict } from '../../electron/core/report/verdict'
import { BuiltFindings } from '../components/built-findings'
import { EntryLine } from '../components/entry-line'
import { ExplorerBar } from '../components/explorer-bar'
import { FailureNote, StandInNote } from '../components/failure-note'
import { FileTable } from '../components/file-table'
import { LayerList } from '../components/layer-list'
import { Legend } from '../components/legend'
import { SizeCards } from '../components/size-cards'
import { Treemap } from '../components/treemap'
import {
  explorer,
  hasChildren,
  moveSelection,
  search,
  select,
  setView,
  toggleExpanded,
  zoomOut,
  zoomTo,
} from '../state/explorer'
import { useStore } from '../state/store'
import { reportOf, workspace } from '../state/workspace'

export function CompareView(): ReactElement | null {
  const comparison = useStore(workspace, (state) => state.comparison)
  const { view, colouring, tree } = useStore(explorer, (state) => state)
  useSearchShortcut()
  if (!comparison?.view || !comparison.tree || !tree) return null
  const { examination } = comparison
  const { facts } = comparison.view
  const report = reportOf({ ...comparison, view: comparison.view })
  const createdBy = (side: 'before' | 'after', layer: number): string =>
    facts[side].layers[layer]?.createdBy || 'base image'
  const isMuchSmaller = facts.after.visibleBytes < facts.before.visibleBytes / 4
  return (
    <div className="compare">
      <div className="compare-head">
        <p className="verdict" data-testid="verdict">
          {verdict(report)}
        </p>
        <StandInNote standIns={report.standIns} />
        {comparison.failure ? (
          <FailureNote failure={comparison.failure} />
        ) : (
          <BuiltFindings problems={examination?.problems} />
        )}
        <SizeCards variants={report.variants} />
      </div>
      <div className="explorer">
        <ExplorerBar tree={tree} />
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the map is one widget with keys of its own */}
        <section className="explorer-main" aria-label="Files of both images" tabIndex={0} onKeyDown={onExplorerKey}>
          {view === 'table' ? (
            <FileTable tree={tree} />
          ) : (
            <Treemap
              tree={tree}
              createdBy={createdBy}
              titles={{ before: title('Before', facts.before), after: title('After', facts.after) }}
            />
          )}
        </section>
        <EntryLine before={facts.before} after={facts.after} />
        <div className="explorer-foot">
          <Legend colouring={colouring} layerCount={Math.max(facts.before.layers.length, facts.after.layers.length)} />
          {view === 'aligned' && isMuchSmaller && (
            <button type="button" onClick={() => setView('after')}>
              After is small on this scale: show it alone
            </button>
          )}
        </div>
      </div>
      <LayerList before={facts.before} after={facts.after} />
    </div>
  )
}

const title = (name: string, image: ImageFacts): string =>
  `${name}: ${formatBytes(image.visibleBytes)} visible, ${formatQuantity(image.entries, 'entry', 'entries')}`

/** Letters act only while map or table has the focus (WCAG 2.1.4). */
function onExplorerKey(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return
  if (explorerKey(event.key)) event.preventDefault()
}

function explorerKey(key: string): boolean {
  const { tree, selection, view, zoom, query } = explorer.get()
  if (!tree) return false
  if (key.startsWith('Arrow') || key === 'Home' || key === 'End') return moveSelection(key)
  switch (key) {
    case 'Enter':
      if (selection === undefined || !hasChildren(tree, selection)) return false
      if (view === 'table') toggleExpanded(selection)
      else zoomTo(selection)
      return true
    case 'Backspace':
      zoomOut()
      return true
    case '0':
      zoomTo(0)
      return true
    case 't':
    case 'T':
      setView(view === 'table' ? 'aligned' : 'table')
      return true
    case '1':
    case '2':
    case '3':
      setView(([undefined, 'aligned', 'before', 'after'] as const)[Number(key)]!)
      return true
    case '/':
      document.getElementById('file-search')?.focus()
      return true
    case 'Escape':
      if (query !== '') search('')
      else if (selection !== undefined) select(undefined)
      else if (zoom !== 0) zoomTo(0)
      return true
    default:
      return false
  }
}

function useSearchShortcut(): void {
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent): void => {
      if (!(event.ctrlKey || event.metaKey) || event.key !== 'f') return
      event.preventDefault()
      document.getElementById('file-search')?.focus()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
}
