import { redactReport } from '../../electron/core/compare/redact-comparison'
import { printableJson } from '../../electron/core/printable'
import type { CompareReport } from '../../electron/core/report/compare-report'
import { markdownReport } from '../../electron/core/report/markdown'
import type { Page, PageState } from '../shared/page'
import { comparedIn, subjectOf, wholeReport } from '../shared/selectors'

// What is shown, as a file to keep or to share.

/** How a file is made that others may see. */
export interface Sharing {
  /** Values that look like secrets stay in it. */
  readonly includesSecrets: boolean
}

/** A form in which a comparison can be saved. */
export interface ExportFormat {
  readonly id: string
  readonly label: string
  /** What it is good for. */
  readonly note: string
  readonly isOffered: (state: PageState) => boolean
  readonly save: (page: Page, sharing: Sharing) => Promise<void>
}

const isComparing = (state: PageState): boolean => comparedIn(state) !== undefined

/** All forms, the one to share first. */
export const exportFormats: readonly ExportFormat[] = [
  {
    id: 'save-report',
    label: 'Save a report (.html)',
    note: 'Opens in any browser, without Cutaway or the images: map, stages and findings.',
    isOffered: (state) => isComparing(state) && state.workspace.app?.host !== 'report',
    save: (page, sharing) =>
      saveFromHost(page, sharing, 'comparison.report', { extension: '.cutaway.html', type: 'text/html' }),
  },
  {
    id: 'save-comparison',
    label: 'Save the comparison (.cutaway)',
    note: 'The same for Cutaway. Files by name, size and layer; none of their content.',
    isOffered: isComparing,
    save: (page, sharing) => saveFromHost(page, sharing, 'comparison.save', { extension: '.cutaway', type: '' }),
  },
  {
    id: 'save-summary',
    label: 'Save a summary (.md)',
    note: 'Markdown tables for a pull request.',
    isOffered: (state) => comparedIn(state)?.view.isSingle === false,
    save: (page, sharing) => saveReport(page, sharing, { extension: '.md', type: 'text/markdown' }, markdownReport),
  },
  {
    id: 'save-data',
    label: 'Save the data (.json)',
    note: 'All figures, as the command line prints them with --json.',
    isOffered: isComparing,
    save: (page, sharing) =>
      saveReport(
        page,
        sharing,
        { extension: '.json', type: 'application/json' },
        (report) => `${printableJson(JSON.stringify(report, undefined, 2))}\n`,
      ),
  },
]

/** Values that look like secrets in what is shown; none where they cannot be looked for. */
export async function secretsIn(page: Page): Promise<readonly string[]> {
  const compared = comparedIn(page.state.get())
  if (!compared) return []
  const reply = await page.api.request('comparison.secrets', { comparisonId: compared.view.comparisonId })
  return reply.ok ? reply.value : []
}

interface FileType {
  readonly extension: string
  readonly type: string
}

/** Saves what the host makes of the comparison; where it cannot, the view says why. */
async function saveFromHost(
  page: Page,
  { includesSecrets }: Sharing,
  request: 'comparison.report' | 'comparison.save',
  file: FileType,
): Promise<void> {
  const compared = comparedIn(page.state.get())
  if (!compared) return
  const reply = await page.api.request(request, { comparisonId: compared.view.comparisonId, includesSecrets })
  page.workspace.change({ saveFailure: reply.ok ? undefined : reply.failure })
  if (reply.ok) saveAs(page, file, reply.value as Uint8Array<ArrayBuffer>)
}

/** Saves what the page itself makes of the report. */
async function saveReport(
  page: Page,
  { includesSecrets }: Sharing,
  file: FileType,
  write: (report: CompareReport) => string,
): Promise<void> {
  const report = wholeReport(page.state.get())
  if (!report) return
  // A report page has no more than what was let into it.
  const isWhole = includesSecrets || page.state.get().workspace.app?.host === 'report'
  saveAs(page, file, write(isWhole ? report : redactReport(report, await secretsIn(page))))
}

/** The file is named after what is compared. */
function saveAs({ browser, state }: Page, { extension, type }: FileType, content: BlobPart): void {
  const view = comparedIn(state.get())?.view
  const name = view ? subjectOf(view).replace(/[^\w.-]+/g, '-') : 'comparison'
  browser.saveAs(`${name}${extension}`, new Blob([content], { type }))
}
