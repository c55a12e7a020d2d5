import type {
  CutawayApi,
  HostEvent,
  Input,
  JobProgress,
  Outputs,
  Reply,
  RequestName,
} from '../../electron/ipc/contract'
import { onHostEvent } from '../../renderer/app/start'
import type { Browser } from '../../renderer/shared/browser'
import { createPage, type Page } from '../../renderer/shared/page'
import type { Theme } from '../../renderer/shared/workspace'

/** What a fake host answers, by request; each answer is typed by the contract. */
export type Answers = { [N in RequestName]?: (input: Input<N>) => Reply<Outputs[N]> | Promise<Reply<Outputs[N]>> }

export const ok = <T>(value: T): { readonly ok: true; readonly value: T } => ({ ok: true, value })
export const cancelled = { ok: false, failure: { code: 'cancelled' } } as const
/** A failure whose sentence a test can look for. */
export const refused = (problem: string) => ({ ok: false, failure: { code: 'bad-input', problem } }) as const

/** A reply that comes when the test says so. */
export interface Deferred<T> {
  readonly promise: Promise<Reply<T>>
  readonly reply: (value: Reply<T>) => void
}

export function deferred<T>(): Deferred<T> {
  let reply: (value: Reply<T>) => void = () => undefined
  const promise = new Promise<Reply<T>>((resolve) => {
    reply = resolve
  })
  return { promise, reply }
}

/** Lets everything that waits for an answered promise go on. */
export const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0))

export interface Asked {
  readonly name: RequestName
  readonly input: unknown
}

export interface FakeHost {
  readonly api: CutawayApi
  /** What may still be changed while a test runs. */
  readonly answers: Answers
  /** All requests, oldest first. */
  readonly asked: Asked[]
  emit(event: HostEvent): void
}

/** A host that answers what the test says, and fails a request that nobody expects. */
export function fakeHost(answers: Answers): FakeHost {
  const asked: Asked[] = []
  const listeners = new Set<(event: HostEvent) => void>()
  const api: CutawayApi = {
    async request<N extends RequestName>(name: N, input: Input<N>): Promise<Reply<Outputs[N]>> {
      asked.push({ name, input })
      const answer: Answers[N] = answers[name]
      if (name === 'job.cancel' && !answer) return { ok: true, value: undefined as Outputs[N] }
      if (!answer) throw new Error(`nobody expected ${name}`)
      return answer(input)
    },
    onEvent: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    pathOf: (file) => (file as { readonly path?: string }).path ?? '',
  }
  return {
    api,
    answers,
    asked,
    emit: (event) => {
      for (const listener of listeners) listener(event)
    },
  }
}

export interface FakeBrowser extends Browser {
  readonly saved: { readonly name: string; readonly content: Blob }[]
  readonly focused: string[]
  isShown: boolean
  /** The themes that were applied, and the one that is kept. */
  readonly themes: Theme[]
  keptTheme: Theme
}

/** A browser that remembers what it was asked for. */
export function fakeBrowser(): FakeBrowser {
  const browser: FakeBrowser = {
    saved: [],
    focused: [],
    isShown: true,
    saveAs: (name, content) => void browser.saved.push({ name, content }),
    focus: (id) => void browser.focused.push(id),
    focusNext: (ids) => void browser.focused.push(`next of ${ids.join(' ')}`),
    isVisible: () => browser.isShown,
    themes: [],
    keptTheme: 'system',
    savedTheme: () => browser.keptTheme,
    saveTheme: (theme) => {
      browser.keptTheme = theme
    },
    applyTheme: (theme) => void browser.themes.push(theme),
  }
  return browser
}

export interface FakePage {
  readonly page: Page
  readonly host: FakeHost
  readonly browser: FakeBrowser
  /** The names of the requests so far. */
  readonly names: () => RequestName[]
  /** Progress of the newest request that has a job. */
  readonly progress: (progress: JobProgress, jobId?: string) => void
}

/** A page over a fake host, listening to its events. */
export function fakePage(answers: Answers = {}): FakePage {
  const host = fakeHost(answers)
  const browser = fakeBrowser()
  const page = createPage(host.api, browser)
  host.api.onEvent((event) => onHostEvent(page, event))
  const newestJob = (): string => {
    const jobs = host.asked.flatMap(({ input }) => jobIdOf(input))
    return jobs.at(-1) ?? ''
  }
  return {
    page,
    host,
    browser,
    names: () => host.asked.map(({ name }) => name),
    progress: (progress, jobId = newestJob()) => host.emit({ kind: 'job', jobId, progress }),
  }
}

const jobIdOf = (input: unknown): string[] =>
  typeof input === 'object' && input !== null && 'jobId' in input ? [String(input.jobId)] : []
