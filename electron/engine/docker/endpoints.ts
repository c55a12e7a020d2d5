import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { absoluteFolder, dockerConfigFolder, fromStart, homeDirectory } from '../home-directory'
import { privateEngineSocket } from '../setup/data-directory'
import { readDockerConfig } from './docker-config'
import { allContexts, contextNamed } from './docker-contexts'
import type { Endpoint } from './endpoint'

export type { Endpoint } from './endpoint'

/** An engine that the user named, and the setting that did it. */
export interface ChosenEndpoint {
  readonly endpoint: Endpoint
  readonly chosenBy: 'DOCKER_HOST' | 'DOCKER_CONTEXT' | 'docker context use' | 'app'
}

/** An engine that was picked in the app. */
export interface PickedEngine {
  readonly address: string
  /** It had TLS when it was picked, and keeps it when the context or the variable that asked for it is gone. */
  readonly usesTls?: boolean
}

/** Whether this start is told an engine by its environment, which then counts more than an earlier pick in the app. */
export const isChosenByEnvironment = (environment: NodeJS.ProcessEnv): boolean =>
  Boolean(environment.DOCKER_HOST?.trim() || environment.DOCKER_CONTEXT)

/**
 * The engine that the user named: the picked address, `$DOCKER_HOST`, `$DOCKER_CONTEXT`, or the context of `docker context use`, in this
 * order. It is the only candidate, even when it cannot be used. Undefined when nothing is named: then the usual sockets are tried.
 */
export function chosenEndpoint(environment: NodeJS.ProcessEnv, picked?: PickedEngine): ChosenEndpoint | undefined {
  if (picked !== undefined) return { endpoint: pickedEndpoint(picked, environment), chosenBy: 'app' }
  const host = hostEndpoint(environment)
  if (host) return { endpoint: host, chosenBy: 'DOCKER_HOST' }
  const variable = environment.DOCKER_CONTEXT
  const name = variable || readDockerConfig(environment).currentContext
  if (!name || name === 'default') return undefined
  const endpoint = contextNamed(dockerConfigFolder(environment), name)
  return { endpoint, chosenBy: variable ? 'DOCKER_CONTEXT' : 'docker context use' }
}

/** Candidates in the order to try them: an explicit choice is the only one. */
export function candidateEndpoints(environment: NodeJS.ProcessEnv = process.env): Endpoint[] {
  const chosen = chosenEndpoint(environment)
  return chosen ? [chosen.endpoint] : localEndpoints(environment)
}

/** Every endpoint that is known, chosen or not: DOCKER_HOST, all docker contexts, the usual sockets, Cutaway's own engine. */
export function knownEndpoints(environment: NodeJS.ProcessEnv = process.env): Endpoint[] {
  const chosen = chosenEndpoint(environment)
  const contexts = allContexts(dockerConfigFolder(environment))
  return unique([...(chosen ? [chosen.endpoint] : []), ...contexts, ...localEndpoints(environment)])
}

/** The endpoint at an address: the known one, with its certificates, or one that was named nowhere else. */
export function endpointAt(address: string, environment: NodeJS.ProcessEnv = process.env): Endpoint {
  const known = knownEndpoints(environment).find((endpoint) => endpoint.address === address)
  return known ?? { address, origin: 'your choice', ...tlsFrom(environment, address), isPrivate: false }
}

/** The endpoint of a pick, which is never without the TLS that it had. */
export function pickedEndpoint({ address, usesTls }: PickedEngine, environment: NodeJS.ProcessEnv): Endpoint {
  const endpoint = endpointAt(address, environment)
  if (!usesTls || endpoint.tls !== undefined) return endpoint
  return { ...endpoint, tls: 'verified', certificates: endpoint.certificates ?? certificateFolder(environment) }
}

const certificateFolder = (environment: NodeJS.ProcessEnv): string =>
  environment.DOCKER_CERT_PATH ? fromStart(environment.DOCKER_CERT_PATH, environment) : dockerConfigFolder(environment)

function hostEndpoint(environment: NodeJS.ProcessEnv): Endpoint | undefined {
  const host = environment.DOCKER_HOST?.trim()
  if (!host) return undefined
  const address = host.replace(/^unix:\/\/([^/].*)$/i, (_, path: string) => `unix://${fromStart(path, environment)}`)
  const isPrivate = address === `unix://${privateEngineSocket(environment)}`
  return { address, origin: 'DOCKER_HOST', ...tlsFrom(environment, address), isPrivate }
}

/**
 * What the environment asks for, as Docker's command line understands it: any value of DOCKER_TLS_VERIFY means TLS, and so does any of
 * DOCKER_TLS, without checking the engine's certificate (https://docs.docker.com/engine/security/protect-access/).
 */
function tlsFrom(environment: NodeJS.ProcessEnv, address: string): Pick<Endpoint, 'tls' | 'certificates'> {
  const isHttps = /^https:/i.test(address)
  if (/^(unix|npipe|ssh):/i.test(address)) return { certificates: undefined }
  if (!isHttps && !environment.DOCKER_TLS_VERIFY && !environment.DOCKER_TLS) return { certificates: undefined }
  const isVerified = isHttps || Boolean(environment.DOCKER_TLS_VERIFY)
  return { tls: isVerified ? 'verified' : 'unverified', certificates: certificateFolder(environment) }
}

/** Contexts without an address differ by their names. */
const unique = (endpoints: readonly Endpoint[]): Endpoint[] => {
  const keyOf = ({ address, name }: Endpoint): string => address || `context ${name}`
  return endpoints.filter((endpoint, at) => endpoints.findIndex((other) => keyOf(other) === keyOf(endpoint)) === at)
}

/** The usual sockets and Cutaway's own engine, where they exist. */
export function localEndpoints(environment: NodeJS.ProcessEnv): Endpoint[] {
  const privateAddress = `unix://${privateEngineSocket(environment)}`
  const found: Endpoint[] = []
  for (const path of usualSockets(environment))
    if (existsSync(path)) found.push({ ...plain(`unix://${path}`), origin: 'usual socket' })
  if (process.platform === 'win32') found.push({ ...plain('npipe:////./pipe/docker_engine'), origin: 'usual socket' })
  if (existsSync(privateEngineSocket(environment)))
    found.push({ ...plain(privateAddress), origin: 'private engine', isPrivate: true })
  return found
}

const plain = (address: string): Omit<Endpoint, 'origin'> => ({ address, certificates: undefined, isPrivate: false })

function usualSockets(environment: NodeJS.ProcessEnv): string[] {
  const home = homeDirectory(environment)
  const runtime = absoluteFolder(environment.XDG_RUNTIME_DIR)
  return [
    '/var/run/docker.sock',
    ...(runtime ? [join(runtime, 'docker.sock'), join(runtime, 'podman/podman.sock')] : []),
    join(home, '.docker/run/docker.sock'),
    join(home, '.docker/desktop/docker.sock'),
    join(home, '.colima/default/docker.sock'),
    join(home, '.rd/docker.sock'),
    join(home, '.orbstack/run/docker.sock'),
    '/run/podman/podman.sock',
  ]
}
