import type { ReactElement } from 'react'
import { resultOf } from '../shared/job'
import { useJob } from '../shared/job-status'
import { analysisIn, comparedIn } from '../shared/selectors'
import { usePage, usePageState } from '../shared/use-page'
import { BuiltFindings } from './built-findings'
import { analyze } from './comparing'

/** That the images' files are looked into, with a way to stop it; then what would keep the images from running. */
export function AnalysisStatus(): ReactElement | null {
  const page = usePage()
  const view = usePageState((state) => comparedIn(state)?.view)
  const analysis = usePageState(analysisIn)
  const run = resultOf(useJob((jobs) => jobs.run, { comparisonId: view?.comparisonId ?? '' }))
  if (!view || analysis.kind === 'failed') return null
  const { origin, isSingle } = view
  if (analysis.kind === 'done') {
    if (origin === 'archive') return null
    return <BuiltFindings problems={analysis.value.findings.problems} isSingle={isSingle} run={run} />
  }
  if (origin === 'saved')
    return analysis.kind === 'running' ? null : (
      <p className="muted">The files were not looked into before this was saved.</p>
    )
  const isStopped = analysis.kind === 'cancelled'
  return (
    <p className="muted" role="status">
      {isStopped ? 'The files were not looked into: stopped.' : 'Looking into the files of the images …'}{' '}
      <button
        type="button"
        className="quiet"
        onClick={() => void (isStopped ? analyze(page) : page.jobs.analysis.cancel())}
      >
        {isStopped ? 'Look into them' : 'Stop'}
      </button>
    </p>
  )
}
