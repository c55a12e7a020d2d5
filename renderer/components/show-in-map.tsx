import type { ReactElement } from 'react'
import { showStep } from '../state/actions'
import { search } from '../state/explorer'

interface ShowInMapProps {
  /** What is shown, in words. */
  readonly what: string
  /** The search that finds it. */
  readonly query: string
}

/** Leads from a finding to its files. */
export function ShowInMap({ what, query }: ShowInMapProps): ReactElement {
  return (
    <button
      type="button"
      aria-label={`Show in map: ${what}`}
      onClick={() => {
        search(query)
        showStep('compare')
      }}
    >
      Show in map
    </button>
  )
}
