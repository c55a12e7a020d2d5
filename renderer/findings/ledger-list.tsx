import type { ReactElement } from 'react'
import type { LedgerLine } from '../../electron/core/compare/ledger'
import { ledgerLabels } from '../../electron/core/compare/ledger-classes'
import { formatBytes, formatQuantity, formatShare } from '../../electron/core/format'
import { ShowInMap } from '../compare/show-in-map'
import { DataTable } from '../shared/data-table'

interface LedgerListProps {
  readonly lines: readonly LedgerLine[]
  readonly totalBytes: number
}

const isShipped = ({ class: name }: LedgerLine): boolean => /^(shipped|shippedChanged|moved)$/.test(name)

/** Every byte of the image before by why it is there: what ships first, then what stays behind, largest first. */
export function LedgerList({ lines, totalBytes }: LedgerListProps): ReactElement {
  const ordered = [...lines].sort((a, b) => Number(isShipped(b)) - Number(isShipped(a)) || b.bytes - a.bytes)
  const shippedBytes = lines.filter(isShipped).reduce((sum, { bytes }) => sum + bytes, 0)
  return (
    <section className="panel variant" aria-label="Where the bytes of the image before go">
      <h3>
        Where the {formatBytes(totalBytes)} of the image before go
        <span className="muted">
          {formatBytes(shippedBytes)} of it ship, {formatBytes(totalBytes - shippedBytes)} stay behind
        </span>
      </h3>
      <DataTable className="ledger" columns={['Class', 'Share', 'Bytes', 'Files', { hidden: 'Where' }]}>
        {ordered.map((line) => (
          <LedgerRow key={line.class} line={line} totalBytes={totalBytes} />
        ))}
      </DataTable>
    </section>
  )
}

function LedgerRow({ line, totalBytes }: { readonly line: LedgerLine; readonly totalBytes: number }): ReactElement {
  const { label, meaning } = ledgerLabels[line.class]
  const share = totalBytes === 0 ? 0 : line.bytes / totalBytes
  return (
    <tr className={isShipped(line) ? 'shipped' : undefined}>
      <th scope="row">
        {label}
        <small>{meaning}</small>
      </th>
      <td>
        <span className="ledger-bar" aria-hidden="true">
          <span style={{ width: `${share * 100}%` }} />
        </span>
        {formatShare(line.bytes, totalBytes)}
      </td>
      <td>{formatBytes(line.bytes)}</td>
      <td>{line.entries === 0 ? '' : formatQuantity(line.entries, 'file')}</td>
      <td>{line.entries > 0 && <ShowInMap what={label} query={`class:${line.class}`} />}</td>
    </tr>
  )
}
