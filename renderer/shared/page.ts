import type { VariantRole } from '../../electron/core/variants/variant'
import type { CutawayApi } from '../../electron/ipc/contract'
import type { Browser } from './browser'
import { type ExplorerState, initialExplorer } from './explorer-state'
import { createJobs, idleJobs, type JobStates, type Jobs } from './jobs'
import { createLatest, createOneAtATime, type Latest } from './latest'
import { createStore, type Slot, type Store, slotOf, withChange } from './store'
import { initialWorkspace, type Workspace } from './workspace'

/** All that the page shows. */
export interface PageState {
  readonly workspace: Workspace
  readonly explorer: ExplorerState
  readonly jobs: JobStates
}

/** What was typed last on a side and is not asked about yet. */
export interface PendingEdit {
  readonly timer: ReturnType<typeof setTimeout>
  readonly id: string
}

/** The page without its views: its state, its long operations, and the ways to the host and the browser. */
export interface Page {
  readonly api: CutawayApi
  readonly browser: Browser
  readonly state: Slot<PageState>
  readonly workspace: Store<Workspace>
  readonly explorer: Store<ExplorerState>
  readonly jobs: Jobs
  readonly pendingEdits: Map<VariantRole, PendingEdit>
  /** Choices and edits that the host was asked about and that are not in the state yet. */
  readonly openChoices: Set<Promise<void>>
  readonly questions: {
    readonly engine: Latest
    readonly project: Latest
    readonly before: Latest
    readonly after: Latest
  }
  /** Progress comes faster than a log is worth reading. */
  readonly readLog: (work: () => Promise<void>) => Promise<void>
}

/** Makes a page that has opened nothing yet. */
export function createPage(api: CutawayApi, browser: Browser): Page {
  const state = createStore<PageState>({ workspace: initialWorkspace, explorer: initialExplorer, jobs: idleJobs })
  return {
    api,
    browser,
    state,
    workspace: withChange(slotOf(state, 'workspace')),
    explorer: withChange(slotOf(state, 'explorer')),
    jobs: createJobs(api, withChange(slotOf(state, 'jobs'))),
    pendingEdits: new Map(),
    openChoices: new Set(),
    questions: { engine: createLatest(), project: createLatest(), before: createLatest(), after: createLatest() },
    readLog: createOneAtATime(),
  }
}
