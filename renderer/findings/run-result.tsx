import type { ReactElement } from 'react'
import { formatBytes, formatElapsed } from '../../electron/core/format'
import { describeEnd, type RunComparison, type RunOutcome, runVerdict } from '../../electron/core/run/run'
import { DataTable } from '../shared/data-table'

const maxShown = 20_000

/** What both did, side by side. */
export function RunResult({ result }: { readonly result: RunComparison }): ReactElement {
  const { before, after, differences, diff } = result
  return (
    <div className="run-result" data-testid="run-result">
      <p className={`note ${differences.length === 0 ? 'note-info' : 'note-warn'}`}>
        <strong>{runVerdict(before, after)}</strong>
      </p>
      <DataTable className="run-table" columns={[{ hidden: 'What' }, 'Before', 'After']}>
        {rows(result).map(({ label, of }) => (
          <tr key={label}>
            <th scope="row">{label}</th>
            <td>{of(before)}</td>
            <td>{of(after)}</td>
          </tr>
        ))}
      </DataTable>
      {diff.length > 0 && <pre>{diff.join('\n')}</pre>}
      <Output title="before" run={before} />
      <Output title="after" run={after} />
    </div>
  )
}

interface Row {
  readonly label: string
  readonly of: (run: RunOutcome) => string
}

const unknown = 'not seen'

/** Rows that say nothing of this run are left out. */
function rows({ before, after, request }: RunComparison): Row[] {
  const all: readonly (Row & { readonly isShown?: boolean })[] = [
    { label: 'Ended', of: describeEnd },
    {
      label: 'First output',
      of: ({ firstOutputMs }) => (firstOutputMs === undefined ? 'none' : `after ${formatElapsed(firstOutputMs)}`),
    },
    {
      label: 'Printed',
      of: ({ stdoutBytes, stderrBytes }) => `${formatBytes(stdoutBytes)}, ${formatBytes(stderrBytes)} of errors`,
    },
    {
      label: 'Memory, at least',
      of: ({ peakMemoryBytes }) => (peakMemoryBytes === undefined ? unknown : formatBytes(peakMemoryBytes)),
    },
    {
      label: 'Listens on',
      of: ({ ports }) => (ports === undefined ? unknown : ports.join(', ') || 'nothing'),
      isShown: (before.ports ?? []).length + (after.ports ?? []).length > 0 || request.port !== undefined,
    },
    {
      label: `GET ${request.path}`,
      of: ({ answer }) => (answer ? `${answer.status} ${answer.contentType}` : 'no answer'),
      isShown: request.port !== undefined,
    },
  ]
  return all.filter(({ isShown = true }) => isShown)
}

function Output({ title, run }: { readonly title: string; readonly run: RunOutcome }): ReactElement {
  const text = [
    run.stdout,
    run.stderr === '' ? '' : `--- errors ---\n${run.stderr}`,
    run.answer ? `--- HTTP ---\n${run.answer.body}` : '',
  ]
    .filter((part) => part !== '')
    .join('\n')
  return (
    <details>
      <summary>What {title} printed</summary>
      <pre>{text === '' ? 'nothing' : text.slice(0, maxShown)}</pre>
    </details>
  )
}
