import type { ReactElement } from 'react'
import { FailureNote } from './failure-note'
import { type JobState, jobAbout } from './job'
import type { JobStates } from './jobs'
import { usePageState } from './use-page'

/** The state of a job, as far as it is about this subject; idle where it is about another one. */
export const useJob = <T, S extends object, P>(
  select: (jobs: JobStates) => JobState<T, S, P>,
  subject: Partial<S>,
): JobState<T, S, P> => usePageState(({ jobs }) => jobAbout(select(jobs), subject))

/** What the host reports of a job that runs. */
export const messageOf = <T, S>(state: JobState<T, S, string | undefined>): string | undefined =>
  state.kind === 'running' ? state.progress : undefined

interface JobStatusProps {
  readonly state: JobState<unknown, unknown, unknown>
  /** What the host reports while it runs. */
  readonly message: string | undefined
  /** While there is no message yet. */
  readonly running: string
}

/** What it does now, that it was cancelled, or why it failed. */
export function JobStatus({ state, message, running }: JobStatusProps): ReactElement {
  return (
    <>
      <div role="status">
        {state.kind === 'running' && <p className="muted">{message ?? running}</p>}
        {state.kind === 'cancelled' && <p className="muted">Cancelled; nothing was left in the engine.</p>}
      </div>
      {state.kind === 'failed' && <FailureNote failure={state.failure} />}
    </>
  )
}
