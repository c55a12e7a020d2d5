import type { ReactElement } from 'react'
import { formatBytes } from '../../electron/core/format'
import type { CompareReport } from '../../electron/core/report/compare-report'
import { detailedVerdict, verdict } from '../../electron/core/report/verdict'
import { AnalysisStatus } from '../compare/analysis-status'
import { SaveMenu } from '../compare/save-menu'
import { FailureNote, StandInNote } from '../shared/failure-note'
import { buildIn, comparedIn, comparisonFailure, findingsIn, reportIn } from '../shared/selectors'
import { usePageState } from '../shared/use-page'
import type { LastSizes } from '../shared/workspace'
import { BuildTimesPanel } from './build-times-panel'
import { LedgerList } from './ledger-list'
import { LostCapabilities } from './lost-capabilities'
import { NextSteps } from './next-steps'
import { PackageList } from './package-list'
import { RecoverableFiles } from './recoverable-files'
import { RunPanel } from './run-panel'
import { SizeCharts } from './size-charts'
import { SurfaceList } from './surface-list'

/** What it means: the verdict, whether the images run, where the bytes went, and what the Dockerfiles could do without. */
export function FindingsView(): ReactElement | null {
  const compared = usePageState(comparedIn)
  const report = usePageState(reportIn)
  const findings = usePageState(findingsIn)
  const project = usePageState((state) => state.workspace.project)
  const built = usePageState((state) => buildIn(state)?.subject.variants)
  const failure = usePageState((state) => state.workspace.saveFailure ?? comparisonFailure(state))
  if (!compared || !report) return null
  const { tree, buildId } = compared
  const { facts, origin, comparisonId } = compared.view
  const canRun = origin === 'build' || origin === 'engine'
  const canBuild = origin === 'build'
  const variants = project?.variants ?? built
  return (
    <div className="findings-view">
      <div className="view-head">
        <h2 className="verdict">{verdict(report)}</h2>
        <SaveMenu />
      </div>
      <Details report={report} />
      <StandInNote standIns={report.standIns} />
      {failure && <FailureNote failure={failure} />}
      <SizeCharts tree={tree} facts={facts} report={report} />
      <AnalysisStatus />
      {(canRun || report.run) && <RunPanel comparisonId={comparisonId} canAsk={canRun} />}
      {(canBuild || report.matrix) && (
        <BuildTimesPanel comparisonId={comparisonId} buildId={canBuild ? buildId : undefined} />
      )}
      {findings && (
        <>
          <LedgerList lines={findings.ledger} totalBytes={facts.before.unpackedBytes} />
          <LostCapabilities items={findings.givenUp} />
          <SurfaceList lines={findings.surface} />
          <RecoverableFiles residue={findings.residue} canOpen={origin !== 'saved'} />
          <PackageList lines={findings.packages} comparisonId={comparisonId} canScan={origin !== 'saved'} />
        </>
      )}
      {findings && variants && (
        <NextSteps variants={variants} savings={findings.savings} canEdit={project !== undefined} />
      )}
    </div>
  )
}

/** Where the bytes went, and what the last edit did. */
function Details({ report }: { readonly report: CompareReport }): ReactElement {
  const lastSizes = usePageState((state) => state.workspace.lastSizes)
  const details = detailedVerdict(report)
  const change = lastSizes && changeSince(lastSizes, report)
  return (
    <div className="verdict-details">
      {details !== undefined && <p>{details}</p>}
      {change !== undefined && <p data-testid="since-last">{change}</p>}
    </div>
  )
}

function changeSince(last: LastSizes, { project, variants }: CompareReport): string | undefined {
  if (last.folder !== project) return undefined
  const parts = (['before', 'after'] as const).map((role) => {
    const bytes = variants.find((variant) => variant.role === role)!.unpackedBytes - last[role]
    const change =
      bytes === 0 ? 'as large as it was' : `${formatBytes(Math.abs(bytes))} ${bytes < 0 ? 'smaller' : 'larger'}`
    return { bytes, text: `the image ${role} is ${change}` }
  })
  if (parts.every(({ bytes }) => bytes === 0)) return 'Since the build before this one, neither image changed in size.'
  return `Since the build before this one, ${parts.map(({ text }) => text).join(', and ')}.`
}
