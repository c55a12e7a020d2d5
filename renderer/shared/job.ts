import type { Failure } from '../../electron/core/failure'
import type { CutawayApi, HostEvent, JobProgress, Reply } from '../../electron/ipc/contract'
import { newId } from './new-id'
import type { Slot } from './store'

/** A job that was started: the id under which the host knows it, what it is about, and how far it came. */
interface Started<S, P> {
  readonly id: string
  readonly subject: S
  readonly progress: P
}

export interface IdleJob {
  readonly kind: 'idle'
}
export interface RunningJob<S, P> extends Started<S, P> {
  readonly kind: 'running'
}
export interface CancelledJob<S, P> extends Started<S, P> {
  readonly kind: 'cancelled'
}
export interface FailedJob<S, P> extends Started<S, P> {
  readonly kind: 'failed'
  readonly failure: Failure
}
export interface DoneJob<T, S> extends Omit<Started<S, never>, 'progress'> {
  readonly kind: 'done'
  readonly value: T
}

/** Where a long operation is: its value `T`, its subject `S`, and its progress `P`. */
export type JobState<T, S, P> = IdleJob | RunningJob<S, P> | CancelledJob<S, P> | FailedJob<S, P> | DoneJob<T, S>

/** The state of a job that was started at some time. */
export type StartedJob<T, S, P> = Exclude<JobState<T, S, P>, IdleJob>

export const idle: IdleJob = { kind: 'idle' }

/** How the progress of a kind of job begins, and what an event of the host makes of it. */
export interface ProgressRule<S, P> {
  readonly first: (subject: S) => P
  readonly next: (progress: P, event: JobProgress) => P
}

/** Work on one subject: it gets the id under which the host reports and cancels it. */
export type Work<T> = (id: string) => Promise<Reply<T>>

/** A long operation of the page. Only the newest run counts: replies and events of an earlier one change nothing. */
export interface Job<T, S, P> {
  readonly slot: Slot<JobState<T, S, P>>
  /**
   * Starts anew; the result of an earlier run is dropped. Resolves to what became of it, or to undefined where it was replaced meanwhile.
   * `onDone` is called just before the result is shown, so that what depends on it is in place.
   */
  start(subject: S, work: Work<T>, onDone?: (value: T) => void): Promise<StartedJob<T, S, P> | undefined>
  /** Takes a result that was reached elsewhere. */
  adopt(subject: S, value: T, id?: string): void
  /** Asks the host to end it; the job is cancelled when its reply comes. */
  cancel(): Promise<void>
  /** Forgets it: a late reply changes nothing. */
  reset(): void
  /** True where the event was about this run. */
  onEvent(event: HostEvent): boolean
}

/** Makes a job that keeps its state in a slot. The one place where a stale reply or event is told from a wanted one. */
export function createJob<T, S, P>(
  api: CutawayApi,
  slot: Slot<JobState<T, S, P>>,
  { first, next }: ProgressRule<S, P>,
): Job<T, S, P> {
  const running = (id: string | undefined): RunningJob<S, P> | undefined => {
    const state = slot.get()
    return state.kind === 'running' && (id === undefined || state.id === id) ? state : undefined
  }
  return {
    slot,
    start: async (subject, work, onDone) => {
      const id = newId()
      slot.set({ kind: 'running', id, subject, progress: first(subject) })
      const reply = await work(id)
      const state = running(id)
      if (!state) return undefined
      if (reply.ok) onDone?.(reply.value)
      const ended = endOf(state, reply)
      slot.set(ended)
      return ended
    },
    adopt: (subject, value, id = newId()) => slot.set({ kind: 'done', id, subject, value }),
    cancel: async () => {
      const state = running(undefined)
      if (state) await api.request('job.cancel', { jobId: state.id })
    },
    reset: () => slot.set(idle),
    onEvent: (event) => {
      const state = event.kind === 'job' ? running(event.jobId) : undefined
      if (!state || event.kind !== 'job') return false
      slot.set({ ...state, progress: next(state.progress, event.progress) })
      return true
    },
  }
}

function endOf<T, S, P>(state: RunningJob<S, P>, reply: Reply<T>): StartedJob<T, S, P> {
  const { id, subject } = state
  if (reply.ok) return { kind: 'done', id, subject, value: reply.value }
  if (reply.failure.code === 'cancelled') return { ...state, kind: 'cancelled' }
  return { ...state, kind: 'failed', failure: reply.failure }
}

/** The state of a job as far as it is about this subject; idle where it is about another one. */
export function jobAbout<T, S extends object, P>(state: JobState<T, S, P>, subject: Partial<S>): JobState<T, S, P> {
  if (state.kind === 'idle') return state
  const { subject: own } = state
  const isSame = (Object.keys(subject) as (keyof S)[]).every((key) => own[key] === subject[key])
  return isSame ? state : idle
}

/** The result of a job that is done. */
export const resultOf = <T, S, P>(state: JobState<T, S, P>): T | undefined =>
  state.kind === 'done' ? state.value : undefined
