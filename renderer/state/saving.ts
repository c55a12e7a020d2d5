import { redactReport } from '../../electron/core/compare/redact-comparison'
import { withBytes } from '../../electron/core/findings/savings/measured'
import { printableJson } from '../../electron/core/printable'
import type { CompareReport } from '../../electron/core/report/compare-report'
import { markdownReport } from '../../electron/core/report/markdown'
import type { ComparisonView } from '../../electron/ipc/views'
import { api } from '../api'
import { saveAs } from '../save-as'
import { changeComparison } from './comparing'
import type { Job } from './job'
import { matrixJob, runJob, scanJob } from './measurements'
import { type ComparedState, reportOf, subjectOf, type Workspace, workspace } from './workspace'

// What is shown, as a file to keep or to share.

/** How a file is made that others may see. */
export interface Sharing {
  /** Values that look like secrets stay in it. */
  readonly includesSecrets: boolean
}

/** Values that look like secrets in what is shown; none where they cannot be looked for. */
export async function secretsIn({ view }: ComparedState): Promise<readonly string[]> {
  const reply = await api.request('comparison.secrets', { comparisonId: view.comparisonId })
  return reply.ok ? reply.value : []
}

/** Opens in Cutaway, without the images. */
export async function saveComparison({ view }: ComparedState, { includesSecrets }: Sharing): Promise<void> {
  const reply = await api.request('comparison.save', { comparisonId: view.comparisonId, includesSecrets })
  if (!reply.ok) return changeComparison({ failure: reply.failure })
  saveAs(`${nameOf(view)}.cutaway`, new Blob([reply.value as Uint8Array<ArrayBuffer>]))
}

/** Opens in any browser, without Cutaway. */
export async function saveReport({ view }: ComparedState, { includesSecrets }: Sharing): Promise<void> {
  const reply = await api.request('comparison.report', { comparisonId: view.comparisonId, includesSecrets })
  if (!reply.ok) return changeComparison({ failure: reply.failure })
  saveAs(`${nameOf(view)}.cutaway.html`, new Blob([reply.value as Uint8Array<ArrayBuffer>], { type: 'text/html' }))
}

/** The JSON of `cutaway compare`. */
export async function saveData(compared: ComparedState, sharing: Sharing): Promise<void> {
  const data = printableJson(JSON.stringify(await sharedReport(compared, sharing), undefined, 2))
  saveAs(`${nameOf(compared.view)}.json`, new Blob([`${data}\n`], { type: 'application/json' }))
}

/** For a pull request. */
export async function saveSummary(compared: ComparedState, sharing: Sharing): Promise<void> {
  const text = markdownReport(await sharedReport(compared, sharing))
  saveAs(`${nameOf(compared.view)}.md`, new Blob([text], { type: 'text/markdown' }))
}

/** A report page has no more than what was let into it. */
async function sharedReport(compared: ComparedState, { includesSecrets }: Sharing): Promise<CompareReport> {
  const report = wholeReport(compared)
  if (includesSecrets || workspace.get().app?.host === 'report') return report
  return redactReport(report, await secretsIn(compared))
}

export interface Saving {
  readonly label: string
  /** What it is good for. */
  readonly note: string
  readonly isOffered: (state: Workspace) => boolean
  readonly save: (compared: ComparedState, sharing: Sharing) => Promise<void>
}

const always = (): boolean => true

/** All forms, the one to share first. */
export const savings: readonly Saving[] = [
  {
    label: 'Save a report (.html)',
    note: 'Opens in any browser, without Cutaway or the images: map, stages and findings.',
    isOffered: ({ app }) => app?.host !== 'report',
    save: saveReport,
  },
  {
    label: 'Save the comparison (.cutaway)',
    note: 'The same for Cutaway. Files by name, size and layer; none of their content.',
    isOffered: always,
    save: saveComparison,
  },
  {
    label: 'Save a summary (.md)',
    note: 'Markdown tables for a pull request.',
    isOffered: ({ comparison }) => comparison?.view?.isSingle === false,
    save: saveSummary,
  },
  {
    label: 'Save the data (.json)',
    note: 'All figures, as the command line prints them with --json.',
    isOffered: always,
    save: saveData,
  },
]

const nameOf = (view: ComparisonView): string => subjectOf(view).replace(/[^\w.-]+/g, '-')

/** All that is known of the comparison, with what was measured afterwards. */
function wholeReport(compared: ComparedState): CompareReport {
  const { view, buildId, examination } = compared
  const { build } = workspace.get()
  const built = build?.jobId === buildId ? build.variants : undefined
  const report = reportOf(compared)
  const variants = report.variants.map((variant) => ({
    ...variant,
    findings: built && examination ? withBytes(built[variant.role].findings, examination.savings[variant.role]) : null,
  }))
  const measured = <T>({ store }: Job<T>): T | null => {
    const { comparisonId, result } = store.get()
    return comparisonId === view.comparisonId ? (result ?? null) : null
  }
  return { ...report, variants, run: measured(runJob), matrix: measured(matrixJob), vulnerabilities: measured(scanJob) }
}
