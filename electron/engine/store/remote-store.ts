import { Worker } from 'node:worker_threads'
import type { EntryDetail } from '../../core/compare/facts'
import type { Variables } from '../../core/dockerfile/words'
import { EngineError } from '../../core/failure'
import type { ImageSummary } from '../../core/ladder/ladder'
import type { ScanComparison } from '../../core/packages/vulnerabilities'
import type { RunComparison, RunRequest } from '../../core/run/run'
import type { ReadOptions, ReadProgress } from '../images/export-stream'
import type { ImageSource } from '../images/image-source'
import type {
  CompareRequest,
  EntryFile,
  Examined,
  HiddenFile,
  ImageStore,
  OpenedComparison,
  OpenedSaved,
} from './image-store'
import type { StoreReply, StoreRequest } from './store-messages'

interface Pending {
  readonly resolve: (value: never) => void
  readonly reject: (error: Error) => void
  readonly onProgress: ((progress: ReadProgress) => void) | undefined
}

type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never

/** The image store in a worker thread. The worker starts with the first request; a crash fails what was asked of it. */
export class RemoteImageStore implements ImageStore {
  readonly #workerUrl: URL
  readonly #pending = new Map<number, Pending>()
  #worker: Worker | undefined
  #lastId = 0
  #isDisposed = false

  constructor(workerUrl: URL) {
    this.#workerUrl = workerUrl
  }

  compare(request: CompareRequest, options: ReadOptions): Promise<OpenedComparison> {
    return this.#ask({ method: 'compare', request }, options)
  }

  tree(comparisonId: string): Promise<Uint8Array> {
    return this.#ask({ method: 'tree', comparisonId })
  }

  entry(comparisonId: string, node: number): Promise<EntryDetail> {
    return this.#ask({ method: 'entry', comparisonId, node })
  }

  file(comparisonId: string, request: EntryFile, options: Pick<ReadOptions, 'signal'>): Promise<Uint8Array> {
    return this.#ask({ method: 'file', comparisonId, request }, options)
  }

  hidden(comparisonId: string, request: HiddenFile, options: ReadOptions): Promise<Uint8Array> {
    return this.#ask({ method: 'hidden', comparisonId, request }, options)
  }

  examine(comparisonId: string, options: Pick<ReadOptions, 'signal'>): Promise<Examined> {
    return this.#ask({ method: 'examine', comparisonId }, options)
  }

  summarize(source: ImageSource, options: ReadOptions): Promise<ImageSummary> {
    return this.#ask({ method: 'summarize', source }, options)
  }

  classes(comparisonId: string): Promise<Uint8Array> {
    return this.#ask({ method: 'classes', comparisonId })
  }

  run(comparisonId: string, request: RunRequest, options: Pick<ReadOptions, 'signal'>): Promise<RunComparison> {
    return this.#ask({ method: 'run', comparisonId, request }, options)
  }

  scan(comparisonId: string, options: Pick<ReadOptions, 'signal'>): Promise<ScanComparison> {
    return this.#ask({ method: 'scan', comparisonId }, options)
  }

  secrets(comparisonId: string, page: unknown, given: Variables): Promise<string[]> {
    return this.#ask({ method: 'secrets', comparisonId, page, given })
  }

  save(comparisonId: string, page: unknown, secrets: readonly string[] | undefined): Promise<Uint8Array> {
    return this.#ask({ method: 'save', comparisonId, page, secrets })
  }

  openSaved(path: string): Promise<OpenedSaved | undefined> {
    return this.#ask({ method: 'openSaved', path })
  }

  async dispose(): Promise<void> {
    this.#isDisposed = true
    await this.#worker?.terminate()
  }

  async #ask<T>(request: WithoutId<StoreRequest>, options?: Partial<ReadOptions>): Promise<T> {
    const id = ++this.#lastId
    const worker = this.#start()
    const cancel = (): void => worker.postMessage({ id, method: 'cancel' } satisfies StoreRequest)
    options?.signal?.addEventListener('abort', cancel, { once: true })
    return new Promise<T>((resolve, reject) => {
      this.#pending.set(id, { resolve, reject, onProgress: options?.onProgress })
      worker.postMessage({ ...request, id })
      if (options?.signal?.aborted) cancel()
    }).finally(() => {
      this.#pending.delete(id)
      options?.signal?.removeEventListener('abort', cancel)
    })
  }

  #start(): Worker {
    // Work that goes on after its end must not start another worker.
    if (this.#isDisposed) throw new EngineError({ code: 'cancelled' })
    if (this.#worker) return this.#worker
    const worker = new Worker(this.#workerUrl)
    worker.unref()
    worker.on('message', (reply: StoreReply) => this.#receive(reply))
    worker.on('error', (error) => this.#fail(error))
    worker.on('exit', () => this.#fail(new Error('the image store ended')))
    this.#worker = worker
    return worker
  }

  #receive(reply: StoreReply): void {
    const pending = this.#pending.get(reply.id)
    if (pending === undefined) return
    if (reply.kind === 'progress') pending.onProgress?.(reply.progress)
    else if (reply.kind === 'value') pending.resolve(reply.value as never)
    else if (reply.kind === 'failure') pending.reject(new EngineError(reply.failure))
    else pending.reject(new Error(reply.stack))
  }

  #fail(error: Error): void {
    this.#worker = undefined
    for (const pending of this.#pending.values()) pending.reject(error)
  }
}
