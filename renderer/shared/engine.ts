import type { EngineImage, EngineOptionView } from '../../electron/ipc/views'
import { createOneAtATime } from './latest'
import type { Page } from './page'

// Which container engine is used, and what it has.

/** Asks what the engine is now. */
export async function refreshEngine({ api, workspace, questions }: Page): Promise<void> {
  const reply = await questions.engine.ask(api.request('engine.status', {}))
  if (reply?.ok) workspace.change({ engine: reply.value })
}

const watchMs = 5000

/** Notices an engine that is started, or ended, without a press; returns what ends that. An engine far away may take its time. */
export function watchEngine(page: Page): () => void {
  const ask = createOneAtATime()
  const timer = setInterval(() => {
    if (page.browser.isVisible()) void ask(() => refreshEngine(page))
  }, watchMs)
  return () => clearInterval(timer)
}

/** Uses the engine of this address; without one, the first that answers. */
export async function chooseEngine({ api, workspace, questions }: Page, address: string | undefined): Promise<void> {
  questions.engine.forget() // what was asked before is about another engine
  const reply = await api.request('engine.choose', address === undefined ? {} : { address })
  workspace.change(reply.ok ? { engine: reply.value, engineProblem: undefined } : { engineProblem: reply.failure })
}

/** All engines that are known of; none where the host cannot tell. */
export async function listEngines({ api }: Page): Promise<readonly EngineOptionView[]> {
  const reply = await api.request('engine.list', {})
  return reply.ok ? reply.value : []
}

/** The images of the engine that have a name; none where no engine answers. */
export async function listImages({ api }: Page): Promise<readonly EngineImage[]> {
  const reply = await api.request('image.list', {})
  return reply.ok ? reply.value : []
}
