import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { EngineError } from '../../core/failure'
import { chosenEndpoint, localEndpoints } from '../docker/endpoints'
import { EngineChoice } from '../docker/engine-choice'
import { type FoundEngine, findEngine } from '../docker/find-engine'
import { installPackages } from './apt'
import { privateEngineDirectory, privateEngineRunDirectory, privateEngineSocket, settingsFile } from './data-directory'
import { isDaemonInstalled, launchDaemon, prepareFolders } from './engine-daemon'
import { type EngineNetwork, networkOf, obstacleToOwnNetwork } from './engine-network'
import { daemonsOf, type EngineFolders } from './engine-processes'
import { type Lock, takeLock } from './start-lock'
import { sweepEngine } from './sweep'

export interface SetupOptions {
  /** One line on what is being done now. */
  readonly onMessage: (message: string) => void
}

/** What starting an engine does to the machine; tests have their own. */
export interface EngineSetup {
  readonly canStart: () => boolean
  /** The user's engine, or any that answers. Throws engine-unreachable. */
  readonly findAny: () => Promise<FoundEngine>
  /** Whether some engine's socket is there, even if it does not answer yet. */
  readonly hasSocket: () => boolean
  readonly isInstalled: () => boolean
  readonly install: (options: SetupOptions) => Promise<void>
  /** Starts Cutaway's own engine and resolves when it answers. */
  readonly startOwn: (options: SetupOptions) => Promise<FoundEngine>
  readonly takeLock: () => Lock | undefined
}

const patienceMs = { socket: 10_000, otherStart: 900_000, ownDaemon: 30_000 }

/**
 * The engine that the user chose, or one that answers, or, on Debian or Ubuntu as root, Cutaway's own one. Nothing replaces a chosen engine.
 * Throws engine-unreachable.
 */
export async function ensureEngine(
  options: SetupOptions,
  setup: EngineSetup = machineSetup(process.env),
): Promise<FoundEngine> {
  try {
    return await setup.findAny()
  } catch (error) {
    const failure = error instanceof EngineError ? error.failure : undefined
    const isReplaceable = failure?.code === 'engine-unreachable' && failure.chosenBy === undefined
    if (!isReplaceable || !setup.canStart()) throw error
    try {
      return await startOneEngine(options, setup)
    } catch (cause) {
      options.onMessage(`Cutaway’s own engine could not be set up: ${(cause as Error).message}`)
      throw error
    }
  }
}

/** Only where apt can install one and the user did not name an engine. */
export function canStartPrivateEngine(environment: NodeJS.ProcessEnv = process.env): boolean {
  const isRoot = process.getuid?.() === 0
  return process.platform === 'linux' && isRoot && existsSync('/usr/bin/apt-get') && !chosenEndpoint(environment)
}

/** One process starts an engine; others wait for it, and try themselves when it fails. */
async function startOneEngine(options: SetupOptions, setup: EngineSetup): Promise<FoundEngine> {
  let isTold = false
  for (const endMs = Date.now() + patienceMs.otherStart; Date.now() < endMs; await sleep(100)) {
    const lock = setup.takeLock()
    if (lock !== undefined) {
      try {
        return await startWithLock(options, setup)
      } finally {
        lock.release()
      }
    }
    if (!isTold) options.onMessage('Another Cutaway is starting the container engine …')
    isTold = true
    const found = await setup.findAny().catch(() => undefined)
    if (found) return found
  }
  throw new Error('another Cutaway has been starting it for 15 minutes')
}

async function startWithLock(options: SetupOptions, setup: EngineSetup): Promise<FoundEngine> {
  // Another process may have started one since the last look.
  const before = await setup.findAny().catch(() => undefined)
  if (before) return before
  if (!setup.isInstalled()) {
    await setup.install(options)
    // The package starts the machine's engine, unless its policy forbids that.
    const installed = await waitFor(setup.findAny, setup.hasSocket, patienceMs.socket)
    if (installed) return installed
  }
  return setup.startOwn(options)
}

async function waitFor(
  find: () => Promise<FoundEngine>,
  isWorthwhile: () => boolean,
  timeoutMs: number,
): Promise<FoundEngine | undefined> {
  for (const endMs = Date.now() + timeoutMs; ; await sleep(100)) {
    const found = await find().catch(() => undefined)
    if (found || !isWorthwhile() || Date.now() > endMs) return found
  }
}

/** What starting an engine does on this machine. */
export function machineSetup(environment: NodeJS.ProcessEnv): EngineSetup {
  return {
    canStart: () => canStartPrivateEngine(environment),
    findAny: () => new EngineChoice(settingsFile(environment), environment).find(),
    hasSocket: () => localEndpoints(environment).some(({ isPrivate }) => !isPrivate),
    isInstalled: isDaemonInstalled,
    install: (options) => installPackages(['docker.io', 'slirp4netns', 'iproute2'], options),
    startOwn: (options) => startPrivateEngine(options, environment),
    takeLock: () => takeLock(prepareFolders(environment).lock),
  }
}

/**
 * Starts a daemon with its own data root and socket; no other engine is touched. The daemon outlives this process, so that images and build
 * cache are there next time.
 */
async function startPrivateEngine(options: SetupOptions, environment: NodeJS.ProcessEnv): Promise<FoundEngine> {
  const { onMessage } = options
  const [running] = daemonsOf(engineFolders(environment))
  if (running !== undefined) {
    const found = await waitFor(
      () => findOwn(environment),
      () => daemonsOf(engineFolders(environment)).length > 0,
      patienceMs.ownDaemon,
    )
    if (found) return found
    if (daemonsOf(engineFolders(environment)).length > 0)
      throw new Error(`it runs (process ${running}) but does not answer; end it with “cutaway engine stop”`)
  }
  onMessage(`Starting Cutaway’s own container engine in ${privateEngineDirectory(environment)} …`)
  const obstacle = await prepareNetwork(options, environment)
  const first = await launch(obstacle, environment)
  if (first.kind === 'answers') return first.engine
  const why = `a network of its own could not be set up. ${first.words}`
  onMessage('A network of its own could not be set up. Starting the engine in this machine’s network …')
  const second = await launch(why, environment)
  if (second.kind === 'answers') return second.engine
  throw new Error(`the daemon ended. ${second.words}`)
}

/** Installs what a network of its own needs where that is missing. */
async function prepareNetwork(options: SetupOptions, environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  const obstacle = obstacleToOwnNetwork(environment)
  if (obstacle === undefined || !obstacle.endsWith('is not installed')) return obstacle
  try {
    await installPackages(['slirp4netns', 'iproute2'], options)
  } catch (error) {
    return `${obstacle} (${(error as Error).message})`
  }
  return obstacleToOwnNetwork(environment)
}

type Launched =
  | { readonly kind: 'answers'; readonly engine: FoundEngine }
  | { readonly kind: 'no-network'; readonly words: string }

/** Starts the daemon where nothing of an earlier one is left. A daemon that does not come to answer is ended. */
async function launch(machineNetwork: string | undefined, environment: NodeJS.ProcessEnv): Promise<Launched> {
  await sweep(environment)
  const daemon = launchDaemon(prepareFolders(environment), machineNetwork)
  const engine = await waitFor(
    () => findOwn(environment),
    () => daemon.isRunning(),
    patienceMs.ownDaemon,
  )
  if (engine) return { kind: 'answers', engine }
  const isRunning = daemon.isRunning()
  const words = daemon.lastWords()
  const hasNetwork = daemon.hasNetwork()
  await sweep(environment)
  if (!hasNetwork) return { kind: 'no-network', words }
  throw new Error(
    `the daemon ${isRunning ? `did not answer within ${patienceMs.ownDaemon / 1000} s` : 'ended'}. ${words}`,
  )
}

const findOwn = (environment: NodeJS.ProcessEnv): Promise<FoundEngine> =>
  findEngine(environment, { address: `unix://${privateEngineSocket(environment)}` })

/** Whether Cutaway's own engine runs, and which network its builds use. */
export function privateEngineNetwork(environment: NodeJS.ProcessEnv = process.env): EngineNetwork | undefined {
  const [daemon] = daemonsOf(engineFolders(environment))
  return daemon === undefined ? undefined : networkOf(daemon, privateEngineRunDirectory(environment))
}

/** Ends the private engine and all that it left behind; returns whether it ran. */
export async function stopPrivateEngine(environment: NodeJS.ProcessEnv = process.env): Promise<boolean> {
  const folders = engineFolders(environment)
  const daemons = daemonsOf(folders)
  for (const pid of daemons) process.kill(pid, 'SIGTERM')
  for (let tries = 0; tries < 200 && daemonsOf(folders).length > 0; tries++) await sleep(100)
  await sweep(environment)
  return daemons.length > 0
}

const sweep = (environment: NodeJS.ProcessEnv): Promise<void> =>
  sweepEngine(engineFolders(environment), [
    privateEngineSocket(environment),
    // Where earlier versions kept the process id.
    `${privateEngineDirectory(environment)}/pid`,
  ])

/** With the place where earlier versions had the exec-root. */
function engineFolders(environment: NodeJS.ProcessEnv): EngineFolders {
  const directory = privateEngineDirectory(environment)
  return { dataRoot: `${directory}/data`, runFolders: [privateEngineRunDirectory(environment), `${directory}/exec`] }
}
