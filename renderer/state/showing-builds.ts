import { compareBuild, rememberSizes } from './comparing'
import { measureStages, stagesJob } from './measurements'
import { type BuildState, workspace } from './workspace'

// What stands around every build that is shown, whether it begins now or was done as part of a ladder.

/** Puts a build in the place of the one before it. */
export function showBuild(build: BuildState): void {
  rememberSizes()
  void stagesJob.cancel()
  workspace.change({
    build,
    selectedStep: undefined,
    pointedStep: undefined,
    log: [],
    comparison: undefined,
    step: 'build',
  })
}

/** Compares the images of a build that is finished, then weighs its stages where that is quick. */
export async function compareAndMeasure(buildId: string): Promise<void> {
  await compareBuild(buildId)
  if (workspace.get().build?.jobId === buildId) await measureStages(buildId, false)
}
