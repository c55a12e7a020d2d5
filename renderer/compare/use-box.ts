import { type RefObject, useEffect, useRef } from 'react'

/** Where an element is, asked of the page only after something moved: asking lays the page out, and a pointer moves often. */
export function useBox(element: RefObject<HTMLElement | null>): () => DOMRect {
  const known = useRef<DOMRect | undefined>(undefined)
  useEffect(() => {
    const forget = (): void => {
      known.current = undefined
    }
    const observer = new ResizeObserver(forget)
    if (element.current) observer.observe(element.current)
    window.addEventListener('scroll', forget, { capture: true, passive: true })
    window.addEventListener('resize', forget)
    return () => {
      observer.disconnect()
      window.removeEventListener('scroll', forget, { capture: true })
      window.removeEventListener('resize', forget)
    }
  }, [element])
  return () => {
    known.current ??= element.current?.getBoundingClientRect() ?? new DOMRect()
    return known.current
  }
}
