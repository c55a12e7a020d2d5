import { ledgerLabels } from '../compare/ledger-classes'
import { formatBytes, formatCount, formatElapsed, formatShare } from '../format'
import { type RunComparison, type RunOutcome, runVerdict } from '../run/run'
import type { CompareReport, ReportedVariant } from './compare-report'
import { verdict } from './verdict'

/** The report for a terminal. */
export function textReport(report: CompareReport): string {
  const [before, after] = report.variants as [ReportedVariant, ReportedVariant]
  const row = (label: string, of: (variant: ReportedVariant) => string): string[] => [label, of(before), of(after)]
  const { kept, removed, added, changed } = report.comparison
  const sections = [
    table([
      ['', 'before', 'after'],
      row('variant', (variant) => variant.name),
      row('Dockerfile', (variant) => variant.dockerfile),
      row('unpacked', (variant) => formatBytes(variant.unpackedBytes)),
      row('visible', (variant) => formatBytes(variant.visibleBytes)),
      ...(before.transferBytes === null && after.transferBytes === null
        ? []
        : [row('to transfer', ({ transferBytes }) => (transferBytes === null ? '?' : formatBytes(transferBytes)))]),
      row('wasted', (variant) => formatBytes(variant.wastedBytes)),
      row('entries', (variant) => formatCount(variant.entries)),
      row('layers', (variant) => formatCount(variant.layers.length)),
      row('build', (variant) => formatElapsed(variant.buildSeconds * 1000)),
      row('steps (cached)', (variant) => `${variant.steps} (${variant.cachedSteps})`),
      row('image', (variant) => variant.reference),
    ]),
    table([
      ['', 'bytes', 'entries'],
      ['kept', formatBytes(kept.bytes), formatCount(kept.entries)],
      ['removed', formatBytes(removed.bytes), formatCount(removed.entries)],
      ['added', formatBytes(added.bytes), formatCount(added.entries)],
      [
        'changed',
        `${formatBytes(changed.beforeBytes)} to ${formatBytes(changed.afterBytes)}`,
        formatCount(changed.entries),
      ],
    ]),
    ledgerTable(report),
    ...(report.standIns.length === 0 ? [] : [standInNote(report.standIns)]),
    verdict(report),
    ...(report.run === null ? [] : [runText(report.run)]),
    ...[before, after].flatMap(problemLines),
  ]
  return `${sections.join('\n\n')}\n`
}

/** Where the bytes of the image before go, most first. */
function ledgerTable({ comparison, variants }: CompareReport): string {
  const total = variants[0]!.unpackedBytes
  const lines = [...(comparison.ledger ?? [])].sort((a, b) => b.bytes - a.bytes)
  return table([
    ['bytes of the image before', '', 'share'],
    ...lines.map((line) => [ledgerLabels[line.class].label, formatBytes(line.bytes), formatShare(line.bytes, total)]),
  ])
}

/** What keeps an image from running, one paragraph each. */
function problemLines({ role, dockerfile, problems }: ReportedVariant): string[] {
  return (problems ?? []).map(({ severity, rule, line, what, why, fix }) => {
    const place = line === null ? dockerfile : `${dockerfile}:${line}`
    return `${role}: ${place} ${severity} ${rule}: ${what}\n  when run: ${why}\n  instead:  ${fix}`
  })
}

/** What came of running both. */
function runText({ before, after, differences, diff }: RunComparison): string {
  const row = (label: string, of: (run: RunOutcome) => string): string[] => [label, of(before), of(after)]
  const ms = (value: number | undefined): string => (value === undefined ? '-' : formatElapsed(value))
  return [
    `Run: ${runVerdict(before, after)}`,
    table([
      ['', 'before', 'after'],
      row('ended', ({ end, exitCode }) => (end === 'exited' ? `exit code ${exitCode}` : end)),
      row('first output', ({ firstOutputMs }) => ms(firstOutputMs)),
      row('all', ({ durationMs }) => ms(durationMs)),
      row('memory, at least', ({ peakMemoryBytes }) =>
        peakMemoryBytes === undefined ? '-' : formatBytes(peakMemoryBytes),
      ),
      row('listens on', ({ ports }) => (ports === undefined ? '-' : ports.join(', ') || 'nothing')),
      ...(before.answer || after.answer
        ? [row('HTTP', ({ answer }) => (answer ? String(answer.status) : 'no answer'))]
        : []),
    ]),
    ...(differences.length === 0 ? [] : diff.slice(0, 40)),
  ].join('\n')
}

export function standInNote(standIns: readonly string[]): string {
  return `Stand-ins: no registry answered, so ${standIns.join(', ')} ${standIns.length === 1 ? 'was' : 'were'} made from Debian packages. The real images differ in size.`
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  const line = (row: readonly string[]): string =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join('  ')
  return rows.map((row) => `  ${line(row)}`.trimEnd()).join('\n')
}
