import type { ReactElement } from 'react'
import type { ComparisonView } from '../../electron/ipc/views'
import { saveComparison } from '../state/comparing'

/** Keeps what is shown in a file that opens without the images, and without an engine. */
export function SaveComparison({ view }: { view: ComparisonView }): ReactElement {
  return (
    <button
      type="button"
      title="Both images’ files by name, size and layer, and what was found; no content of files"
      onClick={() => void saveComparison(view)}
    >
      Save comparison …
    </button>
  )
}
