import type { ReactElement } from 'react'
import { countFinished } from '../../electron/core/build/build-snapshot'
import { formatElapsed } from '../../electron/core/format'
import { graphSvg } from '../../electron/core/report/graph-svg'
import type { VariantRole } from '../../electron/core/variants/variant'
import type { VariantView } from '../../electron/ipc/views'
import { inspectImage } from '../compare/comparing'
import { findInMap } from '../compare/explorer'
import { useBuildSizes, useFoundLine, useLineLayers } from '../compare/use-build-facts'
import { CopyButton } from '../shared/copy-button'
import { FailureNote } from '../shared/failure-note'
import type { StartedBuild } from '../shared/jobs'
import { showStep } from '../shared/navigation'
import { snapshotOf } from '../shared/selectors'
import { usePage } from '../shared/use-page'
import { type LayerRange, layerQuery } from '../treemap/layer-query'
import { failureText, selectStep } from './building'
import { StageGraphView } from './stage-graph'

const other = { before: 'after', after: 'before' } as const

export const roleMark: Record<VariantRole, string> = { before: 'Before', after: 'After' }

/** One variant while it is built, and after: how far it is, and its stages. */
export function BuildLane({ variant, build }: { variant: VariantView; build: StartedBuild }): ReactElement {
  const page = usePage()
  const { role, graph, instructions } = variant
  const { steps } = snapshotOf(build, role)
  const result = build.kind === 'done' ? build.value[role] : undefined
  const { lineBytes, nodeBytes } = useBuildSizes(role)
  const lineLayers = useLineLayers(role)
  const foundLine = useFoundLine(lineLayers)
  const choose = (stage: number): void => {
    const at = steps.findLastIndex((step) => step.stageIndex === stage && step.state !== 'queued')
    if (at >= 0) selectStep(page, { role, at })
  }
  const find = (range: LayerRange): void => findInMap(page, layerQuery(range))
  return (
    <section className="panel lane" aria-label={`${roleMark[role]}: ${variant.name}`}>
      <LaneHead variant={variant} build={build} />
      {result?.ok === false && (
        <FailureNote failure={result.failure}>
          <button type="button" onClick={() => showStep(page, 'variants')}>
            Open the editor
          </button>
          <CopyButton label="Copy error and log" text={() => failureText(page, role)} />
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

function LaneHead({ variant, build }: { variant: VariantView; build: StartedBuild }): ReactElement {
  const page = usePage()
  const { role } = variant
  const { steps, activity } = snapshotOf(build, role)
  const finished = countFinished(steps)
  const results = build.kind === 'done' ? build.value : undefined
  const result = results?.[role]
  return (
    <h3>
      <span className={`role role-${role}`}>{roleMark[role]}</span> {variant.name}
      <span className="muted">{variant.file}</span>
      <progress max={steps.length} value={finished} aria-label={`${roleMark[role]} progress`} />
      <span className="muted" data-testid={`${role}-progress`}>
        {finished} of {steps.length} steps
        {result?.ok && ` · built in ${formatElapsed(result.buildMs)}`}
        {activity && build.kind === 'running' && ` · ${activity}`}
      </span>
      {result?.ok && results?.[other[role]].ok === false && (
        <button type="button" onClick={() => void inspectImage(page, result.reference)}>
          Look into this image alone
        </button>
      )}
      <SaveGraph variant={variant} />
    </h3>
  )
}

function SaveGraph({ variant: { role, file, graph } }: { variant: VariantView }): ReactElement {
  const { browser } = usePage()
  const { lineBytes, nodeBytes } = useBuildSizes(role)
  const save = (): void => {
    const drawing = graphSvg([{ title: file, graph, lineBytes, nodeBytes }])
    browser.saveAs(`stages-${role}.svg`, new Blob([drawing], { type: 'image/svg+xml' }))
  }
  return (
    <button type="button" className="quiet" aria-label={`Save graph of ${role}`} onClick={save}>
      Save graph
    </button>
  )
}
