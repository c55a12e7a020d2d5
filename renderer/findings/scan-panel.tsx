import type { ReactElement } from 'react'
import { formatCount } from '../../electron/core/format'
import {
  noScanner,
  type ScanComparison,
  severities,
  type VulnerabilityCounts,
} from '../../electron/core/packages/vulnerabilities'
import { DataTable } from '../shared/data-table'
import { JobStatus, messageOf, useJob } from '../shared/job-status'
import { usePage } from '../shared/use-page'
import { scanBoth } from './measurements'

interface ScanPanelProps {
  readonly comparisonId: string
  /** The images are there to be scanned. */
  readonly canAsk: boolean
}

/** Known vulnerabilities, when the user asks and a scanner is installed. */
export function ScanPanel({ comparisonId, canAsk }: ScanPanelProps): ReactElement | null {
  const page = usePage()
  const state = useJob((jobs) => jobs.scan, { comparisonId })
  if (!canAsk) return state.kind === 'done' ? <ScanResult scan={state.value} /> : null
  return (
    <div className="run-result">
      <div className="variant-tools">
        {state.kind !== 'running' ? (
          <button type="button" onClick={() => void scanBoth(page, comparisonId)}>
            Look up vulnerabilities
          </button>
        ) : (
          <button type="button" onClick={() => void page.jobs.scan.cancel()}>
            Cancel
          </button>
        )}
      </div>
      <JobStatus state={state} message={messageOf(state)} running="The scanner reads the packages of both images …" />
      {state.kind === 'done' && <ScanResult scan={state.value} />}
    </div>
  )
}

function ScanResult({ scan }: { readonly scan: ScanComparison }): ReactElement {
  if (scan.scanner === null) return <p className="note note-warn">{noScanner}</p>
  return (
    <DataTable className="run-table" columns={[`Known to ${scan.scanner}`, ...severities]}>
      <ScanRow label="Before" {...scan.before} />
      <ScanRow label="After" {...scan.after} />
    </DataTable>
  )
}

function ScanRow({ label, counts, worst }: VulnerabilityCounts & { readonly label: string }): ReactElement {
  const gravest = worst.slice(0, 3).map((each) => `${each.id} in ${each.package}`)
  return (
    <tr>
      <th scope="row">
        {label}
        {gravest.length > 0 && <small>{gravest.join(', ')}</small>}
      </th>
      {severities.map((severity) => (
        <td key={severity}>{formatCount(counts[severity])}</td>
      ))}
    </tr>
  )
}
