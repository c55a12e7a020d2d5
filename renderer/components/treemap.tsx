import { type PointerEvent, type ReactElement, useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { UnionTree } from '../../electron/core/compare/union-tree'
import { formatBytes, formatQuantity } from '../../electron/core/format'
import { pathKindLabel, pathKinds } from '../../electron/core/surface/path-kinds'
import { displayName } from '../../electron/core/utf8'
import { type Cell, layoutTreemap, type Rectangle, type Weighting } from '../layout/treemap-layout'
import { explorer, pathOfNode, select, zoomTo } from '../state/explorer'
import { useStore } from '../state/store'
import { TreemapPane } from './treemap-pane'

export interface TreemapProps {
  readonly tree: UnionTree
  readonly titles: { readonly before: string; readonly after: string }
  /** Instruction of a layer, for the hover card. */
  readonly createdBy: (side: 'before' | 'after', layer: number) => string
}

const paneGap = 10
const titleHeight = 24

/** One layout of both images, painted twice; or one image alone. */
export function Treemap({ tree, titles, createdBy }: TreemapProps): ReactElement {
  const { view, zoom, colouring, matches, selection, grouping } = useStore(explorer, (state) => state)
  const frame = useRef<HTMLDivElement>(null)
  const card = useRef<HTMLDivElement>(null)
  const size = useSize(frame)
  const [hovered, setHovered] = useState<Cell | undefined>(undefined)
  const sides =
    view === 'before' ? (['before'] as const) : view === 'after' ? (['after'] as const) : (['before', 'after'] as const)
  const weighting: Weighting = view === 'before' || view === 'after' ? view : 'larger'
  const width = Math.max(0, Math.floor((size.width - paneGap * (sides.length - 1)) / sides.length))
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
    if (card.current) showCard(card.current, tree, cell, event, createdBy)
  }
  return (
    <div className="treemap" ref={frame}>
      {width > 0 &&
        height > 0 &&
        sides.map((side) => (
          <div className="pane" key={side}>
            <p className="pane-title">{titles[side]}</p>
            <TreemapPane
              {...{ tree, cells, width, height, side, colouring, matches, selected, hovered, zoomFrom }}
              onHover={hover}
              onSelect={(cell) => select(cell.kind === 'group' ? cell.firstGrouped : cell.node)}
              onOpen={(cell) => zoomTo(cell.node)}
            />
          </div>
        ))}
      <div className="hover-card" ref={card} hidden aria-hidden="true" />
    </div>
  )
}

/** The cell that shows a node: its own, or the grouped or closed one that it is inside of. */
export function cellOfNode(tree: UnionTree, cells: readonly Cell[], node: number): Cell | undefined {
  let found: Cell | undefined
  for (const cell of cells) {
    const isInside =
      cell.kind === 'group'
        ? node >= cell.firstGrouped && node < tree.end[cell.node]!
        : node >= cell.node && node < tree.end[cell.node]!
    if (isInside) found = cell
  }
  return found
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

/** Written past React's state: it follows the pointer. */
function showCard(
  card: HTMLElement,
  tree: UnionTree,
  cell: Cell | undefined,
  event: PointerEvent,
  createdBy: TreemapProps['createdBy'],
): void {
  card.hidden = cell === undefined
  if (!cell) return
  const { node } = cell
  const lines = [
    cell.kind === 'group'
      ? `${displayName(pathOfNode(tree, node))}/ … ${formatQuantity(cell.grouped, 'small entry', 'small entries')}`
      : displayName(pathOfNode(tree, node)),
    `before ${sideText(cell.beforeBytes, tree.beforeEntries[node]!)} · after ${sideText(cell.afterBytes, tree.afterEntries[node]!)}`,
    pathKindLabel[pathKinds[tree.kind[node]!]!],
  ]
  if (cell.kind === 'file')
    for (const side of ['before', 'after'] as const) {
      const layer = (side === 'before' ? tree.beforeLayer : tree.afterLayer)[node]!
      if (layer >= 0) lines.push(`${side}: layer ${layer + 1} ${createdBy(side, layer)}`)
    }
  card.replaceChildren(
    ...lines.map((text) => {
      const line = document.createElement('div')
      line.textContent = text
      return line
    }),
  )
  const frame = card.parentElement!.getBoundingClientRect()
  const x = event.clientX - frame.left + 14
  const y = event.clientY - frame.top + 16
  card.style.left = `${Math.max(0, Math.min(x, frame.width - card.offsetWidth - 4))}px`
  card.style.top = `${y + card.offsetHeight > frame.height ? Math.max(0, y - card.offsetHeight - 28) : y}px`
}

const sideText = (bytes: number, entries: number): string => (entries === 0 ? 'absent' : formatBytes(bytes))
