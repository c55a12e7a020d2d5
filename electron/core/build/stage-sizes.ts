import type { StagedDockerfile } from '../dockerfile/stages'
import { stageSteps } from '../dockerfile/steps'

/** Measured sizes for a stage graph; bytes as the engine counts them. */
export interface StageSizes {
  /** By id of a graph's node: of the whole base image, or of the image that the stage would be. */
  readonly nodeBytes: Readonly<Record<string, number>>
  /** By line of the Dockerfile: what that RUN, COPY or ADD put into its stage. */
  readonly lineBytes: Readonly<Record<number, number>>
}

/** An entry of an image's history, as an engine tells it. */
export interface HistoryBytes {
  readonly createdBy: string
  readonly engineBytes: number
}

const layerKeywords = ['RUN', 'COPY', 'ADD']

/**
 * What each step of a stage put into it, by line. The history comes newest first; every RUN, COPY and ADD has an entry of its own, those of
 * the base come last.
 */
export function stepBytes(
  history: readonly HistoryBytes[],
  { stages }: StagedDockerfile,
  stageIndex: number,
): Record<number, number> {
  const steps = stageSteps(stages[stageIndex]!).filter(({ keyword }) => layerKeywords.includes(keyword))
  const entries = history.filter(({ createdBy }) => layerKeywords.includes(createdBy.split(' ', 1)[0]!))
  const found: Record<number, number> = {}
  for (const step of steps.reverse()) {
    const entry = entries.shift()
    if (entry?.createdBy.split(' ', 1)[0] !== step.keyword) break
    found[step.span.startLine] = entry.engineBytes
  }
  return found
}
