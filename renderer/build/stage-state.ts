import { countFinished, type StepProgress, type StepState } from '../../electron/core/build/build-snapshot'

export const stateSymbol: Record<StepState, string> = {
  queued: '○',
  running: '◐',
  cached: '⚡',
  done: '✓',
  failed: '✕',
  skipped: '–',
}

export interface StageProgress {
  readonly state: StepState
  readonly finished: number
  readonly of: number
  readonly elapsedMs: number
  /** When the step that runs now began. */
  readonly startedMs: number | undefined
  /** The step that runs or failed, else the last that finished. */
  readonly current: StepProgress | undefined
}

/** What a stage as a whole is doing. */
export function stageProgress(steps: readonly StepProgress[]): StageProgress {
  const has = (state: StepState): boolean => steps.some((step) => step.state === state)
  const finished = countFinished(steps)
  const elapsedMs = steps.reduce((sum, step) => sum + step.elapsedMs, 0)
  const active = steps.find((step) => step.state === 'failed') ?? steps.find((step) => step.state === 'running')
  const current = active ?? steps.findLast((step) => step.state === 'done' || step.state === 'cached') ?? steps[0]
  const startedMs = steps.find((step) => step.state === 'running')?.startedMs
  return { state: stageState(steps, has, finished), finished, of: steps.length, elapsedMs, startedMs, current }
}

/** FROM of a present image is never "cached", only quick. */
const isAllCached = (steps: readonly StepProgress[]): boolean => {
  const work = steps.filter((step) => step.keyword !== 'FROM')
  return work.length > 0 && work.every((step) => step.state === 'cached')
}

function stageState(steps: readonly StepProgress[], has: (state: StepState) => boolean, finished: number): StepState {
  if (has('failed')) return 'failed'
  if (has('running')) return 'running'
  if (steps.length > 0 && finished === steps.length) return isAllCached(steps) ? 'cached' : 'done'
  if (has('skipped')) return 'skipped'
  // Between two steps nothing runs for a moment.
  return finished > 1 || has('done') ? 'running' : 'queued'
}
