import type { ReactElement } from 'react'
import { formatBytes } from '../../electron/core/format'
import { cancelBuild } from '../compare/comparing'
import { FailureNote, StandInNote } from '../shared/failure-note'
import { messageOf, useJob } from '../shared/job-status'
import type { StartedBuild } from '../shared/jobs'
import { showStep } from '../shared/navigation'
import { buildIn, comparedIn, comparisonFailure, isReading } from '../shared/selectors'
import { usePage, usePageState } from '../shared/use-page'
import { BuildAnnouncer } from './build-announcer'
import { BuildLane } from './build-lane'
import { buildBoth, measureStages } from './building'
import { StepLog } from './step-log'

/** Both builds: how far they are, what their stages hold, and why one failed. */
export function BuildView(): ReactElement | null {
  const build = usePageState(buildIn)
  const reading = usePageState(isReading)
  const failure = usePageState(comparisonFailure)
  if (!build) return null
  return (
    <div className="build">
      <div className="view-head">
        <h2>{headline(build, reading)}</h2>
        <span className="muted" role="status">
          <BuildProgress build={build} />
          <StageMeasuring build={build} />
        </span>
        <span className="space" />
        <BuildButtons build={build} isReading={reading} />
      </div>
      <BuildAnnouncer build={build} />
      {build.kind === 'failed' && <FailureNote failure={build.failure} />}
      {failure && <FailureNote failure={failure} />}
      <StandInNote standIns={build.kind === 'done' ? build.value.standIns : []} />
      <BuildLane variant={build.subject.variants.before} build={build} />
      <BuildLane variant={build.subject.variants.after} build={build} />
      <StepLog build={build} />
    </div>
  )
}

interface BuildButtonsProps {
  readonly build: StartedBuild
  readonly isReading: boolean
}

function BuildButtons({ build, isReading }: BuildButtonsProps): ReactElement {
  const page = usePage()
  const canCompare = usePageState((state) => comparedIn(state) !== undefined)
  if (build.kind === 'running' || isReading)
    return (
      <button type="button" onClick={() => void cancelBuild(page)}>
        Cancel
      </button>
    )
  return (
    <>
      {!build.subject.isSaved && (
        <button type="button" onClick={() => void buildBoth(page, false)}>
          Build again
        </button>
      )}
      {canCompare && (
        <button type="button" className="primary" onClick={() => showStep(page, 'compare')}>
          Compare
        </button>
      )}
    </>
  )
}

/** What the engine does beside the steps, or how much of the images is read. */
function BuildProgress({ build }: { readonly build: StartedBuild }): ReactElement | null {
  const comparison = usePageState(({ jobs }) => jobs.comparison)
  if (build.kind === 'running' && build.progress.message !== undefined) return <>{build.progress.message}</>
  if (comparison.kind !== 'running' || !comparison.progress) return null
  const { readBytes, expectedBytes } = comparison.progress
  return <>{`${formatBytes(readBytes)} of about ${formatBytes(expectedBytes)}`}</>
}

/** The stages' sizes come by themselves where that is quick; elsewhere the user may ask. */
function StageMeasuring({ build }: { readonly build: StartedBuild }): ReactElement | null {
  const page = usePage()
  const state = useJob((jobs) => jobs.stages, { buildId: build.id })
  if (state.kind === 'idle' || build.kind === 'running' || build.subject.isSaved) return null
  if (state.kind === 'running')
    return (
      <>
        {messageOf(state) ?? 'Measuring the stages …'}{' '}
        <button type="button" className="quiet" onClick={() => void page.jobs.stages.cancel()}>
          Stop
        </button>
      </>
    )
  if (state.kind === 'done' && state.value !== null) return null
  const hint =
    state.kind === 'failed'
      ? 'It did not work before.'
      : 'Builds each stage once more from the cache, and reads its size.'
  return (
    <button type="button" className="quiet" title={hint} onClick={() => void measureStages(page, build.id, true)}>
      Measure the stages
    </button>
  )
}

function headline(build: StartedBuild, isReading: boolean): string {
  if (build.kind === 'running') return 'Building both variants'
  if (build.kind === 'cancelled') return 'Cancelled: nothing was kept'
  if (isReading) return 'Reading both images'
  if (build.kind === 'failed') return 'The build failed'
  const failed = [build.value.before, build.value.after].filter((variant) => !variant.ok)
  if (failed.length > 0) return failed.length === 1 ? `The ${failed[0]!.role} variant failed` : 'The build failed'
  return build.subject.isSaved ? 'How both variants were built' : 'Both variants are built'
}
