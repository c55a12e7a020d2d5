import { type FormEvent, type ReactElement, useState } from 'react'
import { formatBytes } from '../../electron/core/format'
import type { EngineImage } from '../../electron/ipc/views'
import { api } from '../api'
import { cancelBuild, openImages } from '../state/comparing'
import { useStore } from '../state/store'
import { type ComparisonState, workspace } from '../state/workspace'
import { FailureNote } from './failure-note'

/** Opens an image that is there already, or compares two, without a project: from the engine, or saved in a file. */
export function ImageOpener(): ReactElement {
  const { comparison, project } = useStore(workspace, (state) => state)
  const [images, setImages] = useState<readonly EngineImage[]>([])
  const offer = async (): Promise<void> => {
    const reply = await api.request('image.list', {})
    setImages(reply.ok ? reply.value : [])
  }
  const open = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const fields = new FormData(event.currentTarget)
    const value = (name: string): string => String(fields.get(name) ?? '').trim()
    if (value('first') !== '') void openImages(value('first'), value('second') || undefined)
  }
  const isReading = project === undefined && comparison !== undefined && !comparison.tree && !comparison.failure
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
          <button type="button" onClick={() => void cancelBuild()}>
            Cancel
          </button>
        )}
      </form>
      {project === undefined && comparison && <Reading {...comparison} isReading={isReading} />}
    </section>
  )
}

type ReadingProps = Pick<ComparisonState, 'progress' | 'failure'> & { readonly isReading: boolean }

function Reading({ progress, failure, isReading }: ReadingProps): ReactElement {
  return (
    <>
      {isReading && progress && (
        <p className="muted" role="status">
          {formatBytes(progress.readBytes)} of about {formatBytes(progress.expectedBytes)}
        </p>
      )}
      {failure && failure.code !== 'cancelled' && <FailureNote failure={failure} />}
    </>
  )
}
