import type { ReactElement } from 'react'
import type { ImageFacts } from '../../electron/core/compare/facts'
import { formatBytes, formatQuantity } from '../../electron/core/format'
import { verdict } from '../../electron/core/report/verdict'
import { EntryLine } from '../components/entry-line'
import { ExaminationStatus } from '../components/examination-status'
import { ExplorerBar } from '../components/explorer-bar'
import { ExplorerFoot } from '../components/explorer-foot'
import { ExplorerPanel } from '../components/explorer-panel'
import { FailureNote, StandInNote } from '../components/failure-note'
import { LayerPanel } from '../components/layer-panel'
import { SaveMenu } from '../components/save-menu'
import { SizeCards } from '../components/size-cards'
import { explorer } from '../state/explorer'
import { useStore } from '../state/store'
import { comparedState, reportOf, workspace } from '../state/workspace'

export function CompareView(): ReactElement | null {
  const comparison = useStore(workspace, (state) => state.comparison)
  const tree = useStore(explorer, (state) => state.tree)
  const compared = comparedState({ comparison })
  if (!compared?.tree || !tree) return null
  const { facts, isSingle } = compared.view
  const report = reportOf(compared)
  const createdBy = (side: 'before' | 'after', layer: number): string =>
    facts[side].layers[layer]?.createdBy || 'base image'
  return (
    <div className="compare">
      <div className="compare-head">
        <div className="view-head">
          <p className="verdict" data-testid="verdict">
            {isSingle ? singleVerdict(facts.before) : verdict(report)}
          </p>
          <SaveMenu compared={compared} />
        </div>
        <StandInNote standIns={report.standIns} />
        {compared.failure && <FailureNote failure={compared.failure} />}
        <ExaminationStatus />
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
