import { type ReactElement, useEffect, useMemo, useRef, useState } from 'react'
import type { BuildSnapshot, StepProgress } from '../../electron/core/build/build-progress'
import { formatBytes, formatElapsed } from '../../electron/core/format'
import { graphSvg } from '../../electron/core/report/graph-svg'
import type { VariantRole } from '../../electron/core/variants/variant'
import type { VariantView } from '../../electron/ipc/contract'
import { FailureNote, StandInNote } from '../components/failure-note'
import { StageGraphView } from '../components/stage-graph'
import { stateSymbol } from '../components/stage-state'
import { saveAs } from '../save-as'
import { buildBoth, selectStep, shownStep, showStep } from '../state/actions'
import { cancelBuild } from '../state/comparing'
import { useStore } from '../state/store'
import { type BuildState, workspace } from '../state/workspace'

export function BuildView(): ReactElement | null {
  const { project, build, comparison } = useStore(workspace, (state) => state)
  if (!project?.variants || !build) return null
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
        </span>
        <span className="space" />
        {build.isRunning || isReading ? (
          <button type="button" onClick={() => void cancelBuild()}>
            Cancel
          </button>
        ) : (
          <>
            <button type="button" onClick={() => void buildBoth(false)}>
              Build again
            </button>
            {comparison?.tree && (
              <button type="button" className="primary" onClick={() => showStep('compare')}>
                Compare
              </button>
            )}
          </>
        )}
      </div>
      {build.failure && <FailureNote failure={build.failure} />}
      {comparison?.failure && <FailureNote failure={comparison.failure} />}
      <StandInNote standIns={build.result?.standIns ?? []} />
      <Lane variant={project.variants.before} build={build} />
      <Lane variant={project.variants.after} build={build} />
      <StepLog variants={project.variants} />
    </div>
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
  return 'Both variants are built'
}

const mark: Record<VariantRole, string> = { before: 'Before', after: 'After' }

function Lane({ variant, build }: { variant: VariantView; build: BuildState }): ReactElement {
  const { role, graph } = variant
  const snapshot: BuildSnapshot | undefined = build.snapshots[role]
  const steps = snapshot?.steps ?? variant.steps
  const finished = steps.filter((step) => step.state === 'done' || step.state === 'cached').length
  const result = build.result?.[role]
  const layerBytes = useLayerBytes(build.jobId, role)
  const choose = (stage: number): void => {
    const at = steps.findLastIndex((step) => step.stageIndex === stage && step.state !== 'queued')
    if (at >= 0) selectStep({ role, at })
  }
  return (
    <section className="panel lane" aria-label={`${mark[role]}: ${variant.name}`}>
      <h3>
        <span className={`role role-${role}`}>{mark[role]}</span> {variant.name}
        <span className="muted">{variant.file}</span>
        <progress max={steps.length} value={finished} aria-label={`${mark[role]} progress`} />
        <span className="muted" data-testid={`${role}-progress`}>
          {finished} of {steps.length} steps
          {result?.ok && ` · built in ${formatElapsed(result.buildMs)}`}
          {snapshot?.activity && build.isRunning && ` · ${snapshot.activity}`}
        </span>
        <SaveGraph variant={variant} />
      </h3>
      {result?.ok === false && <FailureNote failure={result.failure} />}
      <StageGraphView
        graph={graph}
        steps={steps}
        isStarted
        imageBytes={result?.ok ? result.engineBytes : undefined}
        layerBytes={layerBytes}
        onSelectStage={choose}
      />
    </section>
  )
}

function SaveGraph({ variant: { role, file, graph } }: { variant: VariantView }): ReactElement {
  const save = (): void =>
    saveAs(`stages-${role}.svg`, new Blob([graphSvg([{ title: file, graph }])], { type: 'image/svg+xml' }))
  return (
    <button type="button" className="quiet" aria-label={`Save graph of ${role}`} onClick={save}>
      Save graph
    </button>
  )
}

/** Bytes of the layer that a line of the Dockerfile made, when the images of this build are read. */
function useLayerBytes(buildId: string, role: VariantRole): ReadonlyMap<number, number> | undefined {
  const comparison = useStore(workspace, (state) => state.comparison)
  const view = comparison?.buildId === buildId ? comparison.view : undefined
  return useMemo(() => {
    const origins = view?.layerOrigins?.[role]
    if (!view || !origins) return undefined
    const bytes = new Map<number, number>()
    for (const [at, origin] of origins.entries())
      if (origin) bytes.set(origin.line, view.facts[role].layers[at]!.unpackedBytes)
    return bytes
  }, [view, role])
}

function StepLog({ variants }: { variants: { before: VariantView; after: VariantView } }): ReactElement {
  const { build, log, selectedStep } = useStore(workspace, (state) => state)
  const shown = shownStep()
  const box = useRef<HTMLPreElement>(null)
  const lineCount = log.length
  useEffect(() => {
    if (box.current && lineCount > 0) box.current.scrollTop = box.current.scrollHeight
  }, [lineCount])
  const stepsOf = (role: VariantRole): readonly StepProgress[] => build?.snapshots[role]?.steps ?? variants[role].steps
  return (
    <section className="panel step-log" aria-label="Steps and log">
      <div className="step-lists">
        {(['before', 'after'] as const).map((role) => (
          <ol key={role} aria-label={`${mark[role]} steps`}>
            {stepsOf(role).map((step, at) => (
              <StepRow
                key={`${step.stageIndex} ${step.number}`}
                step={step}
                isCurrent={shown?.role === role && shown.at === at}
                onSelect={() =>
                  selectStep(selectedStep?.role === role && selectedStep.at === at ? undefined : { role, at })
                }
              />
            ))}
          </ol>
        ))}
      </div>
      <pre className="log" ref={box} data-testid="step-log">
        {log.length === 0 ? emptyLog(shown && stepsOf(shown.role)[shown.at]) : log.map(withoutColours).join('\n')}
      </pre>
    </section>
  )
}

function emptyLog(step: StepProgress | undefined): string {
  if (step?.state === 'cached') return 'Cached: this step did not run again.'
  return step === undefined ? '' : 'This step has written nothing.'
}

const withoutColours = (line: string): string => line.replace(/\u001b\[[0-9;]*[A-Za-z]/g, '').replace(/.*\r(?!$)/, '')

interface StepRowProps {
  readonly step: StepProgress
  readonly isCurrent: boolean
  readonly onSelect: () => void
}

function StepRow({ step, isCurrent, onSelect }: StepRowProps): ReactElement {
  const elapsed = useElapsed(step)
  return (
    <li>
      <button
        type="button"
        className={isCurrent ? 'step-row current' : 'step-row'}
        aria-pressed={isCurrent}
        onClick={onSelect}
      >
        <span className={`state-symbol state-${step.state}`} title={step.state}>
          {stateSymbol[step.state]}
        </span>
        <span className="step-text">{step.text}</span>
        <span className="muted">
          {step.state === 'cached' ? 'cached' : elapsed > 0 ? formatElapsed(elapsed) : step.state}
        </span>
      </button>
    </li>
  )
}

/** Ticks while the step runs. */
function useElapsed(step: StepProgress): number {
  const [now, setNow] = useState(Date.now())
  const isRunning = step.state === 'running'
  useEffect(() => {
    if (!isRunning) return
    const timer = setInterval(() => setNow(Date.now()), 200)
    return () => clearInterval(timer)
  }, [isRunning])
  return step.elapsedMs + (isRunning && step.startedMs !== undefined ? Math.max(0, now - step.startedMs) : 0)
}
