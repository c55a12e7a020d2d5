import { type EngineAttempt, EngineError } from '../../core/failure'
import { EngineClient } from './client'
import { chosenEndpoint, type Endpoint, localEndpoints, type PickedEngine } from './endpoints'
import type { EngineVersion } from './replies'
import { reasonOf } from './unreachable'

export interface FoundEngine {
  readonly client: EngineClient
  readonly endpoint: Endpoint
  readonly version: EngineVersion
}

/** A socket of this machine answers at once, or another one should be tried. A named engine may be far away, and there is no other. */
const patienceMs = { local: 2000, chosen: 15_000 }

/**
 * The engine that the user named, which is then the only candidate, or the first of the usual ones that answers. `picked` counts
 * more than the environment. Throws engine-unreachable with the reason of every engine that was tried.
 */
export async function findEngine(
  environment: NodeJS.ProcessEnv = process.env,
  picked: PickedEngine | undefined = undefined,
): Promise<FoundEngine> {
  const chosen = chosenEndpoint(environment, picked)
  const tried: EngineAttempt[] = []
  for (const endpoint of chosen ? [chosen.endpoint] : localEndpoints(environment)) {
    const client = new EngineClient(endpoint)
    try {
      const version = await client.version({ patienceMs: chosen ? patienceMs.chosen : patienceMs.local })
      return { client, endpoint, version }
    } catch (error) {
      tried.push({ address: endpoint.address, context: endpoint.name, reason: reasonOf(error) })
    }
  }
  throw new EngineError({ code: 'engine-unreachable', tried, chosenBy: chosen?.chosenBy })
}
