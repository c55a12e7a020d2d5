import { describeFailure } from '../../electron/core/describe-failure'
import type { VariantRole } from '../../electron/core/variants/variant'
import type { BuildResult } from '../../electron/ipc/views'
import { cancelBuild, compareBuild, rememberSizes } from '../compare/comparing'
import { choiceFor, choiceOf, settleEdits } from '../shared/choices'
import { refreshEngine } from '../shared/engine'
import type { BuildSubject } from '../shared/jobs'
import { newId } from '../shared/new-id'
import type { Page } from '../shared/page'
import { benchmarkedIds, buildIn, shownStep } from '../shared/selectors'
import type { StepSelection } from '../shared/workspace'

/** Builds both variants, then compares their images. */
export async function buildBoth(page: Page, noCache: boolean): Promise<void> {
  await settleEdits(page)
  const { project } = page.workspace.get()
  if (project === undefined) return
  const { folder: path, variants } = project
  clearBuildView(page)
  const building = page.jobs.build.start({ variants, isSaved: false }, (jobId) => {
    const [before, after] = [choiceOf(variants.before), choiceOf(variants.after)]
    return page.api.request('variant.build', { jobId, path, before, after, noCache })
  })
  page.workspace.change({ step: 'build' })
  const build = await building
  if (build === undefined) return
  if (build.kind !== 'done') return void refreshEngine(page)
  showDerived(page, build.id, build.value)
  void refreshLog(page)
  if (build.value.before.ok && build.value.after.ok) await compareAndMeasure(page, build.id)
}

/** Variants that had no final stage before the build are shown as they were built. */
function showDerived({ jobs, state, workspace }: Page, id: string, result: BuildResult): void {
  const build = buildIn(state.get())
  if (result.derived.length === 0 || build?.id !== id) return
  const views = Object.fromEntries(result.derived.map((view) => [view.role, view]))
  jobs.build.adopt({ ...build.subject, variants: { ...build.subject.variants, ...views } }, result, id)
  const { project } = workspace.get()
  const isSame = result.derived.every(
    ({ role, id: variantId }) => project?.variants[role].id === variantId && !project.variants[role].isEdited,
  )
  if (project && isSame) workspace.change({ project: { ...project, variants: { ...project.variants, ...views } } })
}

/** Puts a build that was done elsewhere in the place of the one before it, and compares its images. */
async function showFinished(page: Page, id: string, subject: BuildSubject, result: BuildResult): Promise<void> {
  clearBuildView(page)
  page.jobs.build.adopt(subject, result, id)
  page.workspace.change({ step: 'build' })
  await compareAndMeasure(page, id)
}

/** Takes away whatever was about the build before. */
function clearBuildView(page: Page): void {
  rememberSizes(page)
  void page.jobs.stages.cancel()
  page.jobs.comparison.reset()
  page.workspace.change({ selectedStep: undefined, pointedStep: undefined, log: [] })
}

/** Compares the images of a build that is finished, then weighs its stages where that is quick. */
async function compareAndMeasure(page: Page, buildId: string): Promise<void> {
  await compareBuild(page, buildId)
  if (buildIn(page.state.get())?.id === buildId) await measureStages(page, buildId, false)
}

/** Weighs the stages of a build; `isAsked` where the user wants it even if that takes long. */
export async function measureStages({ api, jobs }: Page, buildId: string, isAsked: boolean): Promise<void> {
  await jobs.stages.start({ buildId }, (jobId) => api.request('build.stages', { jobId, buildId, isAsked }))
}

/** Ticks a variant to be built side by side with others, or takes the tick away. */
export function toggleBenchmarked({ state, workspace }: Page, id: string): void {
  const ids = new Set(benchmarkedIds(state.get()))
  if (!ids.delete(id)) ids.add(id)
  workspace.change({ benchmarkChoice: { folder: workspace.get().project?.folder ?? '', ids } })
}

/** Builds all variants that are ticked, one after another. */
export async function buildBenchmark(page: Page, noCache: boolean): Promise<void> {
  await settleEdits(page)
  const { project } = page.workspace.get()
  if (!project) return
  const { folder } = project
  const choices = benchmarkedIds(page.state.get()).map((id) => choiceFor(page, folder, id))
  await page.jobs.benchmark.start({ folder }, (jobId) =>
    page.api.request('ladder.build', { jobId, path: folder, choices, noCache }),
  )
}

/** Compares two of the variants that were built side by side; nothing is built again. */
export async function compareBenchmarked(page: Page, before: number, after: number): Promise<void> {
  const { workspace, jobs, api } = page
  const { project } = workspace.get()
  const benchmark = jobs.benchmark.slot.get()
  if (benchmark.kind !== 'done') return
  const buildId = newId()
  if (jobs.build.slot.get().kind === 'running') await cancelBuild(page)
  const reply = await api.request('ladder.pair', { ladderId: benchmark.id, buildId, before, after })
  if (!project || workspace.get().project?.folder !== project.folder) return
  if (!reply.ok) return workspace.change({ variantFailure: reply.failure })
  const { variants, result } = reply.value
  workspace.change({ project: { ...project, variants } })
  await showFinished(page, buildId, { variants, isSaved: false }, result)
}

export function selectStep(page: Page, selectedStep: StepSelection | undefined): void {
  page.workspace.change({ selectedStep, log: [] })
  void refreshLog(page)
}

/** Shows the log of the step under the pointer for as long as it is there. */
export function pointAtStep(page: Page, pointedStep: StepSelection | undefined): void {
  const { pointedStep: last } = page.workspace.get()
  if (last?.role === pointedStep?.role && last?.at === pointedStep?.at) return
  page.workspace.change({ pointedStep, log: [] })
  void refreshLog(page)
}

/** Asks for the log of the step that is shown, one question at a time. */
export async function refreshLog(page: Page): Promise<void> {
  let isOutdated = false
  await page.readLog(async () => {
    const step = shownStep(page.state.get())
    const build = buildIn(page.state.get())
    if (!step || !build || build.subject.isSaved) return
    const reply = await page.api.request('build.log', { jobId: build.id, role: step.role, step: step.at })
    const now = shownStep(page.state.get())
    isOutdated = now?.role !== step.role || now.at !== step.at
    if (reply.ok && !isOutdated) page.workspace.change({ log: reply.value })
  })
  if (isOutdated) await refreshLog(page)
}

/** What a step that failed wrote, and why it failed, for whoever is asked for help. */
export async function failureText({ api, state }: Page, role: VariantRole): Promise<string> {
  const build = buildIn(state.get())
  const result = build?.kind === 'done' ? build.value[role] : undefined
  if (!build || result?.ok !== false) return ''
  const { title, advice } = describeFailure(result.failure)
  const step = result.snapshot.steps.findIndex((each) => each.state === 'failed')
  const reply = step < 0 ? undefined : await api.request('build.log', { jobId: build.id, role, step })
  return [title, advice, '', ...(reply?.ok ? reply.value : [])].join('\n')
}
