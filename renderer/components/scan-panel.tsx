import type { ReactElement } from 'react'
import { formatCount } from '../../electron/core/format'
import {
  noScanner,
  type ScanComparison,
  severities,
  type VulnerabilityCounts,
} from '../../electron/core/packages/vulnerabilities'
import { scanBoth, scanJob } from '../state/measurements'
import { DataTable } from './data-table'
import { JobStatus, useJob } from './job-status'

interface ScanPanelProps {
  readonly comparisonId: string
  /** The images are there to be scanned. */
  readonly canAsk: boolean
}

/** Known vulnerabilities, when the user asks and a scanner is installed. */
export function ScanPanel({ comparisonId, canAsk }: ScanPanelProps): ReactElement | null {
  const state = useJob(scanJob, comparisonId)
  if (!canAsk) return state?.result ? <ScanResult scan={state.result} /> : null
  return (
    <div className="run-result">
      <div className="variant-tools">
        {state?.jobId === undefined ? (
          <button type="button" onClick={() => void scanBoth(comparisonId)}>
            Look up vulnerabilities
          </button>
        ) : (
          <button type="button" onClick={() => void scanJob.cancel()}>
            Cancel
          </button>
        )}
      </div>
      <JobStatus state={state} running="The scanner reads the packages of both images …" />
      {state?.result && <ScanResult scan={state.result} />}
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
