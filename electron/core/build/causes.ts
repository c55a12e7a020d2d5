import type { BuildCause, FailedStep } from './cause'
import { captured, causeRules } from './cause-rules'

/** The known cause of a failure, or undefined; nothing is guessed that the words do not say. */
export function findCause(step: FailedStep): BuildCause | undefined {
  const text = [...step.log, step.message].join('\n')
  for (const { id, says, holds, what, fix } of causeRules) {
    const match = says?.exec(text) ?? undefined
    if (says !== undefined && match === undefined) continue
    if (holds !== undefined && !holds(step, match)) continue
    const name = captured(match) || 'something'
    const fill = (sentence: string): string => sentence.replaceAll('$1', name)
    return { id, what: fill(what), fix: fill(fix) }
  }
  return undefined
}
