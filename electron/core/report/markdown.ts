import { printable, printableLine } from '../printable'
import type { CompareReport } from './compare-report'
import { reportSections } from './report-sections'
import type { Rows, Section } from './section'
import { detailedVerdict, verdict } from './verdict'

/** The report for a pull request: the verdict is its heading. */
export function markdownReport(report: CompareReport): string {
  const details = detailedVerdict(report)
  const sections = [...(details === undefined ? [] : [details]), ...reportSections(report)]
  return `${[`## ${escaped(verdict(report))}`, ...sections.map(written)].join('\n\n')}\n`
}

function written(section: Section): string {
  if (typeof section === 'string') return section.split('\n').map(escaped).join('  \n')
  return 'code' in section
    ? `${fence(section.code)}text\n${printable(section.code)}\n${fence(section.code)}`
    : markdownTable(section)
}

/** The first column to the left, the others to the right. */
function markdownTable([head, ...rows]: Rows): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(escaped).join(' | ')} |`
  const rule = head!.map((_, column) => (column === 0 ? '---' : '---:'))
  return [line(head!), `| ${rule.join(' | ')} |`, ...rows.map(line)].join('\n')
}

/** Longer than any fence in the text. */
const fence = (code: string): string =>
  '`'.repeat(Math.max(3, ...(code.match(/`+/g) ?? []).map((run) => run.length + 1)))

/**
 * Text that stays text: no markup, no HTML or entity, no link from an address, no item or heading from how a line begins. The comment
 * keeps forges from making mentions and references of `@name` and `#1`; it is not seen.
 */
const escaped = (text: string): string =>
  printableLine(text.trim())
    .replace(/[\\`*_[\]<>|#~&]/g, '\\$&')
    .replace(/:(?=\/\/)|(?<=\bwww)\.|(?<=\w)@(?=\w)/gi, '\\$&')
    .replace(/@(?=\w)|#(?=\d)/g, '$&<!-- -->')
    .replace(/^(\d*)(?=[-+.)](\s|$)|[-=]{2})/, '$1\\')
