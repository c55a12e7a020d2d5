import type { MessagePort } from 'node:worker_threads'
import { EngineError } from '../../core/failure'
import type { ReadProgress } from '../images/export-stream'
import { type ImageStore, LocalImageStore } from './image-store'
import type { StoreReply, StoreRequest } from './store-messages'

/** Answers the requests of a RemoteImageStore on a port, in the thread that calls it. */
export function serveStore(port: MessagePort): void {
  const store = new LocalImageStore()
  const running = new Map<number, AbortController>()
  const reply = (message: StoreReply, transfer: ArrayBuffer[] = []): void => port.postMessage(message, transfer)
  port.on('message', (request: StoreRequest) => {
    const { id } = request
    if (request.method === 'cancel') {
      running.get(id)?.abort()
      return
    }
    const controller = new AbortController()
    running.set(id, controller)
    answer(store, request, controller.signal, reply)
      .then((value) =>
        reply({ id, kind: 'value', value }, value instanceof Uint8Array ? [value.buffer as ArrayBuffer] : []),
      )
      .catch((error) =>
        reply(
          error instanceof EngineError
            ? { id, kind: 'failure', failure: error.failure }
            : { id, kind: 'bug', stack: String((error as Error).stack ?? error) },
        ),
      )
      .finally(() => running.delete(id))
  })
}

const progressEveryMs = 100

async function answer(
  store: ImageStore,
  request: Exclude<StoreRequest, { method: 'cancel' }>,
  signal: AbortSignal,
  reply: (message: StoreReply) => void,
): Promise<unknown> {
  if (request.method === 'tree') return store.tree(request.comparisonId)
  if (request.method === 'entry') return store.entry(request.comparisonId, request.node)
  if (request.method === 'examine') return store.examine(request.comparisonId, { signal })
  if (request.method === 'classes') return store.classes(request.comparisonId)
  if (request.method === 'scan') return store.scan(request.comparisonId, { signal })
  if (request.method === 'run') return store.run(request.comparisonId, request.request, { signal })
  if (request.method === 'file') return store.file(request.comparisonId, request.request, { signal })
  if (request.method === 'save') return store.save(request.comparisonId, request.page, request.secrets)
  if (request.method === 'secrets') return store.secrets(request.comparisonId, request.page, request.given)
  if (request.method === 'openSaved') return store.openSaved(request.path)
  let lastMs = 0
  const onProgress = (progress: ReadProgress): void => {
    if (performance.now() - lastMs < progressEveryMs) return
    lastMs = performance.now()
    reply({ id: request.id, kind: 'progress', progress })
  }
  if (request.method === 'hidden') return store.hidden(request.comparisonId, request.request, { signal, onProgress })
  if (request.method === 'summarize') return store.summarize(request.source, { signal, onProgress })
  return store.compare(request.request, { signal, onProgress })
}
