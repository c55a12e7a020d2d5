import type { ReactElement } from 'react'
import { formatBytes, formatCount } from '../../electron/core/format'
import type { PackageLine } from '../../electron/core/packages/compare-packages'
import { packageTypeLabel, packageTypes } from '../../electron/core/packages/package'
import { ShowInMap } from '../compare/show-in-map'
import { DataTable } from '../shared/data-table'
import { ScanPanel } from './scan-panel'

const maxShown = 200

interface PackageListProps {
  readonly lines: readonly PackageLine[]
  readonly comparisonId: string
  /** The images are there to be scanned. */
  readonly canScan: boolean
}

/** What is installed in both images, by who manages it. */
export function PackageList({ lines, comparisonId, canScan }: PackageListProps): ReactElement {
  const groups = packageTypes
    .map((type) => ({ type, lines: lines.filter((line) => line.type === type) }))
    .filter((group) => group.lines.length > 0)
  return (
    <section className="panel variant" aria-label="Packages">
      <h3>
        Packages
        <span className="muted">as their own databases and metadata name them</span>
      </h3>
      {groups.length === 0 && <p className="muted">Neither image says of what packages it is made.</p>}
      {groups.map((group) => (
        <Group key={group.type} {...group} />
      ))}
      <ScanPanel comparisonId={comparisonId} canAsk={canScan} />
    </section>
  )
}

function Group({
  type,
  lines,
}: {
  readonly type: PackageLine['type']
  readonly lines: readonly PackageLine[]
}): ReactElement {
  const before = lines.filter(({ beforeVersions }) => beforeVersions.length > 0).length
  const after = lines.filter(({ afterVersions }) => afterVersions.length > 0).length
  const bytes = ({ beforeBytes, afterBytes }: PackageLine): number => Math.max(beforeBytes, afterBytes)
  const largest = [...lines].sort((a, b) => bytes(b) - bytes(a)).slice(0, maxShown)
  return (
    <details className="packages">
      <summary>
        {packageTypeLabel[type]}: {formatCount(before)} before, {formatCount(after)} after
      </summary>
      <DataTable className="ledger" columns={['Package', 'Before', 'After', 'Bytes', { hidden: 'Where' }]}>
        {largest.map((line) => (
          <PackageRow key={line.name} line={line} />
        ))}
      </DataTable>
      {lines.length > largest.length && (
        <p className="muted">{formatCount(lines.length - largest.length)} smaller ones; the JSON has all.</p>
      )}
    </details>
  )
}

function PackageRow({ line }: { readonly line: PackageLine }): ReactElement {
  const { name, beforeVersions, afterVersions, beforeBytes, afterBytes } = line
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>{beforeVersions.join(', ') || '–'}</td>
      <td>{afterVersions.join(', ') || '–'}</td>
      <td>{formatBytes(Math.max(beforeBytes, afterBytes))}</td>
      <td>{beforeBytes + afterBytes > 0 && <ShowInMap what={name} query={`package:${name}`} />}</td>
    </tr>
  )
}
