import type { ReactElement } from 'react'
import type { Meaning } from '../../electron/core/compare/meaning'
import { formatBytes, formatQuantity } from '../../electron/core/format'
import type { Residue, ResidueFile } from '../../electron/core/surface/residue'

const mostShown = 20

/** Files that were deleted or overwritten, and that anyone with the image can still read. */
export function ResidueList({ residue }: { readonly residue: Meaning['residue'] }): ReactElement | null {
  if (residue.before.files + residue.after.files === 0) return null
  return (
    <section className="panel variant" aria-label="Deleted and still readable">
      <h3>
        Deleted, and still readable
        <span className="muted">a later layer hides a file; whoever has the image has its layers</span>
      </h3>
      <Side title="Before" other="after" residue={residue.before} />
      <Side title="After" other="before" residue={residue.after} />
    </section>
  )
}

interface SideProps {
  readonly title: string
  readonly other: string
  readonly residue: Residue
}

function Side({ title, other, residue }: SideProps): ReactElement {
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
        {residue.list.slice(0, mostShown).map((file) => (
          <ResidueItem key={`${file.layer} ${file.path}`} file={file} other={other} />
        ))}
      </ul>
    </details>
  )
}

function ResidueItem({ file, other }: { readonly file: ResidueFile; readonly other: string }): ReactElement {
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
      </span>
    </li>
  )
}
