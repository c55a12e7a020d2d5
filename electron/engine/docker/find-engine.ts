import { EngineError } from '../../core/failure'
import { EngineClient } from './client'
import { candidateEndpoints, type Endpoint } from './endpoints'
import type { EngineVersion } from './replies'

export interface FoundEngine {
  readonly client: EngineClient
  readonly endpoint: Endpoint
  readonly version: EngineVersion
}

/** The first candidate that answers. Throws engine-unreachable naming all that were tried. */
export async function findEngine(
  environment: NodeJS.ProcessEnv = process.env,
  candidates: readonly Endpoint[] = candidateEndpoints(environment),
): Promise<FoundEngine> {
  for (const endpoint of candidates) {
    try {
      const client = new EngineClient(endpoint)
      return { client, endpoint, version: await client.version() }
    } catch (error) {
      if (!(error instanceof EngineError) && !(error instanceof TypeError)) throw error
    }
  }
  throw new EngineError({ code: 'engine-unreachable', tried: candidates.map((endpoint) => endpoint.address) })
}
