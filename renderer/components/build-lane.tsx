import type { ReactElement } from 'react'
import { countFinished } from '../../electron/core/build/build-snapshot'
import { formatElapsed } from '../../electron/core/format'
import { graphSvg } from '../../electron/core/report/graph-svg'
import type { VariantRole } from '../../electron/core/variants/variant'
import type { VariantView } from '../../electron/ipc/views'
import { type LayerRange, layerQuery } from '../layout/layer-query'
import { saveAs } from '../save-as'
import { failureText, selectStep, showStep } from '../state/actions'
import { inspectImage } from '../state/comparing'
import { search } from '../state/explorer'
import type { BuildState } from '../state/workspace'
import { CopyButton } from './copy-button'
import { FailureNote } from './failure-note'
import { StageGraphView } from './stage-graph'
import { useBuildSizes, useFoundLine, useLineLayers } from './use-build-facts'

const other = { before: 'after', after: 'before' } as const

export const roleMark: Record<VariantRole, string> = { before: 'Before', after: 'After' }

/** One variant while it is built, and after: how far it is, and its stages. */
export function BuildLane({ variant, build }: { variant: VariantView; build: BuildState }): ReactElement {
  const { role, graph, instructions } = variant
  const steps = build.snapshots[role]?.steps ?? variant.steps
  const result = build.result?.[role]
  const { lineBytes, nodeBytes } = useBuildSizes(role)
  const lineLayers = useLineLayers(role)
  const foundLine = useFoundLine(lineLayers)
  const choose = (stage: number): void => {
    const at = steps.findLastIndex((step) => step.stageIndex === stage && step.state !== 'queued')
    if (at >= 0) selectStep({ role, at })
  }
  const find = (range: LayerRange): void => {
    showStep('compare')
    search(layerQuery(range))
  }
  return (
    <section className="panel lane" aria-label={`${roleMark[role]}: ${variant.name}`}>
      <LaneHead variant={variant} build={build} />
      {result?.ok === false && (
        <FailureNote failure={result.failure}>
          <button type="button" onClick={() => showStep('variants')}>
            Open the editor
          </button>
          <CopyButton label="Copy error and log" text={() => failureText(role)} />
        </FailureNote>
      )}
      <StageGraphView
        {...{ graph, steps, instructions, lineBytes, nodeBytes, lineLayers, foundLine }}
        isStarted
        imageBytes={result?.ok ? result.engineBytes : undefined}
        onSelectStage={choose}
        onFind={find}
      />
    </section>
  )
}

function LaneHead({ variant, build }: { variant: VariantView; build: BuildState }): ReactElement {
  const { role } = variant
  const snapshot = build.snapshots[role]
  const steps = snapshot?.steps ?? variant.steps
  const finished = countFinished(steps)
  const result = build.result?.[role]
  return (
    <h3>
      <span className={`role role-${role}`}>{roleMark[role]}</span> {variant.name}
      <span className="muted">{variant.file}</span>
      <progress max={steps.length} value={finished} aria-label={`${roleMark[role]} progress`} />
      <span className="muted" data-testid={`${role}-progress`}>
        {finished} of {steps.length} steps
        {result?.ok && ` · built in ${formatElapsed(result.buildMs)}`}
        {snapshot?.activity && build.isRunning && ` · ${snapshot.activity}`}
      </span>
      {result?.ok && build.result?.[other[role]].ok === false && (
        <button type="button" onClick={() => void inspectImage(result.reference)}>
          Look into this image alone
        </button>
      )}
      <SaveGraph variant={variant} />
    </h3>
  )
}

function SaveGraph({ variant: { role, file, graph } }: { variant: VariantView }): ReactElement {
  const { lineBytes, nodeBytes } = useBuildSizes(role)
  const save = (): void => {
    const drawing = graphSvg([{ title: file, graph, lineBytes, nodeBytes }])
    saveAs(`stages-${role}.svg`, new Blob([drawing], { type: 'image/svg+xml' }))
  }
  return (
    <button type="button" className="quiet" aria-label={`Save graph of ${role}`} onClick={save}>
      Save graph
    </button>
  )
}
