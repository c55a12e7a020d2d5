import type { ReactElement } from 'react'
import { verdict } from '../../electron/core/report/verdict'
import { BuiltFindings } from '../components/built-findings'
import { StandInNote } from '../components/failure-note'
import { GivenUpList } from '../components/given-up-list'
import { LedgerList } from '../components/ledger-list'
import { MatrixPanel } from '../components/matrix-panel'
import { PackageList } from '../components/package-list'
import { ResidueList } from '../components/residue-list'
import { RunPanel } from '../components/run-panel'
import { SurfaceList } from '../components/surface-list'
import { showStep } from '../state/actions'
import { useStore } from '../state/store'
import { reportOf, workspace } from '../state/workspace'

/** What it means: the verdict, whether the images run, where the bytes went, and what the Dockerfiles could do without. */
export function FindingsView(): ReactElement | null {
  const { comparison, project } = useStore(workspace, (state) => state)
  if (!comparison?.view || !project) return null
  const { examination } = comparison
  const { facts } = comparison.view
  const report = reportOf({ ...comparison, view: comparison.view })
  const suggestions = (['before', 'after'] as const).map((role) => ({
    role,
    count: project.variants[role].findings.length,
  }))
  return (
    <div className="findings-view">
      <h2 className="verdict">{verdict(report)}</h2>
      <StandInNote standIns={report.standIns} />
      <BuiltFindings problems={examination?.problems} />
      <RunPanel comparisonId={comparison.view.comparisonId} />
      <MatrixPanel comparisonId={comparison.view.comparisonId} buildId={comparison.buildId} />
      {examination && (
        <>
          <LedgerList lines={examination.ledger} totalBytes={facts.before.unpackedBytes} />
          <GivenUpList items={examination.givenUp} />
          <SurfaceList lines={examination.surface} />
          <ResidueList residue={examination.residue} />
          <PackageList lines={examination.packages} />
        </>
      )}
      <section className="panel variant" aria-label="Dockerfiles">
        <h3>What the Dockerfiles could do without</h3>
        <ul>
          {suggestions.map(({ role, count }) => (
            <li key={role}>
              {role === 'before' ? 'Before' : 'After'}: {count === 0 ? 'nothing found' : `${count} found`}
            </li>
          ))}
        </ul>
        <div className="variant-tools">
          <button type="button" onClick={() => showStep('variants')}>
            Show them with their fixes
          </button>
        </div>
      </section>
    </div>
  )
}
