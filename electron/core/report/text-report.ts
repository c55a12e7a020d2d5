import type { CompareReport } from './compare-report'
import { reportSections } from './report-sections'
import type { Section } from './section'
import { table } from './table'
import { detailedVerdict, verdict } from './verdict'

/** The report for a terminal; what it comes to is said last, where it is seen first. */
export function textReport(report: CompareReport): string {
  const outcome = [verdict(report), detailedVerdict(report)].filter((sentence) => sentence !== undefined)
  return `${[...reportSections(report).map(printed), outcome.join('\n')].join('\n\n')}\n`
}

function printed(section: Section): string {
  if (typeof section === 'string') return section
  return 'code' in section ? section.code : table(section)
}
