import { type PointerEvent, type ReactElement, type RefObject, useEffect, useRef, useState } from 'react'
import type { UnionTree } from '../../electron/core/compare/union-tree'
import type { Store } from '../shared/store'
import { type Cell, cellAt, type Rectangle } from '../treemap/cells'
import type { Coloring } from '../treemap/colorings'
import type { PaintedSide } from '../treemap/colors'
import { outlineCell, paintCells, paintLabels } from '../treemap/paint-map'
import { useBox } from './use-box'

/** The cell under the pointer, past React's state: it changes with every move. */
export interface Hovered {
  readonly cell: Cell | undefined
}

export interface TreemapPaneProps {
  readonly tree: UnionTree
  readonly cells: readonly Cell[]
  readonly width: number
  readonly height: number
  readonly side: PaintedSide
  readonly coloring: Coloring
  readonly matches: Int32Array | undefined
  readonly selected: Cell | undefined
  readonly hovered: Store<Hovered>
  /** Where the picture stands when it begins to move into its place; see useCamera. */
  readonly camera: Rectangle | undefined
  /** Which of how many panes it is. */
  readonly order: number
  readonly paneCount: number
  readonly onHover: (cell: Cell | undefined, event: PointerEvent) => void
  readonly onSelect: (cell: Cell) => void
  readonly onOpen: (cell: Cell) => void
}

const zoomMs = 220

/** One canvas of the map; both panes of a comparison get the same cells. */
export function TreemapPane(props: TreemapPaneProps): ReactElement {
  const { cells, width, height, side, selected, hovered } = props
  const map = useRef<HTMLCanvasElement>(null)
  const marks = useRef<HTMLCanvasElement>(null)
  const pane = useRef<HTMLDivElement>(null)
  const box = useBox(pane)
  useMapPicture(map, props)
  useEffect(() => {
    const context = prepare(marks.current, width, height)
    if (!context) return
    const mark = (): void => {
      const { cell } = hovered.get()
      context.clearRect(0, 0, width, height)
      if (cell) outlineCell(context, cell, false)
      if (selected) outlineCell(context, selected, true)
    }
    mark()
    return hovered.subscribe(mark)
  }, [selected, hovered, width, height])
  const at = (event: PointerEvent | React.MouseEvent): Cell | undefined => {
    const { left, top } = box()
    return cellAt(cells, event.clientX - left, event.clientY - top)
  }
  const forCell = (event: React.MouseEvent, act: (cell: Cell) => void): void => {
    const cell = at(event)
    if (cell) act(cell)
  }
  return (
    <div
      ref={pane}
      className="pane-canvas"
      aria-hidden="true"
      data-testid={`map-${side}`}
      style={{ width, height }}
      onPointerMove={(event) => props.onHover(at(event), event)}
      onPointerLeave={(event) => props.onHover(undefined, event)}
      onClick={(event) => forCell(event, props.onSelect)}
      onContextMenu={(event) => forCell(event, props.onSelect)}
      onDoubleClick={(event) => forCell(event, props.onOpen)}
    >
      <canvas ref={map} style={{ width, height }} />
      <canvas ref={marks} style={{ width, height }} />
    </div>
  )
}

/** Paints the map; after a zoom the new picture moves into its place. */
function useMapPicture(map: RefObject<HTMLCanvasElement | null>, props: TreemapPaneProps): void {
  const { tree, cells, width, height, side, coloring, matches, camera, order, paneCount } = props
  const [picture] = useState(() => document.createElement('canvas'))
  useEffect(() => {
    const context = prepare(map.current, width, height)
    if (!context) return
    const options = { tree, cells, side, coloring, matches }
    if (camera === undefined || matchMedia('(prefers-reduced-motion: reduce)').matches) {
      paintCells(context, options)
      paintLabels(context, options)
      return
    }
    // The new picture is painted once and moves over the old one as an image; labels come when it stands. Each pane is painted in a frame
    // of its own, and all begin to move in the one after, so that none is late and all are in step.
    const offscreen = prepare(picture, width, height)
    if (!offscreen) return
    return eachFrame((frame, elapsedMs) => {
      if (frame === order) paintCells(offscreen, options)
      if (frame < paneCount) return true
      const progress = Math.min(1, elapsedMs / zoomMs)
      context.save()
      move(context, camera, { x: 0, y: 0, width, height }, progress)
      context.drawImage(picture, 0, 0, width, height)
      context.restore()
      if (progress === 1) paintLabels(context, options)
      return progress < 1
    }, paneCount)
  }, [tree, cells, width, height, side, coloring, matches, camera, picture, order, paneCount, map])
}

function prepare(
  canvas: HTMLCanvasElement | null,
  width: number,
  height: number,
): CanvasRenderingContext2D | undefined {
  const context = canvas?.getContext('2d')
  if (!canvas || !context) return undefined
  const ratio = window.devicePixelRatio
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio)
    canvas.height = Math.round(height * ratio)
  }
  context.setTransform(ratio, 0, 0, ratio, 0, 0)
  return context
}

/** Calls once a frame with its number and the time since frame `from`, until told that it is enough; gives a function that ends it. */
function eachFrame(draw: (frame: number, elapsedMs: number) => boolean, from: number): () => void {
  let frame = 0
  let startMs = 0
  let request = requestAnimationFrame(function tick(nowMs) {
    if (frame === from) startMs = nowMs
    if (draw(frame++, nowMs - startMs)) request = requestAnimationFrame(tick)
  })
  return () => cancelAnimationFrame(request)
}

function move(context: CanvasRenderingContext2D, from: Rectangle, to: Rectangle, progress: number): void {
  const eased = 1 - (1 - progress) ** 3
  const mix = (a: number, b: number): number => a + (b - a) * eased
  context.translate(mix(from.x, to.x), mix(from.y, to.y))
  context.scale(mix(from.width, to.width) / to.width, mix(from.height, to.height) / to.height)
}
