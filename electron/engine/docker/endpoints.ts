import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { privateEngineSocket } from '../setup/data-directory'

/** Where a container engine may answer, and how we learned of it. */
export interface Endpoint {
  /** `unix:///run/docker.sock`, `tcp://host:2376`, `ssh://user@host`, `npipe:////./pipe/docker_engine`. */
  readonly address: string
  readonly origin: 'DOCKER_HOST' | 'docker context' | 'usual socket' | 'private engine'
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
  const found: Endpoint[] = context ? [context] : []
  for (const path of usualSockets(environment))
    if (existsSync(path)) found.push({ ...plain(`unix://${path}`), origin: 'usual socket' })
  if (process.platform === 'win32') found.push({ ...plain('npipe:////./pipe/docker_engine'), origin: 'usual socket' })
  if (existsSync(privateEngineSocket(environment)))
    found.push({ ...plain(privateAddress), origin: 'private engine', isPrivate: true })
  return found.filter((endpoint, at) => found.findIndex((other) => other.address === endpoint.address) === at)
}

const plain = (address: string): Omit<Endpoint, 'origin'> => ({ address, certificates: undefined, isPrivate: false })

function usualSockets(environment: NodeJS.ProcessEnv): string[] {
  const home = environment.HOME ?? homedir()
  const runtime = environment.XDG_RUNTIME_DIR
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
  const root = environment.DOCKER_CONFIG ?? join(environment.HOME ?? homedir(), '.docker')
  const name = environment.DOCKER_CONTEXT ?? readField(join(root, 'config.json'), ['currentContext'])
  if (!name || name === 'default') return undefined
  const id = createHash('sha256').update(name).digest('hex')
  const address = readField(join(root, 'contexts/meta', id, 'meta.json'), ['Endpoints', 'docker', 'Host'])
  const tls = join(root, 'contexts/tls', id, 'docker')
  const certificates = existsSync(join(tls, 'ca.pem')) ? tls : undefined
  return address ? { address, origin: 'docker context', certificates, isPrivate: false } : undefined
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
