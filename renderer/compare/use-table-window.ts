import { type RefObject, type UIEvent, useEffect, useRef, useState } from 'react'

const rowHeight = 26
/** Rows above and below what is seen, so that scrolling meets rows that are there. */
const spare = 10

export interface TableWindow {
  /** The element that scrolls. */
  readonly box: RefObject<HTMLDivElement | null>
  readonly onScroll: (event: UIEvent<HTMLElement>) => void
  /** Rows that have to be there: from `first` to before `last`. */
  readonly first: number
  readonly last: number
  /** Pixels above the first of them, and of all rows. */
  readonly topPixels: number
  readonly allPixels: number
}

/** Which rows of a long table are seen; the selected one is scrolled to when it changes. -1 for none. */
export function useTableWindow(rowCount: number, selectedRow: number): TableWindow {
  const box = useRef<HTMLDivElement>(null)
  const [scroll, setScroll] = useState({ top: 0, height: 600 })
  useEffect(() => {
    const element = box.current
    if (!element || selectedRow < 0) return
    const top = selectedRow * rowHeight
    if (top < element.scrollTop || top > element.scrollTop + element.clientHeight - 3 * rowHeight)
      element.scrollTop = top - element.clientHeight / 2
  }, [selectedRow])
  const first = Math.max(0, Math.floor(scroll.top / rowHeight) - spare)
  const last = Math.min(rowCount, Math.ceil((scroll.top + scroll.height) / rowHeight) + spare)
  const onScroll = ({ currentTarget: { scrollTop: top, clientHeight: height } }: UIEvent<HTMLElement>): void =>
    setScroll({ top, height })
  return { box, onScroll, first, last, topPixels: first * rowHeight, allPixels: rowCount * rowHeight }
}
