import { createContext, useContext, useEffect, useState } from 'react'
import type { Page, PageState } from './page'
import { useStore } from './store'

const PageContext = createContext<Page | undefined>(undefined)

/** Gives a page to the components inside of it. */
export const PageProvider = PageContext.Provider

/** The page that the component is part of. */
export function usePage(): Page {
  const page = useContext(PageContext)
  if (page === undefined) throw new Error('a component of the page is used outside of a PageProvider')
  return page
}

/** A part of the page's state; the component renders again only when that part changes. */
export const usePageState = <S>(select: (state: PageState) => S): S => useStore(usePage().state, select)

/** The answer to a question that goes with `key`; undefined while there is none, or the key asks for nothing. */
export function useAnswer<K, T>(key: K, ask: (key: K) => Promise<T> | undefined): T | undefined {
  const [answer, setAnswer] = useState<T | undefined>(undefined)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key is what is asked about
  useEffect(() => {
    const asked = ask(key)
    if (asked === undefined) return setAnswer(undefined)
    let isCurrent = true
    void asked.then((value) => {
      if (isCurrent) setAnswer(() => value)
    })
    return () => {
      isCurrent = false
    }
  }, [key])
  return answer
}
