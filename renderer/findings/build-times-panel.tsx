import { type ReactElement, useState } from 'react'
import type { Matrix } from '../../electron/core/matrix/matrix'
import { NumberField, StartOrCancel } from '../shared/form-parts'
import { JobStatus, messageOf, useJob } from '../shared/job-status'
import { usePage } from '../shared/use-page'
import { MatrixTable, ShipTable } from './build-times-tables'
import { timeBoth } from './measurements'

interface BuildTimesPanelProps {
  readonly comparisonId: string
  /** Undefined where nothing can be built again. */
  readonly buildId: string | undefined
}

/** Builds both again and again, when the user asks for it. */
export function BuildTimesPanel({ comparisonId, buildId }: BuildTimesPanelProps): ReactElement {
  const page = usePage()
  const state = useJob((jobs) => jobs.buildTimes, { comparisonId })
  return (
    <section className="panel variant" aria-label="Is it faster, and what does it cost to ship?">
      <h3>
        Is it faster, and what does it cost to ship?
        <span className="muted">
          built from nothing, unchanged, and after edits that are made in what the engine is sent; your folder is only
          read
        </span>
      </h3>
      {buildId !== undefined && (
        <MatrixForm
          isRunning={state.kind === 'running'}
          onCancel={() => void page.jobs.buildTimes.cancel()}
          onAsk={(runs) => void timeBoth(page, { comparisonId, buildId, runs })}
        />
      )}
      <JobStatus state={state} message={messageOf(state)} running="Preparing …" />
      {state.kind === 'done' && <MatrixResult matrix={state.value} />}
    </section>
  )
}

interface MatrixFormProps {
  readonly isRunning: boolean
  readonly onAsk: (runs: number) => void
  readonly onCancel: () => void
}

function MatrixForm({ isRunning, onAsk, onCancel }: MatrixFormProps): ReactElement {
  const [runs, setRuns] = useState('1')
  return (
    <form
      className="run-form"
      onSubmit={(event) => {
        event.preventDefault()
        onAsk(Number(runs))
      }}
    >
      <NumberField label="Runs of each" min={1} max={20} required value={runs} onChange={setRuns} />
      <StartOrCancel isRunning={isRunning} start="Build and measure" onCancel={onCancel} />
      <span className="muted">Takes as long as building both from nothing, and more for edits and compressing.</span>
    </form>
  )
}

function MatrixResult({ matrix }: { readonly matrix: Matrix }): ReactElement {
  return (
    <div className="run-result" data-testid="matrix">
      <MatrixTable matrix={matrix} />
      <ShipTable ship={matrix.ship} />
    </div>
  )
}
