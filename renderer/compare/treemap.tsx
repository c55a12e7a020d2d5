import { type PointerEvent, type ReactElement, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { UnionTree } from '../../electron/core/compare/union-tree'
import { formatBytes } from '../../electron/core/format'
import { displayName } from '../../electron/core/utf8'
import type { MapView } from '../shared/explorer-state'
import { matchesIn, pathIn, shownIn } from '../shared/selectors'
import { createStore, useFields, useStore } from '../shared/store'
import { usePage, usePageState } from '../shared/use-page'
import { type Cell, cellOfNode } from '../treemap/cells'
import { changeBytes, changeSums } from '../treemap/change-bytes'
import type { PaintedSide } from '../treemap/colors'
import { layoutTreemap, type Weighting } from '../treemap/treemap-layout'
import { openCell, select, zoomOut } from './explorer-moves'
import { type CreatedBy, showHoverCard } from './hover-card'
import { type Hovered, TreemapPane } from './treemap-pane'
import { useBox } from './use-box'
import { useCamera } from './use-camera'
import { useWheelZoom } from './use-wheel-zoom'

export interface TreemapProps {
  readonly tree: UnionTree
  readonly titles: { readonly before: string; readonly after: string }
  /** For the hover card. */
  readonly createdBy: CreatedBy
}

const paneGap = 10
const titleHeight = 24

const panesOf: Readonly<Record<MapView, readonly PaintedSide[]>> = {
  aligned: ['before', 'after'],
  delta: ['delta'],
  before: ['before'],
  after: ['after'],
}

/** One layout of both images, painted twice; or their difference, or one image alone. */
export function Treemap({ tree, titles, createdBy }: TreemapProps): ReactElement {
  const page = usePage()
  const { view, zoom, coloring, isBlinking, hidden } = useFields(
    page.explorer,
    ...(['view', 'zoom', 'coloring', 'isBlinking', 'hidden'] as const),
  )
  const matches = usePageState((state) => matchesIn(state)?.nodes)
  const frame = useRef<HTMLDivElement>(null)
  const card = useRef<HTMLDivElement>(null)
  const size = useSize(frame)
  const box = useBox(frame)
  const [hovered] = useState(() => createStore<Hovered>({ cell: undefined }))
  const panes = panesOf[view]
  const width = Math.max(0, Math.floor((size.width - paneGap * (panes.length - 1)) / panes.length))
  const height = Math.max(0, Math.floor(size.height - titleHeight))
  const cells = useCells(tree, width, height)
  const selected = useSelectedCell(tree, cells)
  const camera = useCamera(zoom, cells, { x: 0, y: 0, width, height })
  useEffect(() => {
    const { cell } = hovered.get()
    if (cell && !cells.includes(cell)) hovered.change({ cell: undefined })
  }, [hovered, cells])
  useWheelZoom(frame, { cells, zoomIn: (cell) => openCell(page, cell), zoomOut: () => zoomOut(page) })
  const pathOf = (node: number): string => pathIn(page.state.get(), node)
  const hover = (cell: Cell | undefined, event: PointerEvent): void => {
    if (cell !== hovered.get().cell) hovered.change({ cell })
    if (card.current) showHoverCard(card.current, tree, cell, { pointer: event, frame: box(), createdBy, pathOf })
  }
  const shownText = (bytes: number): string => (hidden.size === 0 ? '' : `, ${formatBytes(bytes)} shown`)
  const [before, after] = [shownText(tree.beforeBytes[0]!), shownText(tree.afterBytes[0]!)]
  const delta = useDeltaTitle(view === 'delta')
  const paneTitles = { before: titles.before + before, after: titles.after + after, delta }
  const isShown = width > 0 && height > 0
  return (
    <div className="treemap" ref={frame} aria-hidden="true">
      {isShown &&
        panes.map((pane, at) => {
          const side = isBlinking && at === 0 ? other[pane] : pane
          return (
            <div className="pane" key={pane}>
              <p className="pane-title">{paneTitles[side]}</p>
              <TreemapPane
                {...{ tree, cells, width, height, side, coloring, matches, selected, hovered, camera }}
                order={at}
                paneCount={panes.length}
                onHover={hover}
                onSelect={(cell) => select(page, cell.kind === 'group' ? cell.grouped[0] : cell.node)}
                onOpen={(cell) => openCell(page, cell)}
              />
            </div>
          )
        })}
      {isShown && cells.length === 0 && (
        <p className="map-empty">{emptyText(zoom === 0 ? undefined : displayName(pathOf(zoom)), view)}</p>
      )}
      <div className="hover-card" ref={card} hidden />
    </div>
  )
}

const other: Readonly<Record<PaintedSide, PaintedSide>> = { before: 'after', after: 'before', delta: 'delta' }

/** Why the map is empty; without a folder, it shows the whole image. */
function emptyText(folder: string | undefined, view: MapView): string {
  const where = folder ?? 'the whole image'
  if (view === 'delta') return `Nothing differs in size in ${where}.`
  if (view === 'aligned') return `No file in ${where} has any content.`
  return folder === undefined
    ? `The image ${view} has no file with content.`
    : `The image ${view} has nothing of ${where}.`
}

function useCells(tree: UnionTree, width: number, height: number): readonly Cell[] {
  const { view, zoom, rest, grouping } = useFields(usePage().explorer, 'view', 'zoom', 'rest', 'grouping')
  const weighting = useWeighting(tree, view)
  return useMemo(() => {
    const area = { x: 0, y: 0, width, height }
    return layoutTreemap(tree, { root: zoom, area, weighting, hasGroups: grouping.id !== 'folder', only: rest })
  }, [tree, zoom, rest, width, height, weighting, grouping])
}

/** Tells it to what is outside of the map: where the selection is among small files, that is said. */
function useSelectedCell(tree: UnionTree, cells: readonly Cell[]): Cell | undefined {
  const { explorer } = usePage()
  const selection = useStore(explorer, (state) => state.selection)
  const selected = useMemo(
    () => (selection === undefined ? undefined : cellOfNode(tree, cells, selection)),
    [tree, cells, selection],
  )
  useEffect(() => {
    if (explorer.get().selectedCell !== selected) explorer.change({ selectedCell: selected })
  }, [selected, explorer])
  return selected
}

function useWeighting(tree: UnionTree, view: MapView): Weighting {
  const shown = usePageState(shownIn)
  const changes = useMemo(() => {
    if (view !== 'delta') return undefined
    return changeBytes(tree, shown?.baseOrigin ? { union: shown.base, origin: shown.baseOrigin } : undefined)
  }, [tree, shown, view])
  return view === 'aligned' ? 'larger' : view === 'delta' ? changes! : view
}

function useDeltaTitle(isShown: boolean): string {
  const base = usePageState((state) => shownIn(state)?.base)
  return useMemo(() => {
    if (!base || !isShown) return ''
    const { removedBytes, addedBytes, sameBytes } = changeSums(base)
    if (removedBytes + addedBytes === 0) return `No differences in size: both hold the same ${formatBytes(sameBytes)}`
    return `▼ ${formatBytes(removedBytes)} removed, ▲ ${formatBytes(addedBytes)} added, ${formatBytes(sameBytes)} the same and not drawn`
  }, [base, isShown])
}

function useSize(ref: React.RefObject<HTMLElement | null>): { width: number; height: number } {
  const [size, setSize] = useState({ width: 0, height: 0 })
  useLayoutEffect(() => {
    const element = ref.current
    if (!element) return
    const observer = new ResizeObserver(() => setSize({ width: element.clientWidth, height: element.clientHeight }))
    observer.observe(element)
    return () => observer.disconnect()
  }, [ref])
  return size
}
