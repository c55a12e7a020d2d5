import { ledgerLabels } from '../compare/ledger-classes'
import { formatBytes, formatCount, formatElapsed, formatShare } from '../format'
import { noScanner, type ScanComparison, severities, type VulnerabilityCounts } from '../packages/vulnerabilities'
import type { SurfaceLine } from '../surface/compare-surface'
import type { GivenUp } from '../surface/give-up'
import { surfaceLabels } from '../surface/surface'
import type { CompareReport, ReportedVariant } from './compare-report'
import { matrixText } from './matrix-text'
import { runText } from './run-text'
import { table } from './table'
import { detailedVerdict, verdict } from './verdict'

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
    ...(report.comparison.surface === null ? [] : [surfaceTable(report.comparison.surface)]),
    ...(report.standIns.length === 0 ? [] : [standInNote(report.standIns)]),
    [verdict(report), detailedVerdict(report)].filter((sentence) => sentence !== undefined).join('\n'),
    ...(report.run === null ? [] : [runText(report.run)]),
    ...(report.vulnerabilities === null ? [] : [scanText(report.vulnerabilities)]),
    ...(report.matrix === null ? [] : matrixText(report.matrix)),
    ...[before, after].flatMap(problemLines),
    ...(report.comparison.givenUp ?? []).map(givenUpText),
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

/** What an attacker could use, where there is any of it. */
function surfaceTable(lines: readonly SurfaceLine[]): string {
  const found = lines.filter(({ before, after }) => before + after > 0)
  return table([
    ['attack surface', 'before', 'after'],
    ...found.map(({ category, before, after }) => [surfaceLabels[category], formatCount(before), formatCount(after)]),
  ])
}

function scanText(scan: ScanComparison): string {
  if (scan.scanner === null) return noScanner
  const row = (label: string, { counts }: VulnerabilityCounts): string[] => [
    label,
    ...severities.map((severity) => formatCount(counts[severity])),
  ]
  return table([
    [`vulnerabilities (${scan.scanner})`, ...severities],
    row('before', scan.before),
    row('after', scan.after),
  ])
}

const givenUpText = ({ missing, usedBy, instead, command }: GivenUp): string =>
  [
    `Given up: ${missing}, used by ${usedBy}`,
    `  instead:  ${instead}`,
    ...(command === '' ? [] : [`  ${command}`]),
  ].join('\n')

/** What keeps an image from running, one paragraph each. */
function problemLines({ role, dockerfile, problems }: ReportedVariant): string[] {
  return (problems ?? []).map(({ severity, rule, line, what, why, fix }) => {
    const place = line === null ? dockerfile : `${dockerfile}:${line}`
    return `${role}: ${place} ${severity} ${rule}: ${what}\n  when run: ${why}\n  instead:  ${fix}`
  })
}

export function standInNote(standIns: readonly string[]): string {
  return `Stand-ins: no registry answered, so ${standIns.join(', ')} ${standIns.length === 1 ? 'was' : 'were'} made from Debian packages. The real images differ in size.`
}
