import type { ReactElement } from 'react'
import { showStep } from '../state/actions'
import { useStore } from '../state/store'
import { isReachable, type StepName, workspace } from '../state/workspace'

const label: Record<StepName, string> = {
  source: 'Source',
  variants: 'Variants',
  build: 'Build',
  compare: 'Compare',
  findings: 'Findings',
}

/** The steps that the page has. */
export function Rail({ shown }: { readonly shown: readonly StepName[] }): ReactElement {
  const state = useStore(workspace, (value) => value)
  return (
    <nav className="rail" aria-label="Steps">
      <ol>
        {shown.map((step, at) => (
          <li key={step}>
            <button
              type="button"
              className={step === state.step ? 'rail-step current' : 'rail-step'}
              aria-current={step === state.step ? 'step' : undefined}
              disabled={!isReachable(state, step)}
              onClick={() => showStep(step)}
            >
              <span className="rail-number">{at + 1}</span>
              {label[step]}
              {step === 'build' && state.build?.isRunning && <span className="spinner" aria-hidden="true" />}
            </button>
          </li>
        ))}
      </ol>
    </nav>
  )
}
