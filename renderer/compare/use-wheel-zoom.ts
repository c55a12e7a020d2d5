import { type RefObject, useEffect, useRef } from 'react'
import { type Cell, cellsAt } from '../treemap/cells'

interface WheelZoom {
  readonly cells: readonly Cell[]
  readonly zoomIn: (cell: Cell) => void
  readonly zoomOut: () => void
}

/** A wheel's click is 100 or 120; a trackpad sends many small ones. */
const stepPixels = 80
const pauseMs = 260

/** The wheel goes one folder in, towards what is under the pointer, or one out. The page must not scroll with it. */
export function useWheelZoom(frame: RefObject<HTMLElement | null>, zoom: WheelZoom): void {
  const newest = useRef(zoom)
  newest.current = zoom
  useEffect(() => {
    const element = frame.current
    if (!element) return
    let turned = 0
    let lastMs = 0
    const onWheel = (event: WheelEvent): void => {
      const pane = (event.target as Element).closest('.pane-canvas')
      if (!pane || event.ctrlKey) return
      event.preventDefault()
      turned = Math.sign(turned) === Math.sign(event.deltaY) ? turned + event.deltaY : event.deltaY
      if (Math.abs(turned) < stepPixels || event.timeStamp - lastMs < pauseMs) return
      lastMs = event.timeStamp
      const box = pane.getBoundingClientRect()
      const { cells, zoomIn, zoomOut } = newest.current
      if (turned > 0) zoomOut()
      else {
        const inward = cellsAt(cells, event.clientX - box.left, event.clientY - box.top).find(
          (cell) => cell.kind !== 'file',
        )
        if (inward) zoomIn(inward)
      }
      turned = 0
    }
    element.addEventListener('wheel', onWheel, { passive: false })
    return () => element.removeEventListener('wheel', onWheel)
  }, [frame])
}
