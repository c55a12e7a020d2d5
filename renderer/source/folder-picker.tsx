import { type ReactElement, useEffect, useState } from 'react'
import type { Failure } from '../../electron/core/failure'
import type { FolderListing } from '../../electron/ipc/views'
import { FailureNote } from '../shared/failure-note'
import { usePage } from '../shared/use-page'
import { listFolder } from './opening'

interface FolderPickerProps {
  readonly onOpen: (path: string) => void
  readonly onClose: () => void
}

/** Walks the folders of the machine Cutaway runs on, for hosts without a file dialog. */
export function FolderPicker({ onOpen, onClose }: FolderPickerProps): ReactElement {
  const page = usePage()
  const [wanted, setWanted] = useState<string | undefined>(undefined)
  const [listing, setListing] = useState<FolderListing | undefined>(undefined)
  const [failure, setFailure] = useState<Failure | undefined>(undefined)
  /** What the user typed; a list that comes later does not overwrite it. */
  const [typed, setTyped] = useState<string | undefined>(undefined)
  const path = typed ?? listing?.path ?? ''
  const show = (folder: string | undefined): void => {
    setTyped(undefined)
    setWanted(folder)
  }
  useEffect(() => {
    let isCurrent = true
    void listFolder(page, wanted).then((reply) => {
      if (!isCurrent) return
      setFailure(reply.ok ? undefined : reply.failure)
      if (reply.ok) setListing(reply.value)
    })
    return () => {
      isCurrent = false
    }
  }, [wanted, page])
  return (
    <section className="picker" aria-label="Choose a folder">
      <form
        className="picker-path"
        onSubmit={(event) => {
          event.preventDefault()
          if (path !== '') onOpen(path)
        }}
      >
        <input
          value={path}
          onChange={(event) => setTyped(event.target.value)}
          aria-label="Folder path"
          spellCheck={false}
        />
        <button type="submit" className="primary">
          Open
        </button>
        <button type="button" onClick={onClose}>
          Close
        </button>
      </form>
      {failure && <FailureNote failure={failure} />}
      {listing && <Listing listing={listing} onShow={show} onOpen={onOpen} />}
    </section>
  )
}

interface ListingProps extends Pick<FolderPickerProps, 'onOpen'> {
  readonly listing: FolderListing
  readonly onShow: (folder: string) => void
}

function Listing({ listing, onShow, onOpen }: ListingProps): ReactElement {
  const { parent, folders, files } = listing
  const entry = (name: string, onClick: () => void): ReactElement => (
    <li key={name}>
      <button type="button" onClick={onClick}>
        {name}
      </button>
    </li>
  )
  return (
    <ul className="picker-folders">
      {parent !== undefined && entry('↑ Parent folder', () => onShow(parent))}
      {folders.map((name) => entry(name, () => onShow(inside(listing, name))))}
      {files.map((name) => entry(name, () => onOpen(inside(listing, name))))}
      {folders.length + files.length === 0 && <li className="muted">No sub-folders, and nothing saved.</li>}
    </ul>
  )
}

const inside = ({ path }: FolderListing, name: string): string => `${path === '/' ? '' : path}/${name}`
