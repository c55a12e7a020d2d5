import type { Failure } from '../../electron/core/failure'
import type { Reply } from '../../electron/ipc/contract'
import type { FolderListing } from '../../electron/ipc/views'
import { cancelBuild, openImages } from '../compare/comparing'
import { dropPendingEdits, keepChoices } from '../shared/choices'
import type { Page } from '../shared/page'

// How a project, an image or a saved comparison gets into the page.

const failed = (failure: Failure) => ({ opening: { kind: 'failed', failure } as const })

/** Opens a project folder, in place of the project before it. */
export async function openProject(page: Page, path: string): Promise<void> {
  const { api, workspace, jobs, questions } = page
  if (jobs.build.slot.get().kind === 'running') await cancelBuild(page)
  await Promise.all([jobs.benchmark.cancel(), jobs.stages.cancel()])
  workspace.change({ opening: { kind: 'opening' }, ...withoutDropped(page) })
  const reply = await questions.project.ask(api.request('project.open', { path }))
  if (reply === undefined) return
  if (!reply.ok) return workspace.change({ ...failed(reply.failure), step: 'source' })
  const { project: previous } = workspace.get()
  dropPendingEdits(page)
  jobs.build.reset()
  jobs.comparison.reset()
  workspace.change({
    opening: { kind: 'idle' },
    picking: undefined,
    project: reply.value,
    selectedStep: undefined,
    step: 'variants',
  })
  await keepChoices(page, previous)
  await refreshRecent(page)
}

/** A folder that was dropped is forgotten; a list of folders that the user asked for stays open. */
function withoutDropped({ workspace }: Page): { readonly picking: { readonly droppedName: undefined } | undefined } {
  const { picking } = workspace.get()
  return { picking: picking?.droppedName === undefined && picking ? { droppedName: undefined } : undefined }
}

async function refreshRecent({ api, workspace }: Page): Promise<void> {
  const reply = await api.request('recent.state', {})
  if (reply.ok) workspace.change({ recent: reply.value })
}

/** Takes a project from the list of recent ones; the project itself stays. */
export async function forgetRecent({ api, workspace }: Page, path: string): Promise<void> {
  const reply = await api.request('recent.forget', { path })
  workspace.change(reply.ok ? { recent: reply.value } : failed(reply.failure))
}

/** Asks for a folder: with the host's own dialog, or in the page where the host has none. */
export async function openFolderDialog(page: Page): Promise<void> {
  if (page.workspace.get().app?.host !== 'electron') return pickInPage(page)
  const reply = await page.api.request('folder.choose', {})
  if (reply.ok && reply.value !== undefined) await openProject(page, reply.value)
}

/** Asks for a saved image or comparison, as openFolderDialog does for a folder. */
export async function openFileDialog(page: Page): Promise<void> {
  if (page.workspace.get().app?.host !== 'electron') return pickInPage(page)
  const reply = await page.api.request('file.choose', {})
  if (reply.ok && reply.value !== undefined) await openImages(page, reply.value, undefined)
}

function pickInPage({ workspace }: Page): void {
  const { picking } = workspace.get()
  workspace.change({ step: 'source', picking: picking ?? { droppedName: undefined } })
}

/** Opens what was dropped on the page; where the browser keeps its path to itself, the user is asked for it. */
export async function dropFile(page: Page, file: { readonly name: string }): Promise<void> {
  const path = page.api.pathOf(file)
  if (path === '') page.workspace.change({ picking: { droppedName: file.name }, opening: { kind: 'idle' } })
  else await openPath(page, path)
}

/** Opens a saved image or comparison by its name, else a project: its folder, or a file in it. */
export async function openPath(page: Page, path: string): Promise<void> {
  if (/\.(tar|tar\.gz|tgz|tar\.zst|cutaway|html)$/i.test(path)) await openImages(page, path, undefined)
  else await openProject(page, path)
}

/** Opens the finished comparison that comes with Cutaway. */
export async function openSample(page: Page): Promise<void> {
  const sample = page.workspace.get().app?.sample
  if (sample !== undefined) await openPath(page, sample)
}

export const closePicker = ({ workspace }: Page): void => workspace.change({ picking: undefined })

/** What is in a folder of the machine that Cutaway runs on; without a path, the user's own. */
export const listFolder = ({ api }: Page, path: string | undefined): Promise<Reply<FolderListing>> =>
  api.request('folder.list', path === undefined ? {} : { path })
