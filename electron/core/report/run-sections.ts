import { formatBytes, formatElapsed } from '../format'
import { type RunComparison, type RunOutcome, runVerdict } from '../run/run'
import type { Section } from './section'

/** What came of running both. */
export function runSections({ before, after, differences, diff }: RunComparison): readonly Section[] {
  const row = (label: string, of: (run: RunOutcome) => string): string[] => [label, of(before), of(after)]
  const ms = (value: number | undefined): string => (value === undefined ? '-' : formatElapsed(value))
  return [
    `Run: ${runVerdict(before, after)}`,
    [
      ['', 'before', 'after'],
      row('ended', ({ end, exitCode }) => (end === 'exited' ? `exit code ${exitCode}` : end)),
      row('first output', ({ firstOutputMs }) => ms(firstOutputMs)),
      row('all', ({ durationMs }) => ms(durationMs)),
      row('memory, at least', ({ peakMemoryBytes }) =>
        peakMemoryBytes === undefined ? '-' : formatBytes(peakMemoryBytes),
      ),
      ...(before.ports?.length || after.ports?.length
        ? [row('listens on', ({ ports }) => (ports === undefined ? '-' : ports.join(', ') || 'nothing'))]
        : []),
      ...(before.answer || after.answer
        ? [row('HTTP', ({ answer }) => (answer ? String(answer.status) : 'no answer'))]
        : []),
    ],
    ...(differences.length === 0 ? [] : [{ code: diff.slice(0, 40).join('\n') }]),
  ]
}
