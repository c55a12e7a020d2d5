import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { dockerConfigFolder } from '../home-directory'

const maxBytes = 4 << 20

/**
 * The content of a small file. Throws for anything that isn't a regular file of at most 4 MiB: a FIFO would block, and a device never ends.
 */
export function readSmallFile(file: string): Buffer {
  const descriptor = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  try {
    const status = fstatSync(descriptor)
    if (!status.isFile()) throw new Error('not a regular file')
    if (status.size > maxBytes) throw new Error('too large')
    const bytes = Buffer.alloc(status.size)
    let length = 0
    while (length < bytes.length) {
      const count = readSync(descriptor, bytes, length, bytes.length - length, null)
      if (count === 0) break
      length += count
    }
    return bytes.subarray(0, length)
  } finally {
    closeSync(descriptor)
  }
}

// Anyone may have written these files. A field of the wrong type counts as absent and does not spoil its siblings.
const text = z.string().optional().catch(undefined)
const table = z.record(z.string(), z.unknown()).catch({})

const login = z.object({ auth: text, username: text, password: text, identitytoken: text, registrytoken: text })

/** What `docker login` saved for one registry. */
export type SavedLogin = z.infer<typeof login>

const configFile = z.object({ currentContext: text, credsStore: text, credHelpers: table, auths: table })

/** Docker's `config.json`, as far as Cutaway reads it. */
export interface DockerConfig {
  readonly currentContext: string | undefined
  /** Suffix of the credential helper for every registry. */
  readonly credsStore: string | undefined
  /** Suffixes of credential helpers by registry. */
  readonly credHelpers: ReadonlyMap<string, string>
  readonly auths: ReadonlyMap<string, SavedLogin>
}

/** Reads `config.json`. An absent, unreadable or invalid file counts as an empty one, as it does for `docker`. */
export function readDockerConfig(environment: NodeJS.ProcessEnv): DockerConfig {
  const { currentContext, credsStore, credHelpers, auths } = configFile.parse(
    asObject(readJson(join(dockerConfigFolder(environment), 'config.json'))),
  )
  return {
    currentContext,
    credsStore,
    credHelpers: new Map(
      Object.entries(credHelpers).flatMap(([registry, name]) => (typeof name === 'string' ? [[registry, name]] : [])),
    ),
    auths: new Map(Object.entries(auths).map(([registry, saved]) => [registry, login.parse(asObject(saved))])),
  }
}

const contextFile = z.object({
  Name: text,
  Endpoints: z
    .object({ docker: z.object({ Host: text, SkipTLSVerify: z.boolean().optional().catch(undefined) }) })
    .optional()
    .catch(undefined),
})

/** The `meta.json` of a docker context. */
export type ContextFile = z.infer<typeof contextFile>

/** Reads a context's `meta.json`; undefined when it is absent, unreadable or not a JSON object. */
export function readContextFile(file: string): ContextFile | undefined {
  const value = readJson(file)
  return isObject(value) ? contextFile.parse(value) : undefined
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readSmallFile(file).toString('utf8'))
  } catch {
    return undefined // for a settings file of another program, unreadable is the same as absent
  }
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const asObject = (value: unknown): object => (isObject(value) ? value : {})
