import type { ReactElement } from 'react'
import { examineAgain, stopExamining } from '../state/comparing'
import { useStore } from '../state/store'
import { workspace } from '../state/workspace'
import { BuiltFindings } from './built-findings'

/** That the images' files are looked into, with a way to stop it; then what would keep the images from running. */
export function ExaminationStatus(): ReactElement | null {
  const comparison = useStore(workspace, (state) => state.comparison)
  if (!comparison?.view || comparison.failure) return null
  const { view, examination, isExaminationStopped } = comparison
  if (examination)
    return view.origin === 'archive' ? null : <BuiltFindings problems={examination.problems} isSingle={view.isSingle} />
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
