import { EngineError } from '../core/failure'
import type { EngineChoice } from '../engine/docker/engine-choice'
import { privateEngineNetwork } from '../engine/setup/private-engine'
import type { EngineOptionView, EngineStatus } from './views'

/** The engine in use, or why there is none. */
export async function engineStatus(choice: EngineChoice): Promise<EngineStatus> {
  try {
    const { endpoint, version } = await choice.find()
    const { address, origin, isPrivate } = endpoint
    const network = isPrivate ? privateEngineNetwork() : undefined
    const sharesNetwork = network?.kind === 'machine' ? network.why : undefined
    return { kind: 'ready', name: version.name, version: version.version, address, origin, isPrivate, sharesNetwork }
  } catch (error) {
    if (error instanceof EngineError) return { kind: 'missing', failure: error.failure }
    throw error
  }
}

/** What the engine picker lists. */
export async function engineOptions(choice: EngineChoice): Promise<EngineOptionView[]> {
  return (await choice.list()).map(({ endpoint, isChosen, answer }) => ({
    address: endpoint.address,
    origin: endpoint.name === undefined ? endpoint.origin : `${endpoint.origin} ${endpoint.name}`,
    isPrivate: endpoint.isPrivate,
    isChosen,
    ...('version' in answer
      ? { version: `${answer.version.name} ${answer.version.version}`, reason: undefined }
      : { version: undefined, reason: answer.reason }),
  }))
}
