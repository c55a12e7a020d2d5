import { ledgerLabels } from '../compare/ledger-classes'
import { redactionNote } from '../compare/redact-comparison'
import { formatBytes, formatCount, formatElapsed, formatShare } from '../format'
import { noScanner, type ScanComparison, severities, type VulnerabilityCounts } from '../packages/vulnerabilities'
import type { SurfaceLine } from '../surface/compare-surface'
import type { GivenUp } from '../surface/give-up'
import { surfaceLabels } from '../surface/surface'
import type { CompareReport, ReportedVariant } from './compare-report'
import { matrixSections } from './matrix-sections'
import { runSections } from './run-sections'
import type { Rows, Section } from './section'

/** A comparison in words and tables, all but the verdict, for a terminal and for Markdown. */
export function reportSections(report: CompareReport): readonly Section[] {
  const [before, after] = report.variants as [ReportedVariant, ReportedVariant]
  const row = (label: string, of: (variant: ReportedVariant) => string): string[] => [label, of(before), of(after)]
  const { kept, removed, added, changed } = report.comparison
  return [
    [
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
    ],
    [
      ['', 'bytes', 'entries'],
      ['kept', formatBytes(kept.bytes), formatCount(kept.entries)],
      ['removed', formatBytes(removed.bytes), formatCount(removed.entries)],
      ['added', formatBytes(added.bytes), formatCount(added.entries)],
      [
        'changed',
        `${formatBytes(changed.beforeBytes)} to ${formatBytes(changed.afterBytes)}`,
        formatCount(changed.entries),
      ],
    ],
    ledgerTable(report),
    ...(report.comparison.surface === null ? [] : [surfaceTable(report.comparison.surface)]),
    ...(report.standIns.length === 0 ? [] : [standInNote(report.standIns)]),
    ...(report.run === null ? [] : runSections(report.run)),
    ...(report.vulnerabilities === null ? [] : [scanSection(report.vulnerabilities)]),
    ...(report.matrix === null ? [] : matrixSections(report.matrix)),
    ...[before, after].flatMap(problemLines),
    ...(report.comparison.givenUp ?? []).flatMap(givenUpSections),
    ...(report.redactedValues === undefined ? [] : [redactionNote(report.redactedValues)]),
  ]
}

/** Where the bytes of the image before go, most first. */
function ledgerTable({ comparison, variants }: CompareReport): Rows {
  const total = variants[0]!.unpackedBytes
  const lines = [...(comparison.ledger ?? [])].sort((a, b) => b.bytes - a.bytes)
  return [
    ['bytes of the image before', '', 'share'],
    ...lines.map((line) => [ledgerLabels[line.class].label, formatBytes(line.bytes), formatShare(line.bytes, total)]),
  ]
}

/** What an attacker could use, where there is any of it. */
function surfaceTable(lines: readonly SurfaceLine[]): Rows {
  const found = lines.filter(({ before, after }) => before + after > 0)
  return [
    ['attack surface', 'before', 'after'],
    ...found.map(({ category, before, after }) => [surfaceLabels[category], formatCount(before), formatCount(after)]),
  ]
}

function scanSection(scan: ScanComparison): Section {
  if (scan.scanner === null) return noScanner
  const row = (label: string, { counts }: VulnerabilityCounts): string[] => [
    label,
    ...severities.map((severity) => formatCount(counts[severity])),
  ]
  return [[`vulnerabilities (${scan.scanner})`, ...severities], row('before', scan.before), row('after', scan.after)]
}

const givenUpSections = ({ missing, usedBy, instead, command }: GivenUp): Section[] => [
  `Given up: ${missing}, used by ${usedBy}\n  instead:  ${instead}`,
  ...(command === '' ? [] : [{ code: command }]),
]

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
