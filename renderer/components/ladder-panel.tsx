import { type ReactElement, useState } from 'react'
import { buildLadder, chosenRungs, ladder, ladderJob, toggleRung } from '../state/ladder'
import { useStore } from '../state/store'
import { workspace } from '../state/workspace'
import { JobStatus, useJob } from './job-status'
import { LadderResult } from './ladder-result'

/** More than two variants: all are built and measured, and any two compared. */
export function LadderPanel(): ReactElement | null {
  const { project, engine } = useStore(workspace, (state) => state)
  const chosen = chosenRungs(useStore(ladder, (state) => state))
  const state = useJob(ladderJob, project?.folder ?? '')
  const [isCold, setCold] = useState(false)
  if (!project) return null
  const rungs = state?.result ?? state?.partial
  return (
    <section className="panel variant" aria-label="More than two variants">
      <h3>
        More than two variants
        <span className="muted">built one after another, so that their times can stand side by side</span>
      </h3>
      <fieldset className="ladder-offers">
        <legend className="visually-hidden">Variants to build</legend>
        {project.offers.map(({ id, title }) => (
          <label key={id}>
            <input type="checkbox" checked={chosen.includes(id)} onChange={() => toggleRung(id)} /> {title}
          </label>
        ))}
      </fieldset>
      <div className="run-form">
        {state?.jobId === undefined ? (
          <button
            type="button"
            className="primary"
            disabled={chosen.length === 0 || engine?.kind !== 'ready'}
            onClick={() => void buildLadder(isCold)}
          >
            Build and measure {chosen.length}
          </button>
        ) : (
          <button type="button" onClick={() => void ladderJob.cancel()}>
            Cancel
          </button>
        )}
        <label className="run-check">
          <input type="checkbox" checked={isCold} onChange={(event) => setCold(event.target.checked)} /> each from
          nothing, for times that can be compared
        </label>
      </div>
      <JobStatus state={state} running="Preparing …" />
      {rungs && rungs.length > 0 && <LadderResult rungs={rungs} isFinished={state?.result !== undefined} />}
    </section>
  )
}
