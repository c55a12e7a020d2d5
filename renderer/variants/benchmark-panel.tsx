import { type ReactElement, useState } from 'react'
import { buildBenchmark, toggleBenchmarked } from '../build/building'
import { JobStatus, useJob } from '../shared/job-status'
import { benchmarkedIds } from '../shared/selectors'
import { useFields } from '../shared/store'
import { usePage, usePageState } from '../shared/use-page'
import { BenchmarkResult } from './benchmark-result'

/** More than two variants: all are built and measured, and any two compared. */
export function BenchmarkPanel(): ReactElement | null {
  const page = usePage()
  const { project, engine } = useFields(page.workspace, 'project', 'engine')
  const chosen = usePageState(benchmarkedIds)
  const state = useJob((jobs) => jobs.benchmark, { folder: project?.folder ?? '' })
  const [isCold, setCold] = useState(false)
  if (!project) return null
  const progress = state.kind === 'running' ? state.progress : undefined
  const rungs = state.kind === 'done' ? state.value : progress?.rungs
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
            <input type="checkbox" checked={chosen.includes(id)} onChange={() => toggleBenchmarked(page, id)} /> {title}
          </label>
        ))}
      </fieldset>
      <div className="run-form">
        {state.kind !== 'running' ? (
          <button
            type="button"
            className="primary"
            disabled={chosen.length === 0 || engine?.kind !== 'ready'}
            onClick={() => void buildBenchmark(page, isCold)}
          >
            Build and measure {chosen.length}
          </button>
        ) : (
          <button type="button" onClick={() => void page.jobs.benchmark.cancel()}>
            Cancel
          </button>
        )}
        <label className="run-check">
          <input type="checkbox" checked={isCold} onChange={(event) => setCold(event.target.checked)} /> each from
          nothing, for times that can be compared
        </label>
      </div>
      <JobStatus state={state} message={progress?.message} running="Preparing …" />
      {rungs && rungs.length > 0 && <BenchmarkResult rungs={rungs} isFinished={state.kind === 'done'} />}
    </section>
  )
}
