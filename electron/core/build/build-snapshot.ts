import type { Step } from '../dockerfile/steps'

export type StepState = 'queued' | 'running' | 'cached' | 'done' | 'failed' | 'skipped'

export interface StepProgress extends Step {
  readonly state: StepState
  /** Sum of the intervals it ran; while it runs, up to `startedMs` only. */
  readonly elapsedMs: number
  /** When the running interval began. */
  readonly startedMs: number | undefined
}

/** How far one variant is. */
export interface BuildSnapshot {
  readonly steps: readonly StepProgress[]
  /** What the engine does beside the steps: context, metadata, export. */
  readonly activity: string | undefined
  readonly imageId: string | undefined
}

/** Steps whose result is there. */
export const countFinished = (steps: readonly StepProgress[]): number =>
  steps.filter(({ state }) => state === 'done' || state === 'cached').length

/** Steps that did not have to run. */
export const countCached = (steps: readonly StepProgress[]): number =>
  steps.filter(({ state }) => state === 'cached').length
