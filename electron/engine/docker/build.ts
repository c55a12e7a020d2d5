import { randomUUID } from 'node:crypto'
import type { Readable } from 'node:stream'
import type { BuildEvent } from '../../core/build/build-event'
import { EngineError } from '../../core/failure'
import { drain, type EngineClient } from './client'
import { jsonLines } from './json-lines'
import { TraceDecoder } from './trace'

export interface BuildRequest {
  readonly context: Readable
  /** Path inside the context. */
  readonly dockerfile: string
  readonly target: string | undefined
  /** Build arguments. */
  readonly args?: Readonly<Record<string, string | undefined>>
  readonly noCache: boolean
  readonly labels: Readonly<Record<string, string>>
  /** The engine gives it to the image as soon as there is one; without it, the image has no name. */
  readonly tag?: string
}

export interface BuildOptions {
  readonly signal: AbortSignal
  readonly onEvent: (event: BuildEvent) => void
}

/**
 * Runs one BuildKit build over the engine's socket and reports its trace. Resolves when the engine's reply ends, also when
 * the build failed: that is an `error` event. Throws engine-lost, engine-refused or cancelled.
 */
export async function runBuild(client: EngineClient, request: BuildRequest, options: BuildOptions): Promise<void> {
  const { signal, onEvent } = options
  const buildId = randomUUID()
  const query = buildQuery(client, request, buildId)
  let contextError: unknown
  request.context.on('error', (error) => {
    contextError = error
  })
  const cancel = (): void => {
    request.context.destroy(new Error('cancelled'))
    // The engine may already be gone; then there is nothing left to cancel.
    client
      .stream({ method: 'POST', path: '/build/cancel', query: { id: buildId } })
      .then(drain)
      .catch(() => undefined)
  }
  signal.addEventListener('abort', cancel, { once: true })
  try {
    const reply = await client.stream({ method: 'POST', path: '/build', query, body: request.context, signal })
    const decoder = new TraceDecoder()
    for await (const line of jsonLines(reply)) {
      for (const event of decoder.decodeLine(line)) if (!signal.aborted) onEvent(event)
    }
    if (signal.aborted) throw new EngineError({ code: 'cancelled' })
  } catch (error) {
    if (contextError instanceof EngineError && !signal.aborted) throw contextError
    throw client.asLost(error, signal)
  } finally {
    signal.removeEventListener('abort', cancel)
    request.context.destroy()
  }
}

function buildQuery(client: EngineClient, request: BuildRequest, buildId: string): Record<string, string> {
  return {
    version: '2',
    buildid: buildId,
    dockerfile: request.dockerfile,
    labels: JSON.stringify(request.labels),
    ...(request.tag === undefined ? {} : { t: request.tag }),
    rm: 'true',
    forcerm: 'true',
    ...(request.target === undefined ? {} : { target: request.target }),
    ...(Object.keys(request.args ?? {}).length === 0 ? {} : { buildargs: JSON.stringify(request.args) }),
    ...(request.noCache ? { nocache: 'true' } : {}),
    // Cutaway's own engine has no bridge: "host" is the network of its daemon, which is its own wherever that is possible.
    ...(client.endpoint.isPrivate ? { networkmode: 'host' } : {}),
  }
}
