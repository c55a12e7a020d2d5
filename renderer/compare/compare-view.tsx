import type { ReactElement } from 'react'
import type { ImageFacts } from '../../electron/core/compare/facts'
import { formatBytes, formatQuantity } from '../../electron/core/format'
import { verdict } from '../../electron/core/report/verdict'
import { FailureNote, StandInNote } from '../shared/failure-note'
import { comparedIn, comparisonFailure, reportIn, treeIn } from '../shared/selectors'
import { usePageState } from '../shared/use-page'
import { AnalysisStatus } from './analysis-status'
import { EntryLine } from './entry-line'
import { ExplorerBar } from './explorer-bar'
import { ExplorerFoot } from './explorer-foot'
import { ExplorerPanel } from './explorer-panel'
import { LayerPanel } from './layer-panel'
import { SaveMenu } from './save-menu'
import { SizeCards } from './size-cards'

export function CompareView(): ReactElement | null {
  const compared = usePageState(comparedIn)
  const tree = usePageState(treeIn)
  const report = usePageState(reportIn)
  const failure = usePageState(comparisonFailure)
  const saveFailure = usePageState((state) => state.workspace.saveFailure)
  if (!compared || !tree || !report) return null
  const { facts, isSingle } = compared.view
  const createdBy = (side: 'before' | 'after', layer: number): string =>
    facts[side].layers[layer]?.createdBy || 'base image'
  return (
    <div className="compare">
      <div className="compare-head">
        <div className="view-head">
          <p className="verdict" data-testid="verdict">
            {isSingle ? singleVerdict(facts.before) : verdict(report)}
          </p>
          <SaveMenu />
        </div>
        <StandInNote standIns={report.standIns} />
        {failure && <FailureNote failure={failure} />}
        {saveFailure && <FailureNote failure={saveFailure} />}
        <AnalysisStatus />
        <SizeCards variants={isSingle ? report.variants.slice(0, 1) : report.variants} />
      </div>
      <div className="explorer">
        <ExplorerBar tree={tree} isSingle={isSingle} />
        <ExplorerPanel
          tree={tree}
          createdBy={createdBy}
          titles={{ before: title(isSingle ? 'Image' : 'Before', facts.before), after: title('After', facts.after) }}
        />
        <EntryLine before={facts.before} after={isSingle ? undefined : facts.after} />
        <ExplorerFoot tree={tree} facts={facts} />
      </div>
      <LayerPanel before={facts.before} after={isSingle ? undefined : facts.after} />
    </div>
  )
}

const singleVerdict = (image: ImageFacts): string =>
  `${formatBytes(image.unpackedBytes)} unpacked, ${formatQuantity(image.entries, 'entry', 'entries')} in ${formatQuantity(image.layers.length, 'layer')}.`

const title = (name: string, image: ImageFacts): string =>
  `${name}: ${formatBytes(image.visibleBytes)} visible, ${formatQuantity(image.entries, 'entry', 'entries')}`
