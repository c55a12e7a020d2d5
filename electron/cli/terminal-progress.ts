import type { BuildEvent } from '../core/build/build-event'
import type { BuildProgress } from '../core/build/build-progress'
import type { StepState } from '../core/build/build-snapshot'
import { formatElapsed } from '../core/format'
import type { VariantRole } from '../core/variants/variant'

const finished: readonly StepState[] = ['cached', 'done', 'failed']

/** Prints one line when a step starts and one when it ends, so that it reads well in a terminal and in a log. */
export class TerminalProgress {
  readonly #print: (line: string) => void
  readonly #printed = new Map<string, StepState>()

  constructor(print: (line: string) => void) {
    this.#print = print
  }

  readonly update = (role: VariantRole, progress: BuildProgress, event: BuildEvent): void => {
    // A log may have thousands of lines, and none of them moves a step.
    if (event.kind === 'log') return
    for (const step of progress.snapshot().steps) {
      const key = `${role}/${step.stageIndex}/${step.number}`
      const isNews = step.state === 'running' || finished.includes(step.state)
      const last = this.#printed.get(key)
      // A vertex may run in several intervals; once its end was printed, only a failure is news.
      if (!isNews || last === step.state || (last !== undefined && last !== 'running' && step.state !== 'failed'))
        continue
      this.#printed.set(key, step.state)
      const time = step.state === 'done' || step.state === 'failed' ? ` ${formatElapsed(step.elapsedMs)}` : ''
      this.#print(`${role.padEnd(6)} ${step.state.padEnd(7)} ${step.number}/${step.of} ${step.text}${time}`)
    }
  }
}
