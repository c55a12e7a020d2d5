import { type ExplorerState, initialExplorer, type MapView, shownBy, shownNodeOf } from '../shared/explorer-state'
import { showStep } from '../shared/navigation'
import type { Page } from '../shared/page'
import { exploredIn, selectedOrigin } from '../shared/selectors'
import type { Grouping } from '../treemap/groupings'
import type { LayerKey } from '../treemap/shown-tree'
import type { TableColumn } from '../treemap/table-rows'

// What the user does with map and table: what is shown of the images, and how.

/** Begins anew, for another comparison; one image is shown alone. */
export function resetExplorer({ explorer }: Page, isSingle: boolean): void {
  explorer.set(isSingle ? { ...initialExplorer, view: 'before' } : initialExplorer)
}

/** Shows the files under other top folders. Ignored where the images have to be analyzed first. */
export function setGrouping(page: Page, grouping: Grouping): void {
  if (grouping.needsClasses && exploredIn(page.state.get())?.classes === undefined) return
  showOther(page, { grouping })
}

/** Leaves the files of a layer out, or takes them in again. */
export function toggleLayer(page: Page, key: LayerKey): void {
  const hidden = new Set(page.explorer.get().hidden)
  if (!hidden.delete(key)) hidden.add(key)
  showOther(page, { hidden })
}

export const showAllLayers = (page: Page): void => showOther(page, { hidden: new Set() })

/** Ids of the shown tree change: what is selected stays so where it is still shown, and the map shows all. */
function showOther(page: Page, change: Partial<Pick<ExplorerState, 'grouping' | 'hidden'>>): void {
  const explored = exploredIn(page.state.get())
  if (!explored) return
  const selected = selectedOrigin(page.state.get())
  const shown = shownBy(explored, { ...page.explorer.get(), ...change })
  page.explorer.change({
    ...change,
    zoom: 0,
    rest: undefined,
    history: [],
    selection: selected === undefined ? undefined : shownNodeOf(shown, selected),
    expanded: new Set([0]),
    matchAt: -1,
  })
}

export const setView = ({ explorer }: Page, view: MapView): void => explorer.change({ view, isTable: false })

/** The same place in the other image, alone. */
export const showOtherImage = (page: Page): void =>
  setView(page, page.explorer.get().view === 'after' ? 'before' : 'after')

export const showTable = ({ explorer }: Page, isTable: boolean): void =>
  explorer.change(isTable ? { isTable, selectedCell: undefined } : { isTable })

export const search = ({ explorer }: Page, query: string): void => explorer.change({ query, matchAt: -1 })

/** Leads to the files that a search finds. */
export function findInMap(page: Page, query: string): void {
  search(page, query)
  showStep(page, 'compare')
}

/** Sorts the table by a column; the same column again turns it round. */
export function sortBy({ explorer }: Page, column: TableColumn): void {
  const { sort } = explorer.get()
  const isAscending = sort.column === column ? !sort.isAscending : column === 'path'
  explorer.change({ sort: { column, isAscending } })
}

export const focusSearch = ({ browser }: Page): void => browser.focus('file-search')
export const focusExplorer = ({ browser }: Page): void => browser.focus('explorer-main')
