import type { Failure } from '../../electron/core/failure'
import type { RunComparison, RunRequest } from '../../electron/core/run/run'
import { api } from '../api'
import { createStore } from './store'

/** Running both images, on the page where it was asked for. */
export interface RunState {
  /** The comparison whose images are run. */
  readonly comparisonId: string
  readonly jobId: string | undefined
  readonly result: RunComparison | undefined
  readonly failure: Failure | undefined
  readonly isCancelled: boolean
}

const initial: RunState = {
  comparisonId: '',
  jobId: undefined,
  result: undefined,
  failure: undefined,
  isCancelled: false,
}

export const runs = createStore<RunState>(initial)

export async function runBoth(comparisonId: string, request: RunRequest): Promise<void> {
  const jobId = crypto.randomUUID()
  runs.change({ ...initial, comparisonId, jobId })
  const reply = await api.request('comparison.run', { jobId, comparisonId, request })
  if (runs.get().jobId !== jobId) return
  const isCancelled = !reply.ok && reply.failure.code === 'cancelled'
  runs.change({
    jobId: undefined,
    isCancelled,
    result: reply.ok ? reply.value : undefined,
    failure: reply.ok || isCancelled ? undefined : reply.failure,
  })
}

export async function cancelRun(): Promise<void> {
  const { jobId } = runs.get()
  if (jobId !== undefined) await api.request('job.cancel', { jobId })
}
