import type { ReactElement } from 'react'
import { examineAgain, stopExamining } from '../state/comparing'
import { runJob } from '../state/measurements'
import { useStore } from '../state/store'
import { workspace } from '../state/workspace'
import { BuiltFindings } from './built-findings'
import { useJob } from './job-status'

/** That the images' files are looked into, with a way to stop it; then what would keep the images from running. */
export function ExaminationStatus(): ReactElement | null {
  const comparison = useStore(workspace, (state) => state.comparison)
  const run = useJob(runJob, comparison?.view?.comparisonId ?? '')?.result
  if (!comparison?.view || comparison.failure) return null
  const { view, examination, isExaminationStopped } = comparison
  if (view.origin === 'saved' && !examination)
    return <p className="muted">The files were not looked into before this was saved.</p>
  if (examination)
    return view.origin === 'archive' ? null : (
      <BuiltFindings problems={examination.problems} isSingle={view.isSingle} run={run} />
    )
  return (
    <p className="muted" role="status">
      {isExaminationStopped ? 'The files were not looked into: stopped.' : 'Looking into the files of the images …'}{' '}
      <button
        type="button"
        className="quiet"
        onClick={() => void (isExaminationStopped ? examineAgain() : stopExamining())}
      >
        {isExaminationStopped ? 'Look into them' : 'Stop'}
      </button>
    </p>
  )
}
