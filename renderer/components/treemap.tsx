import { type PointerEvent, type ReactElement, useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { UnionTree } from '../../electron/core/compare/union-tree'
import { formatBytes } from '../../electron/core/format'
import { type Cell, cellOfNode, type Rectangle } from '../layout/cells'
import { changeBytes, changeSums } from '../layout/change-bytes'
import type { PaintedSide } from '../layout/colours'
import { hasChildren } from '../layout/tree-walk'
import { layoutTreemap, type Weighting } from '../layout/treemap-layout'
import { explorer, type MapView, openSelected, select, zoomTo } from '../state/explorer'
import { useStore } from '../state/store'
import { type CreatedBy, showHoverCard } from './hover-card'
import { TreemapPane } from './treemap-pane'

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
  const { view, zoom, colouring, matches, selection, grouping, isBlinking } = useStore(explorer, (state) => state)
  const frame = useRef<HTMLDivElement>(null)
  const card = useRef<HTMLDivElement>(null)
  const size = useSize(frame)
  const [hovered, setHovered] = useState<Cell | undefined>(undefined)
  const panes = panesOf[view]
  const weighting = useWeighting(tree, view)
  const width = Math.max(0, Math.floor((size.width - paneGap * (panes.length - 1)) / panes.length))
  const height = Math.max(0, Math.floor(size.height - titleHeight))
  const cells = useMemo(
    () => layoutTreemap(tree, zoom, { x: 0, y: 0, width, height }, weighting, grouping !== 'folder'),
    [tree, zoom, width, height, weighting, grouping],
  )
  const zoomFrom = useZoomOrigin(zoom, cells, { x: 0, y: 0, width, height })
  const selected = useMemo(
    () => (selection === undefined ? undefined : cellOfNode(tree, cells, selection)),
    [tree, cells, selection],
  )
  const hover = (cell: Cell | undefined, event: PointerEvent): void => {
    if (cell !== hovered) setHovered(cell)
    if (card.current) showHoverCard(card.current, tree, cell, event, createdBy)
  }
  const paneTitles = { ...titles, delta: useDeltaTitle(view === 'delta') }
  return (
    <div className="treemap" ref={frame} aria-hidden="true">
      {width > 0 &&
        height > 0 &&
        panes.map((pane, at) => {
          const side = isBlinking && at === 0 ? other[pane] : pane
          return (
            <div className="pane" key={pane}>
              <p className="pane-title">{paneTitles[side]}</p>
              <TreemapPane
                {...{ tree, cells, width, height, side, colouring, matches, selected, hovered, zoomFrom }}
                onHover={hover}
                onSelect={(cell) => select(cell.kind === 'group' ? cell.firstGrouped : cell.node)}
                onOpen={(cell) => open(tree, cell)}
              />
            </div>
          )
        })}
      <div className="hover-card" ref={card} hidden />
    </div>
  )
}

const other: Readonly<Record<PaintedSide, PaintedSide>> = { before: 'after', after: 'before', delta: 'delta' }

function open(tree: UnionTree, cell: Cell): void {
  if (hasChildren(tree, cell.node)) zoomTo(cell.node)
  else openSelected()
}

function useWeighting(tree: UnionTree, view: MapView): Weighting {
  const { union, origin } = useStore(explorer, (state) => state)
  const changes = useMemo(
    () => (view === 'delta' ? changeBytes(tree, union && origin ? { union, origin } : undefined) : undefined),
    [tree, union, origin, view],
  )
  return view === 'aligned' ? 'larger' : view === 'delta' ? changes! : view
}

function useDeltaTitle(isShown: boolean): string {
  const union = useStore(explorer, (state) => state.union)
  return useMemo(() => {
    if (!union || !isShown) return ''
    const { removedBytes, addedBytes, sameBytes } = changeSums(union)
    if (removedBytes + addedBytes === 0) return `No differences in size: both hold the same ${formatBytes(sameBytes)}`
    return `▼ ${formatBytes(removedBytes)} removed, ▲ ${formatBytes(addedBytes)} added, ${formatBytes(sameBytes)} the same and not drawn`
  }, [union, isShown])
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

/** Zooming in grows out of the folder's old cell; zooming out is drawn at once. */
function useZoomOrigin(zoom: number, cells: readonly Cell[], area: Rectangle): Rectangle | undefined {
  const last = useRef<{ zoom: number; cells: readonly Cell[]; area: Rectangle; origin: Rectangle | undefined }>({
    zoom,
    cells,
    area,
    origin: undefined,
  })
  if (last.current.zoom !== zoom) {
    const from = last.current.cells.find((cell) => cell.node === zoom && cell.kind !== 'group')
    last.current = { zoom, cells, area, origin: from }
  } else if (last.current.cells !== cells) last.current = { zoom, cells, area, origin: undefined }
  return last.current.origin
}
