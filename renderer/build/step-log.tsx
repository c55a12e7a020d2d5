import { type ReactElement, useEffect, useRef } from 'react'
import type { StepProgress } from '../../electron/core/build/build-snapshot'
import { formatElapsed } from '../../electron/core/format'
import type { VariantRole } from '../../electron/core/variants/variant'
import type { StartedBuild } from '../shared/jobs'
import { shownStep, snapshotOf } from '../shared/selectors'
import { useFields } from '../shared/store'
import { usePage, usePageState } from '../shared/use-page'
import { roleMark } from './build-lane'
import { pointAtStep, selectStep } from './building'
import { stateSymbol } from './stage-state'
import { useElapsed } from './use-elapsed'

/** All steps, and the log of one of them: of that under the pointer, else the chosen one, else the one worth seeing. */
export function StepLog({ build }: { readonly build: StartedBuild }): ReactElement {
  const page = usePage()
  const { log, selectedStep } = useFields(page.workspace, 'log', 'selectedStep')
  const shown = usePageState(shownStep)
  const box = useRef<HTMLPreElement>(null)
  const lineCount = log.length
  useEffect(() => {
    if (box.current && lineCount > 0) box.current.scrollTop = box.current.scrollHeight
  }, [lineCount])
  const stepsOf = (role: VariantRole): readonly StepProgress[] => snapshotOf(build, role).steps
  return (
    <section className="panel step-log" aria-label="Steps and log">
      <div className="step-lists" onPointerLeave={() => pointAtStep(page, undefined)}>
        {(['before', 'after'] as const).map((role) => (
          <ol key={role} aria-label={`${roleMark[role]} steps`}>
            {stepsOf(role).map((step, at) => (
              <StepRow
                key={`${step.stageIndex} ${step.number}`}
                step={step}
                isCurrent={shown?.role === role && shown.at === at}
                isSelected={selectedStep?.role === role && selectedStep.at === at}
                onPoint={() => pointAtStep(page, { role, at })}
                onSelect={(isSelected) => selectStep(page, isSelected ? { role, at } : undefined)}
              />
            ))}
          </ol>
        ))}
      </div>
      <pre className="log" ref={box} data-testid="step-log">
        {log.length === 0 ? emptyLog(build, shown && stepsOf(shown.role)[shown.at]) : log.map(withoutColors).join('\n')}
      </pre>
    </section>
  )
}

function emptyLog({ subject: { isSaved } }: StartedBuild, step: StepProgress | undefined): string {
  if (step?.state === 'cached') return 'Cached: this step did not run again.'
  if (isSaved) return 'A saved comparison has no logs.'
  return step === undefined ? '' : 'This step has written nothing.'
}

const withoutColors = (line: string): string => line.replace(/\u001b\[[0-9;]*[A-Za-z]/g, '').replace(/.*\r(?!$)/, '')

interface StepRowProps {
  readonly step: StepProgress
  /** Its log is shown. */
  readonly isCurrent: boolean
  readonly isSelected: boolean
  readonly onPoint: () => void
  readonly onSelect: (isSelected: boolean) => void
}

function StepRow({ step, isCurrent, isSelected, onPoint, onSelect }: StepRowProps): ReactElement {
  const elapsed = useElapsed(step.elapsedMs, step.state === 'running' ? step.startedMs : undefined)
  return (
    <li>
      <button
        type="button"
        className={isCurrent ? 'step-row current' : 'step-row'}
        aria-pressed={isSelected}
        onPointerEnter={onPoint}
        onClick={() => onSelect(!isSelected)}
      >
        <span className={`state-symbol state-${step.state}`} title={step.state}>
          {stateSymbol[step.state]}
        </span>
        <span className="step-text">{step.text}</span>
        <span className="muted">
          {step.state === 'cached' ? 'cached' : elapsed > 0 ? formatElapsed(elapsed) : step.state}
        </span>
      </button>
    </li>
  )
}
