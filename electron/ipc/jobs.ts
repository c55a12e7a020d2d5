import { EngineError } from '../core/failure'
import type { HostEvent, JobProgress } from './contract'

export interface JobContext {
  readonly signal: AbortSignal
  readonly report: (progress: JobProgress) => void
  /** For progress that costs something to make: of one key only the newest is made, and only when it is passed on. */
  readonly reportLater: (key: string, make: () => JobProgress) => void
}

const everyMs = 80

/** Long requests under ids that the caller made: progress as events, at most a dozen a second of a kind, and cancel. */
export class Jobs {
  readonly #emit: (event: HostEvent) => void
  readonly #running = new Map<string, { readonly controller: AbortController; readonly settled: Promise<void> }>()
  #isClosed = false

  constructor(emit: (event: HostEvent) => void) {
    this.#emit = emit
  }

  /** Invariant: after the promise settles, or after a cancel, no event of the job follows. Throws cancelled once all jobs were ended. */
  async run<T>(jobId: string, work: (context: JobContext) => Promise<T>): Promise<T> {
    if (this.#isClosed) throw new EngineError({ code: 'cancelled' })
    if (this.#running.has(jobId)) throw new EngineError({ code: 'bad-input', problem: 'a job with that id runs' })
    const controller = new AbortController()
    let settle: () => void = () => undefined
    const settled = new Promise<void>((resolve) => {
      settle = resolve
    })
    this.#running.set(jobId, { controller, settled })
    const throttle = new Throttle((progress) => this.#emit({ kind: 'job', jobId, progress }))
    controller.signal.addEventListener('abort', () => throttle.close(), { once: true })
    try {
      return await work({
        signal: controller.signal,
        report: (progress) => throttle.push(progress.kind, () => progress),
        reportLater: (key, make) => throttle.push(key, make),
      })
    } finally {
      throttle.close()
      this.#running.delete(jobId)
      settle()
    }
  }

  cancel(jobId: string): void {
    this.#running.get(jobId)?.controller.abort()
  }

  /** Cancels all jobs, lets no other start, and resolves when they have ended. */
  async endAll(): Promise<void> {
    this.#isClosed = true
    const running = [...this.#running.values()]
    for (const { controller } of running) controller.abort()
    await Promise.all(running.map(({ settled }) => settled))
  }
}

/** Keeps the newest progress of each kind and passes it on after a pause. */
class Throttle {
  readonly #pass: (progress: JobProgress) => void
  readonly #waiting = new Map<string, () => JobProgress>()
  #timer: NodeJS.Timeout | undefined
  #isClosed = false

  constructor(pass: (progress: JobProgress) => void) {
    this.#pass = pass
  }

  push(key: string, make: () => JobProgress): void {
    if (this.#isClosed) return
    this.#waiting.set(key, make)
    this.#timer ??= setTimeout(() => this.#flush(), everyMs)
  }

  close(): void {
    this.#isClosed = true
    clearTimeout(this.#timer)
  }

  #flush(): void {
    this.#timer = undefined
    for (const make of this.#waiting.values()) this.#pass(make())
    this.#waiting.clear()
  }
}
