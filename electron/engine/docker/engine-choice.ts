import { EngineError } from '../../core/failure'
import { changeSettings, readSettings } from '../store/settings'
import { EngineClient } from './client'
import { type Endpoint, endpointAt, isChosenByEnvironment, knownEndpoints } from './endpoints'
import { BadAddress, parseAddress } from './engine-address'
import { type FoundEngine, findEngine } from './find-engine'
import type { EngineVersion } from './replies'
import { reasonOf } from './unreachable'

/** An engine that can be picked, and whether it answers. */
export interface EngineOption {
  readonly endpoint: Endpoint
  readonly isChosen: boolean
  /** Its version, or why it cannot be used. */
  readonly answer: { readonly version: EngineVersion } | { readonly reason: string }
}

const patienceMs = 8000

/**
 * Which engine the app uses: the picked one, or the one that `findEngine` finds. The pick is remembered for the next start, unless that
 * start is told an engine by DOCKER_HOST or DOCKER_CONTEXT.
 */
export class EngineChoice {
  readonly #settingsFile: string
  readonly #environment: NodeJS.ProcessEnv
  #address: Promise<string | undefined>

  constructor(settingsFile: string, environment: NodeJS.ProcessEnv = process.env) {
    this.#settingsFile = settingsFile
    this.#environment = environment
    this.#address = isChosenByEnvironment(environment)
      ? Promise.resolve(undefined)
      : readSettings(settingsFile).then(({ engineAddress }) => engineAddress)
  }

  /** Throws engine-unreachable. */
  async find(): Promise<FoundEngine> {
    return findEngine(this.#environment, await this.#address)
  }

  /** All known engines, asked at once; one that does not answer in eight seconds cannot be used. */
  async list(): Promise<EngineOption[]> {
    const address = await this.#address
    const chosen = address === undefined ? [] : [endpointAt(address, this.#environment)]
    const known = knownEndpoints(this.#environment)
    const endpoints = [...known, ...chosen.filter((own) => !known.some((other) => other.address === own.address))]
    return Promise.all(
      endpoints.map(async (endpoint) => ({
        endpoint,
        isChosen: endpoint.address === address,
        answer: await answerOf(endpoint),
      })),
    )
  }

  /** Undefined: the first that answers. Throws path-unwritable, bad-input for what is no address of an engine. */
  async choose(address: string | undefined): Promise<void> {
    if (address !== undefined) refuseBadAddress(address)
    this.#address = Promise.resolve(address)
    await changeSettings(this.#settingsFile, { engineAddress: address })
  }
}

function refuseBadAddress(address: string): void {
  try {
    if (!address.includes('://'))
      throw new BadAddress('an engine’s address looks like unix:///run/docker.sock, tcp://host:2376 or ssh://user@host')
    parseAddress(address)
  } catch (cause) {
    throw new EngineError({ code: 'bad-input', problem: reasonOf(cause) }, { cause })
  }
}

async function answerOf(endpoint: Endpoint): Promise<EngineOption['answer']> {
  try {
    return { version: await new EngineClient(endpoint).version({ patienceMs }) }
  } catch (error) {
    return { reason: reasonOf(error) }
  }
}
