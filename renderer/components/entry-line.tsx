import { type ReactElement, useEffect, useState } from 'react'
import type { EntryDetail, EntryFacts, ImageFacts } from '../../electron/core/compare/facts'
import { formatBytes } from '../../electron/core/format'
import { api } from '../api'
import { explorer, selectedOrigin } from '../state/explorer'
import { useStore } from '../state/store'

interface EntryLineProps {
  readonly before: ImageFacts
  readonly after: ImageFacts
}

/** All about the selected entry: both sides, the layer and the instruction it comes from. Announced to screen readers. */
export function EntryLine({ before, after }: EntryLineProps): ReactElement {
  const { comparisonId } = useStore(explorer, (state) => state)
  const selection = selectedOrigin()
  const [detail, setDetail] = useState<EntryDetail | undefined>(undefined)
  useEffect(() => {
    if (selection === undefined) return setDetail(undefined)
    let isCurrent = true
    void api.request('comparison.entry', { comparisonId, node: selection }).then((reply) => {
      if (isCurrent && reply.ok) setDetail(reply.value)
    })
    return () => {
      isCurrent = false
    }
  }, [selection, comparisonId])
  return (
    <div className="entry-line" role="status" data-testid="entry-line">
      {detail === undefined ? (
        <span className="muted">
          Click a cell, or use the arrow keys: up and down among siblings, right into a folder, left out of it.
        </span>
      ) : (
        <>
          <strong>{detail.path}</strong>
          <Side name="before" entry={detail.before} image={before} />
          <Side name="after" entry={detail.after} image={after} />
        </>
      )}
    </div>
  )
}

function Side({
  name,
  entry,
  image,
}: {
  name: string
  entry: EntryFacts | undefined
  image: ImageFacts
}): ReactElement {
  if (!entry) return <span className="muted">{name}: absent</span>
  const layer = entry.layer === undefined || entry.layer < 0 ? undefined : image.layers[entry.layer]
  const what =
    entry.kind === 'file'
      ? formatBytes(entry.contentBytes)
      : entry.kind === 'symlink'
        ? `link to ${entry.linkTarget}`
        : entry.kind
  return (
    <span>
      {name}: {what} · mode {entry.mode} · {entry.uid}:{entry.gid}
      {layer && ` · layer ${entry.layer! + 1} ${layer.createdBy || 'base image'}`}
    </span>
  )
}
