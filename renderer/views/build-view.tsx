import type { ReactElement } from 'react'
import { formatBytes } from '../../electron/core/format'
import { BuildAnnouncer } from '../components/build-announcer'
import { BuildLane } from '../components/build-lane'
import { FailureNote, StandInNote } from '../components/failure-note'
import { StepLog } from '../components/step-log'
import { buildBoth, showStep } from '../state/actions'
import { cancelBuild } from '../state/comparing'
import { measureStages, stagesJob } from '../state/measurements'
import { useStore } from '../state/store'
import { type BuildState, workspace } from '../state/workspace'

export function BuildView(): ReactElement | null {
  const { build, comparison } = useStore(workspace, (state) => state)
  if (!build) return null
  const isReading = comparison !== undefined && comparison.tree === undefined && comparison.failure === undefined
  const { progress } = comparison ?? {}
  return (
    <div className="build">
      <div className="view-head">
        <h2>{headline(build, isReading)}</h2>
        <span className="muted" role="status">
          {build.message ??
            (isReading && progress
              ? `${formatBytes(progress.readBytes)} of about ${formatBytes(progress.expectedBytes)}`
              : '')}
          <StageMeasuring build={build} />
        </span>
        <span className="space" />
        {build.isRunning || isReading ? (
          <button type="button" onClick={() => void cancelBuild()}>
            Cancel
          </button>
        ) : (
          <>
            {!build.isSaved && (
              <button type="button" onClick={() => void buildBoth(false)}>
                Build again
              </button>
            )}
            {comparison?.tree && (
              <button type="button" className="primary" onClick={() => showStep('compare')}>
                Compare
              </button>
            )}
          </>
        )}
      </div>
      <BuildAnnouncer build={build} />
      {build.failure && <FailureNote failure={build.failure} />}
      {comparison?.failure && <FailureNote failure={comparison.failure} />}
      <StandInNote standIns={build.result?.standIns ?? []} />
      <BuildLane variant={build.variants.before} build={build} />
      <BuildLane variant={build.variants.after} build={build} />
      <StepLog build={build} />
    </div>
  )
}

/** The stages' sizes come by themselves where that is quick; elsewhere the user may ask. */
function StageMeasuring({ build }: { readonly build: BuildState }): ReactElement | null {
  const { comparisonId, jobId, message, result, failure } = useStore(stagesJob.store, (state) => state)
  if (comparisonId !== build.jobId || build.isRunning || build.isSaved) return null
  if (jobId !== undefined)
    return (
      <>
        {message ?? 'Measuring the stages …'}{' '}
        <button type="button" className="quiet" onClick={() => void stagesJob.cancel()}>
          Stop
        </button>
      </>
    )
  if (result) return null
  return (
    <button
      type="button"
      className="quiet"
      title={failure ? 'It did not work before.' : 'Builds each stage once more from the cache, and reads its size.'}
      onClick={() => void measureStages(build.jobId, true)}
    >
      Measure the stages
    </button>
  )
}

function headline(build: BuildState, isReading: boolean): string {
  if (build.isRunning) return 'Building both variants'
  if (build.isCancelled) return 'Cancelled: nothing was kept'
  if (isReading) return 'Reading both images'
  const { result } = build
  const failed = [result?.before, result?.after].filter((variant) => variant?.ok === false)
  if (build.failure || failed.length > 0)
    return failed.length === 1 ? `The ${failed[0]!.role} variant failed` : 'The build failed'
  return build.isSaved ? 'How both variants were built' : 'Both variants are built'
}
