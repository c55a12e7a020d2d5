import { type ReactElement, useMemo } from 'react'
import type { ComparisonFacts } from '../../electron/core/compare/facts'
import type { UnionTree } from '../../electron/core/compare/union-tree'
import { formatQuantity } from '../../electron/core/format'
import { useFields } from '../shared/store'
import { usePage } from '../shared/use-page'
import { countNotDrawn } from '../treemap/not-drawn'
import { setView, showAllLayers } from './explorer'
import { Legend } from './legend'

/** What the colors mean, and what the map does not show. */
export function ExplorerFoot({ tree, facts }: { tree: UnionTree; facts: ComparisonFacts }): ReactElement {
  const page = usePage()
  const { view, isTable, coloring, hidden } = useFields(page.explorer, 'view', 'isTable', 'coloring', 'hidden')
  const notDrawn = useNotDrawn(tree)
  const isMuchSmaller = facts.after.visibleBytes < facts.before.visibleBytes / 4
  return (
    <div className="explorer-foot">
      <Legend
        coloring={coloring}
        isDelta={view === 'delta' && !isTable}
        layerCount={Math.max(facts.before.layers.length, facts.after.layers.length)}
      />
      {notDrawn > 0 && (
        <span className="muted" data-testid="not-drawn">
          {formatQuantity(notDrawn, 'empty file')} not drawn
        </span>
      )}
      {hidden.size > 0 && (
        <button type="button" onClick={() => showAllLayers(page)}>
          {formatQuantity(hidden.size, 'layer is', 'layers are')} hidden: show all
        </button>
      )}
      {view === 'aligned' && !isTable && isMuchSmaller && (
        <button type="button" onClick={() => setView(page, 'after')}>
          After is small on this scale: show it alone
        </button>
      )}
    </div>
  )
}

function useNotDrawn(tree: UnionTree): number {
  const { view, isTable, zoom, rest } = useFields(usePage().explorer, 'view', 'isTable', 'zoom', 'rest')
  return useMemo(
    () => (isTable || view === 'delta' ? 0 : countNotDrawn(tree, { zoom, rest, view })),
    [tree, view, isTable, zoom, rest],
  )
}
