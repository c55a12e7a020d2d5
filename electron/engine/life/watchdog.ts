import { type ChildProcess, spawn } from 'node:child_process'
import { sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { EngineClient } from '../docker/client'
import type { Endpoint } from '../docker/endpoints'
import { thisOwner } from './owner'

/** What the watchdog process is told, as JSON in its last argument. */
export interface WatchOrder {
  readonly owner: string
  readonly ownerPid: number
  readonly endpoint: Endpoint
}

/** The argument that makes the packaged app a watchdog instead of opening a window. */
export const watchdogFlag = '--cutaway-watchdog'

interface Watchdog {
  readonly child: ChildProcess
  readonly forget: () => void
  users: number
  idle: NodeJS.Timeout | undefined
}

const idleMs = 10_000
const running = new Map<string, Watchdog>()
let script: URL | undefined

/** Names the script of the watchdog process. Each entry point does so once; without it, nothing is watched. */
export function setWatchdogScript(url: URL): void {
  script = url
}

/**
 * Starts a process that outlives this one and removes the containers and leased images of this process from the engine as soon as it has
 * ended, however it ends, and containers past their deadline in any case. Call the returned function when nothing is left to watch.
 */
export function watchOver({ endpoint }: EngineClient): () => void {
  if (script === undefined) return () => undefined
  const watchdog = running.get(endpoint.address) ?? start(script, endpoint)
  clearTimeout(watchdog.idle)
  watchdog.users++
  return () => {
    watchdog.users--
    if (watchdog.users > 0) return
    // Starting another one for the next container would take longer than waiting does.
    watchdog.idle = setTimeout(() => {
      // Its end is told later, and until then it would be taken for one that watches.
      watchdog.forget()
      watchdog.child.kill('SIGKILL')
    }, idleMs).unref()
  }
}

function start(url: URL, endpoint: Endpoint): Watchdog {
  const order: WatchOrder = { owner: thisOwner(), ownerPid: process.pid, endpoint }
  const [program, ...args] = watchdogCommand(url)
  const child = spawn(program, [...args, JSON.stringify(order)], {
    // In a session of its own, so that neither Ctrl+C nor a closed terminal ends it.
    detached: true,
    stdio: 'ignore',
    cwd: '/',
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
  })
  child.unref()
  const forget = (): void => {
    if (running.get(endpoint.address) === watchdog) running.delete(endpoint.address)
  }
  const watchdog: Watchdog = { child, forget, users: 0, idle: undefined }
  child.on('exit', forget)
  // A system that starts no more processes: the sweep of the next start does its work.
  child.on('error', forget)
  running.set(endpoint.address, watchdog)
  return watchdog
}

/** The packaged app refuses to run scripts as Node does, so it is started as itself. */
function watchdogCommand(url: URL): readonly [string, ...string[]] {
  const path = fileURLToPath(url)
  return path.includes(`app.asar${sep}`) ? [process.execPath, watchdogFlag] : [process.execPath, path]
}
