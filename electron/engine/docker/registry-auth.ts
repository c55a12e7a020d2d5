import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { dockerConfigFolder } from '../home-directory'

export interface RegistryAuth {
  readonly username: string
  readonly password: string
  readonly serveraddress: string
}

interface DockerConfig {
  readonly auths?: Readonly<Record<string, { readonly auth?: string }>>
  readonly credsStore?: string
  readonly credHelpers?: Readonly<Record<string, string>>
}

/** The keys under which `docker login` files Docker Hub. */
const hubKeys = ['https://index.docker.io/v1/', 'index.docker.io', 'docker.io']

/** What `docker login` left for a registry: in the config file itself or with a credential helper; undefined for neither. */
export async function registryAuth(
  registry: string,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<RegistryAuth | undefined> {
  const config = await readDockerConfig(environment)
  const keys =
    registry === 'docker.io'
      ? hubKeys
      : [registry, `https://${registry}`, `https://${registry}/v1/`, `https://${registry}/v2/`]
  for (const key of keys) {
    const helper = config.credHelpers?.[key] ?? (config.auths?.[key] === undefined ? undefined : config.credsStore)
    const found = helper === undefined ? decodeAuth(key, config.auths?.[key]?.auth) : await askHelper(helper, key)
    if (found) return found
  }
  return undefined
}

async function readDockerConfig(environment: NodeJS.ProcessEnv): Promise<DockerConfig> {
  const folder = dockerConfigFolder(environment)
  try {
    return JSON.parse(await readFile(join(folder, 'config.json'), 'utf8')) as DockerConfig
  } catch {
    return {} // nobody logged in, or the file is not ours to judge
  }
}

function decodeAuth(serveraddress: string, auth: string | undefined): RegistryAuth | undefined {
  const text = auth === undefined ? '' : Buffer.from(auth, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  return colon < 1 ? undefined : { username: text.slice(0, colon), password: text.slice(colon + 1), serveraddress }
}

/** https://github.com/docker/docker-credential-helpers: the registry on standard input, JSON on standard output. */
function askHelper(helper: string, serveraddress: string): Promise<RegistryAuth | undefined> {
  if (!/^[\w.-]+$/.test(helper)) return Promise.resolve(undefined)
  return new Promise((resolve) => {
    const child = execFile(`docker-credential-${helper}`, ['get'], { timeout: 10_000 }, (error, output) => {
      if (error) return resolve(undefined) // no such helper, or it knows nothing of this registry
      const { Username, Secret } = JSON.parse(output) as { Username: string; Secret: string }
      resolve({ username: Username, password: Secret, serveraddress })
    })
    child.stdin?.on('error', () => undefined) // the helper does not exist; the callback says so
    child.stdin?.end(serveraddress)
  })
}
