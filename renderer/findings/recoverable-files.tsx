import type { ReactElement } from 'react'
import type { Meaning } from '../../electron/core/compare/meaning'
import { formatBytes, formatQuantity } from '../../electron/core/format'
import type { Residue, ResidueFile } from '../../electron/core/surface/residue'
import type { VariantRole } from '../../electron/core/variants/variant'
import { openHidden } from '../compare/file-content'
import { usePage } from '../shared/use-page'

const maxShown = 20

interface RecoverableFilesProps {
  readonly residue: Meaning['residue']
  /** The layers are at hand; of a saved comparison they are not. */
  readonly canOpen: boolean
}

/** Files that were deleted or overwritten, and that anyone with the image can still read. */
export function RecoverableFiles({ residue, canOpen }: RecoverableFilesProps): ReactElement | null {
  if (residue.before.files + residue.after.files === 0) return null
  return (
    <section className="panel variant" aria-label="Deleted and still readable">
      <h3>
        Deleted, and still readable
        <span className="muted">a later layer hides a file; whoever has the image has its layers</span>
      </h3>
      <Side title="Before" side="before" other="after" residue={residue.before} canOpen={canOpen} />
      <Side title="After" side="after" other="before" residue={residue.after} canOpen={canOpen} />
    </section>
  )
}

interface SideProps {
  readonly title: string
  readonly side: VariantRole
  readonly other: string
  readonly residue: Residue
  readonly canOpen: boolean
}

function Side({ title, side, other, residue, canOpen }: SideProps): ReactElement {
  const page = usePage()
  const secrets = residue.list.filter(({ secret }) => secret !== null).length
  return (
    <details className="residue" open={secrets > 0}>
      <summary>
        {title}:{' '}
        {residue.files === 0
          ? 'nothing'
          : `${formatQuantity(residue.files, 'file')}, ${formatBytes(residue.bytes)}${secrets === 0 ? '' : `; ${formatQuantity(secrets, 'looks like a secret', 'look like secrets')}`}`}
      </summary>
      <ul>
        {residue.list.slice(0, maxShown).map((file) => (
          <ResidueItem
            key={`${file.layer} ${file.path}`}
            file={file}
            other={other}
            onOpen={canOpen ? () => openHidden(page, side, file) : undefined}
          />
        ))}
      </ul>
    </details>
  )
}

interface ResidueItemProps {
  readonly file: ResidueFile
  readonly other: string
  /** Undefined where it cannot be opened. */
  readonly onOpen: (() => void) | undefined
}

function ResidueItem({ file, other, onOpen }: ResidueItemProps): ReactElement {
  const { path, contentBytes, layer, createdBy, secret, isInOther } = file
  return (
    <li className={secret === null ? undefined : 'secret'}>
      <code>{path}</code> {secret !== null && <strong>{secret}</strong>} {formatBytes(contentBytes)}
      <span className="muted">
        {' '}
        in layer {layer + 1}
        {createdBy === '' ? '' : `, ${createdBy.slice(0, 80)}`}
        {isInOther === false && `; no layer of the image ${other} has it`}
        {isInOther === true && `; the image ${other} has the same content`}
      </span>{' '}
      {onOpen && (
        <button type="button" className="quiet" aria-label={`Open ${path}`} onClick={onOpen}>
          Open
        </button>
      )}
    </li>
  )
}
