import type { ReactElement } from 'react'
import type { EntryFacts, ImageFacts } from '../../electron/core/compare/facts'
import { formatBytes, formatQuantity } from '../../electron/core/format'
import { comparedIn, selectedOrigin } from '../shared/selectors'
import { useFields } from '../shared/store'
import { useAnswer, usePage, usePageState } from '../shared/use-page'
import { zoomToCell } from './explorer-moves'
import { entryDetail, openSelected } from './file-content'

interface EntryLineProps {
  readonly before: ImageFacts
  /** Undefined where one image was opened alone. */
  readonly after: ImageFacts | undefined
}

/** All about the selected entry: both sides, the layer and the instruction it comes from. Announced to screen readers. */
export function EntryLine({ before, after }: EntryLineProps): ReactElement {
  const page = usePage()
  const { selectedCell, isTable } = useFields(page.explorer, 'selectedCell', 'isTable')
  const selection = usePageState(selectedOrigin)
  const detail = useAnswer(selection, (node) => (node === undefined ? undefined : entryDetail(page, node)))
  return (
    <div className="entry-line" role="status" data-testid="entry-line">
      {detail === undefined ? (
        <span className="muted">
          Click a {isTable ? 'row' : 'cell'}, or use the arrow keys: up and down among siblings, right into a folder,
          left out of it.
        </span>
      ) : (
        <>
          <strong>{detail.path}</strong>
          <SideFacts side="before" isNamed={after !== undefined} entry={detail.before} image={before} />
          {after && <SideFacts side="after" isNamed entry={detail.after} image={after} />}
          {selectedCell?.kind === 'group' && (
            <button type="button" className="quiet" onClick={() => zoomToCell(page, selectedCell)}>
              inside {formatQuantity(selectedCell.grouped.length, 'small entry', 'small entries')}: show them
            </button>
          )}
          {(detail.before ?? detail.after)?.kind === 'file' && (
            <button type="button" className="quiet" onClick={() => void openSelected(page)}>
              Open
            </button>
          )}
        </>
      )}
    </div>
  )
}

interface SideFactsProps {
  readonly side: 'before' | 'after'
  /** Two images are shown, so each has to be named. */
  readonly isNamed: boolean
  readonly entry: EntryFacts | undefined
  readonly image: ImageFacts
}

function SideFacts({ side, isNamed, entry, image }: SideFactsProps): ReactElement {
  const origins = usePageState((state) => comparedIn(state)?.view.layerOrigins?.[side])
  if (!entry) return <span className="muted">{side}: absent</span>
  const layer = entry.layer === undefined || entry.layer < 0 ? undefined : image.layers[entry.layer]
  const origin = entry.layer === undefined ? undefined : origins?.[entry.layer]
  const what =
    entry.kind === 'file'
      ? formatBytes(entry.contentBytes)
      : entry.kind === 'symlink'
        ? `link to ${entry.linkTarget}`
        : entry.kind
  return (
    <span>
      {isNamed && `${side}: `}
      {what} · mode {entry.mode} · {entry.uid}:{entry.gid}
      {layer && ` · layer ${entry.layer! + 1} ${shortened(layer.createdBy) || 'base image'}`}
      {origin && ` · line ${origin.line}, stage ${origin.stage}`}
    </span>
  )
}

/** The list of layers has the whole instruction. */
const shortened = (text: string): string => (text.length > 90 ? `${text.slice(0, 90)} …` : text)
