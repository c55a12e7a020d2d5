import type { Failure } from '../../electron/core/failure'
import type { HostEvent, JobProgress, Reply } from '../../electron/ipc/contract'
import { api } from '../api'
import { newId } from './new-id'
import { createStore, type Store } from './store'

/** Something long that the user starts on a finished comparison. */
export interface JobState<T> {
  /** The comparison it is about. */
  readonly comparisonId: string
  /** Undefined when it does not run. */
  readonly jobId: string | undefined
  readonly message: string | undefined
  /** What is known of the result while it runs, for work that tells. */
  readonly partial: T | undefined
  readonly result: T | undefined
  readonly failure: Failure | undefined
  readonly isCancelled: boolean
}

export interface Job<T> {
  readonly store: Store<JobState<T>>
  /** Forgets what came before, asks, and keeps what comes. */
  start(comparisonId: string, ask: (jobId: string) => Promise<Reply<T>>): Promise<void>
  /** Takes a result that was there before. */
  adopt(comparisonId: string, result: T | undefined): void
  cancel(): Promise<void>
  onEvent(event: HostEvent): void
}

/** `partialOf` takes what a job's progress says of the result so far. */
export function createJob<T>(partialOf?: (progress: JobProgress) => T | undefined): Job<T> {
  const initial: JobState<T> = {
    comparisonId: '',
    jobId: undefined,
    message: undefined,
    partial: undefined,
    result: undefined,
    failure: undefined,
    isCancelled: false,
  }
  const store = createStore(initial)
  return {
    store,
    start: async (comparisonId, ask) => {
      const jobId = newId()
      store.change({ ...initial, comparisonId, jobId })
      const reply = await ask(jobId)
      if (store.get().jobId !== jobId) return
      const isCancelled = !reply.ok && reply.failure.code === 'cancelled'
      store.change({
        jobId: undefined,
        message: undefined,
        partial: undefined,
        isCancelled,
        result: reply.ok ? reply.value : undefined,
        failure: reply.ok || isCancelled ? undefined : reply.failure,
      })
    },
    adopt: (comparisonId, result) => store.change({ ...initial, comparisonId, result }),
    cancel: async () => {
      const { jobId } = store.get()
      if (jobId !== undefined) await api.request('job.cancel', { jobId })
    },
    onEvent: (event) => {
      if (event.kind !== 'job' || event.jobId !== store.get().jobId) return
      const { progress } = event
      const partial = partialOf?.(progress)
      if (progress.kind === 'message') store.change({ message: progress.text })
      else if (partial !== undefined) store.change({ partial })
    },
  }
}
