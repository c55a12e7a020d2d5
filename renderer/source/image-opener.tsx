import { type FormEvent, type ReactElement, useState } from 'react'
import { formatBytes } from '../../electron/core/format'
import type { EngineImage } from '../../electron/ipc/views'
import { cancelBuild, openImages } from '../compare/comparing'
import { listImages } from '../shared/engine'
import { FailureNote } from '../shared/failure-note'
import type { StateOf } from '../shared/jobs'
import { usePage, usePageState } from '../shared/use-page'

/** Opens an image that is there already, or compares two, without a project: from the engine, or saved in a file. */
export function ImageOpener(): ReactElement {
  const page = usePage()
  const comparison = usePageState((state) => (state.workspace.project ? undefined : state.jobs.comparison))
  const [images, setImages] = useState<readonly EngineImage[]>([])
  const offer = async (): Promise<void> => setImages(await listImages(page))
  const open = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const fields = new FormData(event.currentTarget)
    const value = (name: string): string => String(fields.get(name) ?? '').trim()
    if (value('first') !== '') void openImages(page, value('first'), value('second') || undefined)
  }
  const isReading = comparison?.kind === 'running'
  return (
    <section aria-label="Images that are there already">
      <h2>Open an image, or compare two</h2>
      <form className="image-opener" onSubmit={open} onFocus={() => void offer()}>
        <datalist id="engine-images">
          {images.map(({ reference }) => (
            <option key={reference} value={reference} />
          ))}
        </datalist>
        <input
          {...{ name: 'first', required: true, list: 'engine-images', spellCheck: false }}
          aria-label="Image"
          placeholder="name:tag, or path of a .tar, a layout or a .cutaway"
        />
        <input
          {...{ name: 'second', list: 'engine-images', spellCheck: false }}
          aria-label="Image to compare it with"
          placeholder="another one to compare with"
        />
        <button type="submit" disabled={isReading}>
          {isReading ? 'Reading …' : 'Open image'}
        </button>
        {isReading && (
          <button type="button" onClick={() => void cancelBuild(page)}>
            Cancel
          </button>
        )}
      </form>
      {comparison && <Reading comparison={comparison} />}
    </section>
  )
}

/** How far the reading of the images is, or why it ended. */
function Reading({ comparison }: { readonly comparison: StateOf<'comparison'> }): ReactElement | null {
  if (comparison.kind === 'failed') return <FailureNote failure={comparison.failure} />
  if (comparison.kind !== 'running' || !comparison.progress) return null
  const { readBytes, expectedBytes } = comparison.progress
  return (
    <p className="muted" role="status">
      {formatBytes(readBytes)} of about {formatBytes(expectedBytes)}
    </p>
  )
}
