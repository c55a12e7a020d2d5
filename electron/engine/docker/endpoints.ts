import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { absoluteFolder, dockerConfigFolder, homeDirectory } from '../home-directory'
import { privateEngineSocket } from '../setup/data-directory'

/** Where a container engine may answer, and how we learned of it. */
export interface Endpoint {
  /** `unix:///run/docker.sock`, `tcp://host:2376`, `ssh://user@host`, `npipe:////./pipe/docker_engine`. */
  readonly address: string
  readonly origin: 'DOCKER_HOST' | 'docker context' | 'usual socket' | 'private engine' | 'your choice'
  /** Of a docker context. */
  readonly name?: string
  /** Folder with ca.pem, cert.pem and key.pem for TLS. */
  readonly certificates: string | undefined
  /** Cutaway's own engine: stand-ins may be made in it, and it has no bridge network. */
  readonly isPrivate: boolean
}

/** Candidates in the order to try them: an explicit choice is the only one. */
export function candidateEndpoints(environment: NodeJS.ProcessEnv = process.env): Endpoint[] {
  const host = environment.DOCKER_HOST
  const certificates = environment.DOCKER_TLS_VERIFY ? environment.DOCKER_CERT_PATH : undefined
  const privateAddress = `unix://${privateEngineSocket(environment)}`
  if (host) return [{ address: host, origin: 'DOCKER_HOST', certificates, isPrivate: host === privateAddress }]
  const context = currentContext(environment)
  return unique([...(context ? [context] : []), ...localEndpoints(environment)])
}

/** Every endpoint that is known of, chosen or not: DOCKER_HOST, all docker contexts, the usual sockets, Cutaway's own engine. */
export function knownEndpoints(environment: NodeJS.ProcessEnv = process.env): Endpoint[] {
  const [first] = environment.DOCKER_HOST ? candidateEndpoints(environment) : []
  return unique([...(first ? [first] : []), ...allContexts(environment), ...localEndpoints(environment)])
}

/** The endpoint at an address: the known one, with its certificates, or one that nobody else named. */
export function endpointAt(address: string, environment: NodeJS.ProcessEnv = process.env): Endpoint {
  const known = knownEndpoints(environment).find((endpoint) => endpoint.address === address)
  if (known) return known
  const certificates = environment.DOCKER_TLS_VERIFY ? environment.DOCKER_CERT_PATH : undefined
  return { address, origin: 'your choice', certificates, isPrivate: false }
}

const unique = (endpoints: readonly Endpoint[]): Endpoint[] =>
  endpoints.filter(({ address }, at) => endpoints.findIndex((other) => other.address === address) === at)

function localEndpoints(environment: NodeJS.ProcessEnv): Endpoint[] {
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

/** The context that `docker context use` chose; its endpoint lies in a file named after the digest of its name. */
function currentContext(environment: NodeJS.ProcessEnv): Endpoint | undefined {
  const root = dockerConfigFolder(environment)
  const name = environment.DOCKER_CONTEXT ?? readField(join(root, 'config.json'), ['currentContext'])
  if (!name || name === 'default') return undefined
  return contextOf(root, createHash('sha256').update(name).digest('hex'), name)
}

function allContexts(environment: NodeJS.ProcessEnv): Endpoint[] {
  const root = dockerConfigFolder(environment)
  let ids: string[] = []
  try {
    ids = readdirSync(join(root, 'contexts/meta')).sort()
  } catch {
    // no contexts were ever made
  }
  return ids.flatMap((id) => {
    const name = readField(join(root, 'contexts/meta', id, 'meta.json'), ['Name'])
    return contextOf(root, id, name ?? id.slice(0, 12)) ?? []
  })
}

function contextOf(root: string, id: string, name: string): Endpoint | undefined {
  const address = readField(join(root, 'contexts/meta', id, 'meta.json'), ['Endpoints', 'docker', 'Host'])
  const tls = join(root, 'contexts/tls', id, 'docker')
  const certificates = existsSync(join(tls, 'ca.pem')) ? tls : undefined
  return address ? { address, origin: 'docker context', name, certificates, isPrivate: false } : undefined
}

function readField(file: string, path: readonly string[]): string | undefined {
  let value: unknown
  try {
    value = JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined // absent or not JSON: the same as no choice
  }
  for (const key of path)
    value = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined
  return typeof value === 'string' ? value : undefined
}
