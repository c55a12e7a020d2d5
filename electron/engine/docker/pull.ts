import { z } from 'zod'
import { canonicalReference, parseReference } from '../../core/dockerfile/reference'
import { EngineError, type PullRefusal } from '../../core/failure'
import type { EngineClient } from './client'
import { jsonLines, parseJsonLine } from './json-lines'
import { registryAuth } from './registry-auth'

export interface PullProgress {
  readonly currentBytes: number
  readonly totalBytes: number
}

export interface PullOptions {
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: (progress: PullProgress) => void
}

/** Why an image could not be pulled; the caller knows the Dockerfile line. */
export class PullError extends Error {
  readonly reason: PullRefusal

  constructor(detail: string) {
    super(detail)
    this.name = 'PullError'
    this.reason = refusalOf(detail)
  }
}

/** Pulls an image. Throws PullError when the registry says no, EngineError when the engine does. */
export async function pullImage(client: EngineClient, reference: string, options: PullOptions = {}): Promise<void> {
  const { registry, tag, digest } = parseReference(reference)
  const name = canonicalReference(reference)
    .split('@')[0]!
    .replace(/:[^/:]*$/, '')
  const query = { fromImage: name, tag: digest ?? tag ?? 'latest' }
  const { signal } = options
  const credentials = await registryAuth(registry, process.env, signal)
  const reply = await client
    .stream({ method: 'POST', path: '/images/create', query, signal, registryAuth: credentials })
    .catch((error) => {
      if (error instanceof EngineError && error.failure.code === 'engine-refused')
        throw new PullError(error.failure.detail)
      throw error
    })
  const layers = new Map<string, PullProgress>()
  try {
    for await (const line of jsonLines(reply)) {
      const message = pullMessage.parse(parseJsonLine(line))
      if (message.error !== undefined) throw new PullError(message.error)
      const { current, total } = message.progressDetail ?? {}
      if (message.id && message.status === 'Downloading' && current !== undefined && total !== undefined)
        layers.set(message.id, { currentBytes: current, totalBytes: total })
      options.onProgress?.(sum(layers.values()))
    }
  } catch (error) {
    throw error instanceof PullError ? error : client.asLost(error, signal)
  }
}

const text = z.string().optional().catch(undefined)
const bytes = z.number().optional().catch(undefined)

const pullMessage = z.object({
  id: text,
  status: text,
  // Podman and proxies may send an object here.
  error: z
    .unknown()
    .transform((error) => (error === undefined || typeof error === 'string' ? error : JSON.stringify(error)))
    .optional(),
  progressDetail: z.object({ current: bytes, total: bytes }).optional().catch(undefined),
})

function sum(layers: Iterable<PullProgress>): PullProgress {
  let currentBytes = 0
  let totalBytes = 0
  for (const layer of layers) {
    currentBytes += layer.currentBytes
    totalBytes += layer.totalBytes
  }
  return { currentBytes, totalBytes }
}

/** Reads the engine's own words: the API gives no code for why a registry refused. */
function refusalOf(detail: string): PullRefusal {
  if (/toomanyrequests|rate limit/i.test(detail)) return 'rate-limited'
  if (
    /no such host|dial tcp|i\/o timeout|connection refused|network is unreachable|Client\.Timeout|TLS handshake|proxyconnect|server misbehaving|EOF/i.test(
      detail,
    )
  )
    return 'registry-unreachable'
  if (/manifest unknown|not found: |manifest for .* not found|name unknown/i.test(detail)) return 'not-found'
  if (/access denied|unauthorized|authentication required|denied/i.test(detail)) return 'denied'
  return 'other'
}
