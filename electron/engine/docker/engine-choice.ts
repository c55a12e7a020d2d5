import { EngineError } from '../../core/failure'
import { changeSettings, readSettings } from '../store/settings'
import { EngineClient } from './client'
import { candidateEndpoints, type Endpoint, endpointAt, knownEndpoints } from './endpoints'
import { type FoundEngine, findEngine } from './find-engine'
import type { EngineVersion } from './replies'

/** An engine that can be picked, and whether it answers. */
export interface EngineOption {
  readonly endpoint: Endpoint
  readonly isChosen: boolean
  /** Undefined when it does not answer. */
  readonly version: EngineVersion | undefined
}

const patienceMs = 3000

/**
 * Which engine the app uses: what was picked in it, else the first that answers. What was picked is found again by the next start, unless
 * that one is told an engine by DOCKER_HOST.
 */
export class EngineChoice {
  readonly #settingsFile: string
  #address: Promise<string | undefined>

  constructor(settingsFile: string) {
    this.#settingsFile = settingsFile
    this.#address = process.env.DOCKER_HOST
      ? Promise.resolve(undefined)
      : readSettings(settingsFile).then(({ engineAddress }) => engineAddress)
  }

  /** Throws engine-unreachable. */
  async find(): Promise<FoundEngine> {
    const address = await this.#address
    return findEngine(process.env, address === undefined ? candidateEndpoints() : [endpointAt(address)])
  }

  /** All that are known of, asked at once; one that does not answer in three seconds counts as silent. */
  async list(): Promise<EngineOption[]> {
    const address = await this.#address
    const chosen = address === undefined ? [] : [endpointAt(address)]
    const known = knownEndpoints()
    const endpoints = [...known, ...chosen.filter((own) => !known.some((other) => other.address === own.address))]
    return Promise.all(
      endpoints.map(async (endpoint) => ({
        endpoint,
        isChosen: endpoint.address === address,
        version: await versionOf(endpoint),
      })),
    )
  }

  /** Undefined: the first that answers. Throws path-unwritable, bad-input for what is no address of an engine. */
  async choose(address: string | undefined): Promise<void> {
    if (address !== undefined && !/^(unix|npipe|tcp|https?|ssh):\/\/./.test(address))
      throw new EngineError({
        code: 'bad-input',
        problem: 'the address of an engine is like unix:///run/docker.sock, tcp://host:2376 or ssh://user@host',
      })
    this.#address = Promise.resolve(address)
    await changeSettings(this.#settingsFile, { engineAddress: address })
  }
}

async function versionOf(endpoint: Endpoint): Promise<EngineVersion | undefined> {
  const silence = new Promise<undefined>((resolve) => setTimeout(resolve, patienceMs, undefined).unref())
  try {
    return await Promise.race([new EngineClient(endpoint).version(), silence])
  } catch {
    return undefined // whatever the reason, it cannot be used now
  }
}
