import type { ReactElement } from 'react'
import { usePage } from '../shared/use-page'
import { findInMap } from './explorer'

interface ShowInMapProps {
  /** What is shown, in words. */
  readonly what: string
  /** The search that finds it. */
  readonly query: string
}

/** Leads from a finding to its files. */
export function ShowInMap({ what, query }: ShowInMapProps): ReactElement {
  const page = usePage()
  return (
    <button type="button" aria-label={`Show in map: ${what}`} onClick={() => findInMap(page, query)}>
      Show in map
    </button>
  )
}
