import type { ReactElement } from 'react'
import type { Job, JobState } from '../state/job'
import { useStore } from '../state/store'
import { FailureNote } from './failure-note'

/** The state of a job, as far as it is about this comparison. */
export function useJob<T>(job: Job<T>, comparisonId: string): JobState<T> | undefined {
  const state = useStore(job.store, (value) => value)
  return state.comparisonId === comparisonId ? state : undefined
}

interface JobStatusProps {
  readonly state: JobState<unknown> | undefined
  /** While there is no message yet. */
  readonly running: string
}

/** What it does now, that it was cancelled, or why it failed. */
export function JobStatus({ state, running }: JobStatusProps): ReactElement {
  return (
    <>
      <div role="status">
        {state?.jobId !== undefined && <p className="muted">{state.message ?? running}</p>}
        {state?.isCancelled && <p className="muted">Cancelled; nothing was left in the engine.</p>}
      </div>
      {state?.failure && <FailureNote failure={state.failure} />}
    </>
  )
}
