import { execFile } from 'node:child_process'
import { z } from 'zod'
import { neutralFolder } from '../home-directory'
import { readDockerConfig, type SavedLogin } from './docker-config'

/** What the engine is sent for the registry it pulls from (https://docs.docker.com/reference/api/engine/#section/Authentication). */
export interface RegistryAuth {
  readonly username?: string
  readonly password?: string
  /** In place of a password, after a login in a browser. */
  readonly identitytoken?: string
  /** A bearer token that the registry takes as it is. */
  readonly registrytoken?: string
  readonly serveraddress: string
}

const hubKey = 'https://index.docker.io/v1/'

/** The hosts under which `docker login` files Docker Hub. */
const hubHosts = new Set(['index.docker.io', 'docker.io'])

/**
 * What `docker login` saved for a registry, in the config file or in a credential helper. Undefined when nothing usable is found: pulling
 * then goes on without credentials.
 */
export async function registryAuth(
  registry: string,
  environment: NodeJS.ProcessEnv = process.env,
  signal?: AbortSignal,
): Promise<RegistryAuth | undefined> {
  const config = readDockerConfig(environment)
  const savedKeys = [...config.auths.keys()].filter((key) => isKeyOf(key, registry))
  const helpers = [...config.credHelpers].filter(([key]) => isKeyOf(key, registry))
  // Newer versions of Docker Desktop keep no entry in `auths` for what the store has.
  const keys = [
    ...new Set([...helpers.map(([key]) => key), ...savedKeys, registry === 'docker.io' ? hubKey : registry]),
  ]
  const helper = helpers[0]?.[1] ?? config.credsStore
  const endMs = performance.now() + helperTimeoutMs
  for (const key of keys) {
    const saved = config.auths.get(key)
    const found = helper ? await askHelper(helper, key, { endMs, signal }) : saved && savedAuth(saved, key)
    if (found) return found
  }
  return undefined
}

/** A key is a host, or the address of a registry's API. One with another path is for a part of the registry only. */
function isKeyOf(key: string, registry: string): boolean {
  const [host = '', ...path] = key.replace(/^https?:\/\//, '').split('/')
  if (!/^(v[12])?$/.test(path.join('/').replace(/\/$/, ''))) return false
  return registry === 'docker.io' ? hubHosts.has(host) : host === registry
}

function savedAuth(saved: SavedLogin, serveraddress: string): RegistryAuth | undefined {
  const { identitytoken, registrytoken } = saved
  if (registrytoken) return { registrytoken, serveraddress }
  const decoded = Buffer.from(saved.auth ?? '', 'base64').toString('utf8')
  const colon = decoded.indexOf(':')
  const username = colon > 0 ? decoded.slice(0, colon) : saved.username
  const password = colon > 0 ? decoded.slice(colon + 1).replace(/\0+$/, '') : saved.password
  if (identitytoken) return { ...(username ? { username } : {}), identitytoken, serveraddress }
  return username && password !== undefined ? { username, password, serveraddress } : undefined
}

const answer = z.object({ ServerURL: z.string().optional().catch(undefined), Username: z.string(), Secret: z.string() })

/** For all keys of a registry together: a helper that hangs for one of them does so for the next. */
const helperTimeoutMs = 10_000

interface HelperLimits {
  /** On the clock of performance.now(). */
  readonly endMs: number
  readonly signal: AbortSignal | undefined
}

const maxAnswerBytes = 256 << 10

/**
 * https://github.com/docker/docker-credential-helpers: the registry on standard input, JSON on standard output. Anything else that a helper
 * does means that it has no credentials.
 */
async function askHelper(
  helper: string,
  serveraddress: string,
  limits: HelperLimits,
): Promise<RegistryAuth | undefined> {
  const output = await runHelper(helper, serveraddress, limits)
  const { data } = answer.safeParse(parseJson(output))
  if (data === undefined || data.Secret === '') return undefined
  const { ServerURL, Username, Secret } = data
  const registry = hubHosts.has(hostOf(serveraddress)) ? 'docker.io' : hostOf(serveraddress)
  if (ServerURL && !isKeyOf(ServerURL, registry)) return undefined
  if (Username === '<token>') return { identitytoken: Secret, serveraddress }
  return Username === '' ? undefined : { username: Username, password: Secret, serveraddress }
}

const hostOf = (key: string): string => key.replace(/^https?:\/\//, '').split('/')[0]!

function runHelper(helper: string, input: string, { endMs, signal }: HelperLimits): Promise<string> {
  const timeout = Math.ceil(endMs - performance.now())
  if (timeout <= 0 || !/^\w[\w.-]*$/.test(helper)) return Promise.resolve('')
  return new Promise((resolve) => {
    // SIGKILL, because a helper that hangs may ignore anything milder.
    const limits = { timeout, killSignal: 'SIGKILL', maxBuffer: maxAnswerBytes } as const
    try {
      const options = { ...limits, cwd: neutralFolder, windowsHide: true, ...(signal ? { signal } : {}) }
      const child = execFile(`docker-credential-${helper}`, ['get'], options, (error, output) =>
        resolve(error ? '' : output),
      )
      child.stdin?.on('error', () => undefined) // the helper does not exist or does not read; the callback knows
      child.stdin?.end(input)
    } catch {
      resolve('') // it cannot be started at all
    }
  })
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}
