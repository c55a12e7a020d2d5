import { unpackClasses } from '../../electron/core/compare/meaning'
import { unpackUnionTree } from '../../electron/core/compare/pack-columns'
import type { Reply } from '../../electron/ipc/contract'
import type { ComparisonView, ExaminationView } from '../../electron/ipc/views'
import type { Analysis, Compared, ComparisonSource } from '../shared/jobs'
import type { Page } from '../shared/page'
import { resetExplorer } from './explorer'

/** Compares the images of a finished build. */
export const compareBuild = (page: Page, buildId: string): Promise<void> => compare(page, { kind: 'build', buildId })

/** Opens an existing image, or compares two: names in the engine, or paths of archives. The project is closed, and its build ended. */
export async function openImages(page: Page, before: string, after: string | undefined): Promise<void> {
  if (page.jobs.build.slot.get().kind === 'running') await cancelBuild(page)
  page.jobs.build.reset()
  page.workspace.change({
    opening: { kind: 'idle' },
    picking: page.workspace.get().picking && { droppedName: undefined },
    project: undefined,
  })
  await compare(page, { kind: 'images', before, after })
}

/** Opens the image of a build whose other variant failed; project and build stay as they are. */
export const inspectImage = (page: Page, reference: string): Promise<void> =>
  compare(page, { kind: 'images', before: reference, after: undefined })

/** Ends the build that runs, and the reading of its images. */
export async function cancelBuild({ jobs }: Page): Promise<void> {
  await jobs.build.cancel()
  await jobs.comparison.cancel()
}

async function compare(page: Page, source: ComparisonSource): Promise<void> {
  page.workspace.change({ saveFailure: undefined })
  const ended = await page.jobs.comparison.start(
    source,
    (id) => readImages(page, source, id),
    ({ view }) => resetExplorer(page, view.isSingle),
  )
  if (ended?.kind !== 'done') return
  page.workspace.change({ step: 'compare' })
  const { view } = ended.value
  if (view.saved) await adoptSaved(page, view, view.saved)
  else await analyze(page)
}

/** Opens the comparison at the host, then fetches its tree. */
async function readImages({ api }: Page, source: ComparisonSource, jobId: string): Promise<Reply<Compared>> {
  const opened = await (source.kind === 'build'
    ? api.request('comparison.open', { jobId, buildId: source.buildId })
    : api.request('image.open', withoutUndefined(jobId, source.before, source.after)))
  if (!opened.ok) return opened
  const view = opened.value
  const { comparisonId } = view
  const columns = await api.request('comparison.tree', { comparisonId })
  if (!columns.ok) return columns
  const ofSaved = view.saved?.build ? comparisonId : undefined
  const buildId = source.kind === 'build' ? source.buildId : ofSaved
  return { ok: true, value: { view, tree: unpackUnionTree(columns.value), buildId } }
}

const withoutUndefined = (jobId: string, before: string, after: string | undefined) =>
  after === undefined ? { jobId, before } : { jobId, before, after }

/** Looks into the images' files; the map is shown meanwhile. */
export async function analyze({ api, jobs }: Page): Promise<void> {
  const comparison = jobs.comparison.slot.get()
  if (comparison.kind !== 'done') return
  const { comparisonId } = comparison.value.view
  const { subject } = comparison
  await jobs.analysis.start({ comparisonId }, async (jobId) => {
    const reply = await (subject.kind === 'build'
      ? api.request('comparison.examine', { jobId, buildId: subject.buildId })
      : api.request('image.examine', { jobId, comparisonId }))
    return reply.ok ? withClasses(api, comparisonId, reply.value) : reply
  })
}

/** Adds what is known of each entry of the tree. */
async function withClasses(
  api: Page['api'],
  comparisonId: string,
  findings: ExaminationView,
): Promise<Reply<Analysis>> {
  const columns = await api.request('comparison.classes', { comparisonId })
  if (!columns.ok) return columns
  const packageNames = findings.packages.map(({ name }) => name)
  return { ok: true, value: { findings, classes: { ...unpackClasses(columns.value), packageNames } } }
}

/** What was measured before a comparison was saved, and the build of its images, take the place of those of a project. */
async function adoptSaved(
  { api, jobs, workspace }: Page,
  { comparisonId, report }: ComparisonView,
  { build, examination }: NonNullable<ComparisonView['saved']>,
): Promise<void> {
  if (report.run) jobs.run.adopt({ comparisonId }, report.run)
  if (report.matrix) jobs.buildTimes.adopt({ comparisonId }, report.matrix)
  if (report.vulnerabilities) jobs.scan.adopt({ comparisonId }, report.vulnerabilities)
  if (build) {
    jobs.stages.adopt({ buildId: comparisonId }, build.stages)
    jobs.build.adopt({ variants: build.variants, isSaved: true }, build.result, comparisonId)
    workspace.change({ selectedStep: undefined, log: [] })
  }
  if (examination) await jobs.analysis.start({ comparisonId }, () => withClasses(api, comparisonId, examination))
}

/** Remembers the sizes that are shown, so that the next comparison can say what an edit did. */
export function rememberSizes({ jobs, workspace }: Page): void {
  const comparison = jobs.comparison.slot.get()
  if (comparison.kind !== 'done') return
  const { project, variants } = comparison.value.view.report
  const bytes = (role: 'before' | 'after'): number => variants.find((each) => each.role === role)!.unpackedBytes
  workspace.change({ lastSizes: { folder: project, before: bytes('before'), after: bytes('after') } })
}
