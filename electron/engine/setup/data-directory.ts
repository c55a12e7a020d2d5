import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { absoluteFolder, fromStart, homeDirectory } from '../home-directory'

/**
 * Cutaway's own folder: CUTAWAY_DATA, or the platform's folder for application data. A relative CUTAWAY_DATA counts from the folder
 * that Cutaway was started in. Empty variables, and relative ones of the platform, are ignored.
 */
export function dataDirectory(environment: NodeJS.ProcessEnv = process.env): string {
  if (environment.CUTAWAY_DATA) return fromStart(environment.CUTAWAY_DATA, environment)
  const home = homeDirectory(environment)
  if (process.platform === 'darwin') return join(home, 'Library/Application Support/cutaway')
  if (process.platform === 'win32')
    return join(absoluteFolder(environment.LOCALAPPDATA) ?? join(home, 'AppData/Local'), 'cutaway')
  return join(absoluteFolder(environment.XDG_DATA_HOME) ?? join(home, '.local/share'), 'cutaway')
}

export const privateEngineDirectory = (environment?: NodeJS.ProcessEnv): string =>
  join(dataDirectory(environment), 'engine')

export const indexCacheFolder = (environment?: NodeJS.ProcessEnv): string =>
  join(dataDirectory(environment), 'index-cache')

export const settingsFile = (environment?: NodeJS.ProcessEnv): string =>
  join(dataDirectory(environment), 'settings.json')

export const recentFile = (environment?: NodeJS.ProcessEnv): string => join(dataDirectory(environment), 'recent.json')

/**
 * For what must not outlast the machine's uptime (process ids, sockets, mounts): in /run, which is empty after a reboot.
 * A hash of the data directory keeps two of them apart, and the path short enough for sockets.
 */
export const privateEngineRunDirectory = (environment?: NodeJS.ProcessEnv): string =>
  `/run/cutaway-${createHash('sha256').update(privateEngineDirectory(environment)).digest('hex').slice(0, 12)}`

/** In the engine's directory, or in /run where that path is too long for a socket (107 bytes). */
export function privateEngineSocket(environment?: NodeJS.ProcessEnv): string {
  const socket = join(privateEngineDirectory(environment), 'docker.sock')
  if (Buffer.byteLength(socket) <= 100) return socket
  const run = privateEngineRunDirectory(environment)
  // Where earlier versions put it: their engine may still run.
  const older = `${run}.sock`
  return existsSync(older) ? older : join(run, 'docker.sock')
}
