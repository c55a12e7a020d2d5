import { describeFailure } from '../describe-failure'
import { formatBytes, formatCount, formatElapsed } from '../format'
import type { Rung } from '../ladder/ladder'
import { table } from './table'

/** Several variants for a terminal: a line each, and below it why one was not built. */
export function textLadder(rungs: readonly Rung[]): string {
  const head = ['', 'unpacked', 'entries', 'programs', 'packages', 'build', 'cached', 'problems']
  const rows = rungs.map(({ id, outcome }) => {
    if (!outcome.ok) return [id, 'failed', '', '', '', '', '', '']
    const { unpackedBytes, entries, surface, buildMs, steps, cachedSteps, problems } = outcome
    return [
      id,
      formatBytes(unpackedBytes),
      formatCount(entries),
      formatCount(surface.executables),
      formatCount(surface.packages),
      formatElapsed(buildMs),
      `${cachedSteps}/${steps}`,
      formatCount(problems),
    ]
  })
  const failures = rungs.flatMap(({ id, outcome }) => {
    if (outcome.ok) return []
    const { title, advice } = describeFailure(outcome.failure)
    return [`${id}: ${title} ${advice}`]
  })
  return `${[table([head, ...rows]), ...failures].join('\n')}\n`
}
