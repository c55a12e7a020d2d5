import { EngineError } from '../../core/failure'
import { changeSettings, readSettings } from '../store/settings'
import { EngineClient } from './client'
import {
  type Endpoint,
  endpointAt,
  isChosenByEnvironment,
  knownEndpoints,
  type PickedEngine,
  pickedEndpoint,
} from './endpoints'
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
  #picked: Promise<PickedEngine | undefined>

  constructor(settingsFile: string, environment: NodeJS.ProcessEnv = process.env) {
    this.#settingsFile = settingsFile
    this.#environment = environment
    this.#picked = isChosenByEnvironment(environment)
      ? Promise.resolve(undefined)
      : readSettings(settingsFile).then(({ engineAddress, engineUsesTls = false }) =>
          engineAddress === undefined ? undefined : { address: engineAddress, usesTls: engineUsesTls },
        )
  }

  /** Throws engine-unreachable. */
  async find(): Promise<FoundEngine> {
    return findEngine(this.#environment, await this.#picked)
  }

  /** All known engines, asked at once; one that does not answer in eight seconds cannot be used. */
  async list(): Promise<EngineOption[]> {
    const picked = await this.#picked
    const chosen = picked === undefined ? [] : [pickedEndpoint(picked, this.#environment)]
    const others = knownEndpoints(this.#environment)
    const known = others.map((other) => chosen.find(({ address }) => address === other.address) ?? other)
    const endpoints = [...known, ...chosen.filter((own) => !known.includes(own))]
    return Promise.all(
      endpoints.map(async (endpoint) => ({
        endpoint,
        isChosen: endpoint.address === picked?.address,
        answer: await answerOf(endpoint),
      })),
    )
  }

  /** Undefined: the first that answers. Throws path-unwritable, bad-input for what is no address of an engine. */
  async choose(address: string | undefined): Promise<void> {
    if (address !== undefined) refuseBadAddress(address)
    const picked = address === undefined ? undefined : await this.#pick(address)
    this.#picked = Promise.resolve(picked)
    await changeSettings(this.#settingsFile, {
      engineAddress: picked?.address,
      engineUsesTls: picked?.usesTls || undefined,
    })
  }

  /** Picking the same address again keeps its TLS. */
  async #pick(address: string): Promise<PickedEngine> {
    const before = await this.#picked
    const hadTls = before?.address === address && before.usesTls === true
    return { address, usesTls: hadTls || endpointAt(address, this.#environment).tls !== undefined }
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
