import { createHash } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { readContextFile } from './docker-config'
import type { Endpoint } from './endpoint'
import { isAbsent } from './tls-settings'

/** The endpoint of a context; one with a `problem` when there is no such context. Its folder is named after the digest of its name. */
export function contextNamed(configFolder: string, name: string): Endpoint {
  return contextOf(configFolder, createHash('sha256').update(name).digest('hex'), name)
}

/** The endpoints of all contexts that `docker context ls` would list, damaged ones included. */
export function allContexts(configFolder: string): Endpoint[] {
  let ids: string[] = []
  try {
    ids = readdirSync(join(configFolder, 'contexts/meta')).sort()
  } catch {
    // no context was ever created
  }
  return ids.map((id) => contextOf(configFolder, id, undefined))
}

function contextOf(configFolder: string, id: string, name: string | undefined): Endpoint {
  const folder = join(configFolder, 'contexts/meta', id)
  const context = readContextFile(join(folder, 'meta.json'))
  const docker = context?.Endpoints?.docker
  const shared = { origin: 'docker context', name: name ?? context?.Name ?? id.slice(0, 12), isPrivate: false } as const
  if (docker?.Host) {
    const certificates = certificatesOf(join(configFolder, 'contexts/tls', id))
    const tls = docker.SkipTLSVerify ? 'unverified' : 'verified'
    const usesTls = (certificates !== undefined || docker.SkipTLSVerify) && !/^(unix|npipe|ssh):/i.test(docker.Host)
    return { ...shared, address: docker.Host.trim(), certificates, ...(usesTls ? { tls } : {}) }
  }
  return { ...shared, address: '', certificates: undefined, problem: problemOf(folder, context !== undefined) }
}

function problemOf(folder: string, isReadable: boolean): string {
  if (isReadable) return 'it has no address of a Docker engine'
  return existsSync(folder) ? `${join(folder, 'meta.json')} cannot be read` : 'there is no docker context of this name'
}

/** Docker removes the folder of a context that uses no TLS. An empty or unreadable one still means that TLS was asked for. */
function certificatesOf(folder: string): string | undefined {
  const certificates = join(folder, 'docker')
  return isAbsent(certificates) ? undefined : certificates
}
