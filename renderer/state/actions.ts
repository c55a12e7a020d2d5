import { describeFailure } from '../../electron/core/describe-failure'
import type { VariantRole } from '../../electron/core/variants/variant'
import type { HostEvent, JobProgress } from '../../electron/ipc/contract'
import { api } from '../api'
import { choiceOf, dropPendingEdits, keepChoices, settleEdits } from './choices'
import { cancelBuild, changeComparison, openImages } from './comparing'
import { ladderJob } from './ladder'
import { matrixJob, runJob, stagesJob } from './measurements'
import { newId } from './new-id'
import { compareAndMeasure, showBuild } from './showing-builds'
import { type BuildState, type StepName, type StepSelection, workspace } from './workspace'

/** Asks the host what it is, follows its events, and opens the folder that was named at start. */
export async function startWorkspace(): Promise<void> {
  api.onEvent(onHostEvent)
  const reply = await api.request('app.state', {})
  if (!reply.ok) return workspace.change({ sourceFailure: reply.failure })
  workspace.change({ app: reply.value, engine: reply.value.engine, recent: reply.value.recent })
  if (reply.value.host === 'report') return openImages('', undefined)
  watchEngine()
  if (reply.value.initialPath !== undefined) await openPath(reply.value.initialPath)
}

export function showStep(step: StepName): void {
  workspace.change({ step })
}

let engineQuestion = 0

export async function refreshEngine(): Promise<void> {
  const question = ++engineQuestion
  const reply = await api.request('engine.status', {})
  if (reply.ok && question === engineQuestion) workspace.change({ engine: reply.value })
}

const watchMs = 5000

/** An engine that is started, or ended, is noticed without a press. */
function watchEngine(): void {
  let isAsking = false
  setInterval(async () => {
    if (isAsking || document.visibilityState !== 'visible') return
    isAsking = true // an engine far away may take its time
    await refreshEngine()
    isAsking = false
  }, watchMs)
}

/** Undefined: the first that answers. */
export async function chooseEngine(address: string | undefined): Promise<void> {
  engineQuestion++ // what was asked before is about another engine
  const reply = await api.request('engine.choose', address === undefined ? {} : { address })
  workspace.change(reply.ok ? { engine: reply.value, engineProblem: undefined } : { engineProblem: reply.failure })
}

export async function openProject(path: string): Promise<void> {
  if (workspace.get().build?.isRunning) await cancelBuild()
  await Promise.all([ladderJob.cancel(), stagesJob.cancel()])
  workspace.change({ isOpening: true, sourceFailure: undefined, droppedName: undefined })
  const reply = await api.request('project.open', { path })
  if (!reply.ok) return workspace.change({ isOpening: false, sourceFailure: reply.failure, step: 'source' })
  const before = workspace.get().project
  dropPendingEdits()
  workspace.change({
    isOpening: false,
    isPicking: false,
    project: reply.value,
    build: undefined,
    comparison: undefined,
    selectedStep: undefined,
    step: 'variants',
  })
  await keepChoices(before)
  await refreshRecent()
}

async function refreshRecent(): Promise<void> {
  const reply = await api.request('recent.state', {})
  if (reply.ok) workspace.change({ recent: reply.value })
}

/** Takes a project from the list of recent ones; the project itself stays. */
export async function forgetRecent(path: string): Promise<void> {
  const reply = await api.request('recent.forget', { path })
  workspace.change(reply.ok ? { recent: reply.value } : { sourceFailure: reply.failure })
}

/** Asks for a folder: with the host's own dialog, or in the page where the host has none. */
export async function openFolderDialog(): Promise<void> {
  if (workspace.get().app?.host !== 'electron') return workspace.change({ step: 'source', isPicking: true })
  const reply = await api.request('folder.choose', {})
  if (reply.ok && reply.value !== undefined) await openProject(reply.value)
}

export async function dropFile(file: File): Promise<void> {
  const path = api.pathOf(file)
  if (path === '') workspace.change({ droppedName: file.name, sourceFailure: undefined })
  else await openPath(path)
}

/** A saved image or comparison by its name, else a project: its folder, or a file in it. */
export async function openPath(path: string): Promise<void> {
  if (/\.(tar|tar\.gz|tgz|tar\.zst|cutaway|html)$/i.test(path)) await openImages(path, undefined)
  else await openProject(path)
}

/** Asks for a saved image or comparison, as openFolderDialog does for a folder. */
export async function openFileDialog(): Promise<void> {
  if (workspace.get().app?.host !== 'electron') return workspace.change({ step: 'source', isPicking: true })
  const reply = await api.request('file.choose', {})
  if (reply.ok && reply.value !== undefined) await openImages(reply.value, undefined)
}

export async function buildBoth(noCache: boolean): Promise<void> {
  await settleEdits()
  const { project } = workspace.get()
  if (project === undefined) return
  const jobId = newId()
  const { before, after } = project.variants
  const queued = (steps: typeof before.steps) => ({ steps, activity: undefined, imageId: undefined })
  const build: BuildState = {
    jobId,
    variants: project.variants,
    isRunning: true,
    isCancelled: false,
    message: undefined,
    snapshots: { before: queued(before.steps), after: queued(after.steps) },
    result: undefined,
    failure: undefined,
    isSaved: false,
  }
  showBuild(build)
  const reply = await api.request('variant.build', {
    jobId,
    path: project.folder,
    before: choiceOf(before),
    after: choiceOf(after),
    noCache,
  })
  if (workspace.get().build?.jobId !== jobId) return
  if (!reply.ok) {
    const isCancelled = reply.failure.code === 'cancelled'
    changeBuild({ isRunning: false, isCancelled, failure: isCancelled ? undefined : reply.failure })
    void refreshEngine()
    return
  }
  const result = reply.value
  const snapshots = { before: result.before.snapshot, after: result.after.snapshot }
  changeBuild({ isRunning: false, message: undefined, result, snapshots })
  void refreshLog()
  if (!result.before.ok || !result.after.ok) return
  await compareAndMeasure(jobId)
}

export function selectStep(selectedStep: StepSelection | undefined): void {
  workspace.change({ selectedStep, log: [] })
  void refreshLog()
}

/** Shows the log of the step under the pointer for as long as it is there. */
export function pointAtStep(pointedStep: StepSelection | undefined): void {
  const { pointedStep: last } = workspace.get()
  if (last?.role === pointedStep?.role && last?.at === pointedStep?.at) return
  workspace.change({ pointedStep, log: [] })
  void refreshLog()
}

/** The step whose log is worth seeing: the one under the pointer, else the chosen one, else one that failed, else one that runs, else the last that ran. */
export function shownStep(): StepSelection | undefined {
  const { pointedStep, selectedStep, build } = workspace.get()
  const asked = pointedStep ?? selectedStep
  if (asked || !build) return asked
  const found = (states: readonly string[]): StepSelection | undefined => {
    for (const role of ['before', 'after'] as const) {
      const at = build.snapshots[role]?.steps.findLastIndex((step) => states.includes(step.state)) ?? -1
      if (at >= 0) return { role, at }
    }
    return undefined
  }
  return found(['failed']) ?? found(['running']) ?? found(['done', 'cached'])
}

function changeBuild(fields: Partial<BuildState>): void {
  const { build } = workspace.get()
  if (build) workspace.change({ build: { ...build, ...fields } })
}

function onHostEvent(event: HostEvent): void {
  runJob.onEvent(event)
  matrixJob.onEvent(event)
  stagesJob.onEvent(event)
  ladderJob.onEvent(event)
  if (event.kind === 'open') void openPath(event.path)
  else if (event.jobId === workspace.get().build?.jobId) onBuildProgress(event.progress)
  else if (event.jobId === workspace.get().comparison?.jobId && event.progress.kind === 'read')
    changeComparison({ progress: event.progress })
}

function onBuildProgress(progress: JobProgress): void {
  const { build } = workspace.get()
  if (!build?.isRunning) return
  if (progress.kind === 'message') changeBuild({ message: progress.text })
  else if (progress.kind === 'build') {
    changeBuild({ message: undefined, snapshots: { ...build.snapshots, [progress.role]: progress.snapshot } })
    void refreshLog()
  }
}

/** What a step that failed wrote, and why it failed, for whoever is asked for help. */
export async function failureText(role: VariantRole): Promise<string> {
  const { build } = workspace.get()
  const result = build?.result?.[role]
  if (!build || result?.ok !== false) return ''
  const { title, advice } = describeFailure(result.failure)
  const step = result.snapshot.steps.findIndex(({ state }) => state === 'failed')
  const reply = step < 0 ? undefined : await api.request('build.log', { jobId: build.jobId, role, step })
  return [title, advice, '', ...(reply?.ok ? reply.value : [])].join('\n')
}

let isLogAsked = false

/** One question at a time: progress comes faster than a log is worth reading. */
async function refreshLog(): Promise<void> {
  const step = shownStep()
  const { build } = workspace.get()
  if (isLogAsked || step === undefined || build === undefined || build.isSaved) return
  isLogAsked = true
  const reply = await api.request('build.log', { jobId: build.jobId, role: step.role as VariantRole, step: step.at })
  isLogAsked = false
  const now = shownStep()
  const isStillShown = now?.role === step.role && now.at === step.at
  if (reply.ok && isStillShown) workspace.change({ log: reply.value })
  else if (!isStillShown) void refreshLog()
}
