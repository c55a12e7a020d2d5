import type { StagedDockerfile } from '../dockerfile/stages'
import { type Step, stageSteps } from '../dockerfile/steps'

/** The instruction that made a layer. */
export interface LayerOrigin {
  /** Of the Dockerfile that was built. */
  readonly line: number
  readonly stage: string
}

/**
 * For each layer, lowest first, where it comes from; null for those of the base image. Layers and steps are walked from the last one
 * down: a RUN, COPY or ADD always makes a layer, a WORKDIR only where the folder was not there. What does not fit ends the walk.
 */
export function layerOrigins(
  layers: readonly { readonly createdBy: string }[],
  { stages }: StagedDockerfile,
  target: number,
): (LayerOrigin | null)[] {
  const steps: Step[] = []
  for (let stage = stages[target]; stage !== undefined; ) {
    steps.unshift(...stageSteps(stage).filter(({ keyword }) => keyword !== 'FROM'))
    stage = stage.base.kind === 'stage' ? stages[stage.base.index] : undefined
  }
  const origins: (LayerOrigin | null)[] = layers.map(() => null)
  for (let at = layers.length - 1; at >= 0 && steps.length > 0; at--) {
    const keyword = layers[at]!.createdBy.split(' ', 1)[0]
    while (steps.at(-1)?.keyword === 'WORKDIR' && keyword !== 'WORKDIR') steps.pop()
    const step = steps.pop()
    if (step?.keyword !== keyword) break
    const { label } = stages[step!.stageIndex]!
    origins[at] = { line: step!.span.startLine, stage: label }
  }
  return origins
}
