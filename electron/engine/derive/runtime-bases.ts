import { EngineError } from '../../core/failure'
import { type BaseImageOptions, ensureBaseImage } from '../docker/base-images'
import type { EngineClient } from '../docker/client'

/**
 * Those of the references that the engine has or can get, in their order; `distroless:latest` and `distroless:nonroot` are one. Once a
 * registry cannot be reached it is not asked again.
 */
export async function availableBases(
  client: EngineClient,
  references: readonly string[],
  file: string,
  options: BaseImageOptions,
): Promise<string[]> {
  const found: string[] = []
  let isOffline = false
  for (const reference of references) {
    const isKnown = found.some((other) => other.includes('distroless') && nameOf(other) === nameOf(reference))
    if (isKnown) continue
    if (isOffline && !(await client.inspectImage(reference))) {
      if (await options.makeStandIn?.(reference)) found.push(reference)
      continue
    }
    try {
      await ensureBaseImage(client, { reference, file, line: 1 }, options)
      found.push(reference)
    } catch (error) {
      if (!(error instanceof EngineError) || error.failure.code !== 'base-image-unavailable') throw error
      isOffline = error.failure.reason === 'registry-unreachable'
    }
  }
  return found
}

const nameOf = (reference: string): string => reference.replace(/:[^/:]*$/, '')
