import type { ReactElement } from 'react'
import { showStep } from '../shared/navigation'
import { isBuilding, isReachable } from '../shared/selectors'
import { usePage, usePageState } from '../shared/use-page'
import type { StepName } from '../shared/workspace'
import { stepLabel } from './commands'

/** The steps that the page has. */
export function Rail({ shown }: { readonly shown: readonly StepName[] }): ReactElement {
  return (
    <nav className="rail" aria-label="Steps">
      <ol>
        {shown.map((step, index) => (
          <RailStep key={step} step={step} number={index + 1} />
        ))}
      </ol>
    </nav>
  )
}

function RailStep({ step, number }: { readonly step: StepName; readonly number: number }): ReactElement {
  const page = usePage()
  const isCurrent = usePageState((state) => state.workspace.step === step)
  const canOpen = usePageState((state) => isReachable(state, step))
  const isBusy = usePageState((state) => step === 'build' && isBuilding(state))
  return (
    <li>
      <button
        type="button"
        className={isCurrent ? 'rail-step current' : 'rail-step'}
        aria-current={isCurrent ? 'step' : undefined}
        disabled={!canOpen}
        onClick={() => showStep(page, step)}
      >
        <span className="rail-number">{number}</span>
        {stepLabel[step]}
        {isBusy && <span className="spinner" aria-hidden="true" />}
      </button>
    </li>
  )
}
