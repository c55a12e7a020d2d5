import { type ReactElement, useState } from 'react'
import type { Matrix } from '../../electron/core/matrix/matrix'
import { matrixJob, timeBoth } from '../state/measurements'
import { JobStatus, useJob } from './job-status'
import { MatrixTable, ShipTable } from './matrix-tables'

interface MatrixPanelProps {
  readonly comparisonId: string
  readonly buildId: string
}

/** Builds both again and again, when the user asks for it. */
export function MatrixPanel({ comparisonId, buildId }: MatrixPanelProps): ReactElement {
  const state = useJob(matrixJob, comparisonId)
  const [runs, setRuns] = useState('1')
  return (
    <section className="panel variant" aria-label="Is it faster, and what does it cost to ship?">
      <h3>
        Is it faster, and what does it cost to ship?
        <span className="muted">
          built from nothing, unchanged, and after edits that are made in what the engine is sent; your folder is only
          read
        </span>
      </h3>
      <form
        className="run-form"
        onSubmit={(event) => {
          event.preventDefault()
          void timeBoth(comparisonId, buildId, Number(runs))
        }}
      >
        <label>
          Runs of each
          <input
            type="number"
            min={1}
            max={20}
            required
            value={runs}
            onChange={(event) => setRuns(event.target.value)}
          />
        </label>
        {state?.jobId === undefined ? (
          <button type="submit" className="primary">
            Build and measure
          </button>
        ) : (
          <button type="button" onClick={() => void matrixJob.cancel()}>
            Cancel
          </button>
        )}
        <span className="muted">Takes as long as building both from nothing, and more for edits and compressing.</span>
      </form>
      <JobStatus state={state} running="Preparing …" />
      {state?.result && <MatrixResult matrix={state.result} />}
    </section>
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
