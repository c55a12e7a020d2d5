import type { HostEvent } from '../../electron/ipc/contract'
import { refreshLog } from '../build/building'
import { openImages } from '../compare/comparing'
import { watchEngine } from '../shared/engine'
import type { Page } from '../shared/page'
import { openPath } from '../source/opening'

/** Asks the host what it is, follows its events, and opens the folder that was named at start. */
export async function startPage(page: Page): Promise<void> {
  page.api.onEvent((event) => onHostEvent(page, event))
  const reply = await page.api.request('app.state', {})
  if (!reply.ok) return page.workspace.change({ opening: { kind: 'failed', failure: reply.failure } })
  const { engine, recent, host, initialPath } = reply.value
  page.workspace.change({ app: reply.value, engine, recent })
  if (host === 'report') return openImages(page, '', undefined)
  watchEngine(page)
  if (initialPath !== undefined) await openPath(page, initialPath)
}

/** Passes an event on to the job that it is about. */
export function onHostEvent(page: Page, event: HostEvent): void {
  if (event.kind === 'open') return void openPath(page, event.path)
  const { build, ...others } = page.jobs
  for (const job of Object.values(others)) job.onEvent(event)
  if (build.onEvent(event) && event.progress.kind === 'build') void refreshLog(page)
}
