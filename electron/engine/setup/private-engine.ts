import { spawn } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { EngineError } from '../../core/failure'
import { chosenEndpoint } from '../docker/endpoints'
import { EngineChoice } from '../docker/engine-choice'
import { type FoundEngine, findEngine } from '../docker/find-engine'
import { makeOwnFolder } from '../store/own-files'
import { privateEngineDirectory, privateEngineSocket, settingsFile } from './data-directory'
import { runCommand } from './run-command'

export interface SetupOptions {
  /** One line on what is being done now. */
  readonly onMessage: (message: string) => void
}

/**
 * The engine that the user chose, or one that answers, or, on Debian or Ubuntu as root, Cutaway's own one. Nothing replaces a chosen engine.
 * Throws engine-unreachable.
 */
export async function ensureEngine(options: SetupOptions): Promise<FoundEngine> {
  try {
    return await new EngineChoice(settingsFile()).find()
  } catch (error) {
    const failure = error instanceof EngineError ? error.failure : undefined
    const isReplaceable = failure?.code === 'engine-unreachable' && failure.chosenBy === undefined
    if (!isReplaceable || !canStartPrivateEngine()) throw error
    try {
      await startPrivateEngine(options)
    } catch (cause) {
      options.onMessage(`Cutaway’s own engine could not be set up: ${(cause as Error).message}`)
      throw error
    }
    return findEngine()
  }
}

/** Only where apt can install one and the user did not name an engine. */
export function canStartPrivateEngine(environment: NodeJS.ProcessEnv = process.env): boolean {
  const isRoot = process.getuid?.() === 0
  return process.platform === 'linux' && isRoot && existsSync('/usr/bin/apt-get') && !chosenEndpoint(environment)
}

/**
 * Installs docker.io where it is missing and starts a daemon with its own data root and socket; no running engine is
 * touched. The daemon outlives this process, so that images and build cache are there next time.
 */
async function startPrivateEngine({ onMessage }: SetupOptions): Promise<void> {
  const directory = privateEngineDirectory()
  await makeOwnFolder(directory)
  const lock = join(directory, 'starting')
  if (!(await takeLock(lock))) {
    onMessage('Another Cutaway is starting the container engine …')
    return waitForEngine(patienceMs.withInstallation)
  }
  try {
    if (!existsSync('/usr/sbin/dockerd')) {
      onMessage('Installing docker.io with apt …')
      await runCommand('apt-get', ['-o', 'DPkg::Lock::Timeout=120', 'update'])
      await runCommand('apt-get', [
        '-o',
        'DPkg::Lock::Timeout=120',
        'install',
        '-y',
        '--no-install-recommends',
        'docker.io',
      ])
    }
    onMessage(`Starting Cutaway’s own container engine in ${directory} …`)
    await rm(join(directory, 'pid'), { force: true })
    launchDaemon(directory)
    await waitForEngine(patienceMs.started)
  } finally {
    await rm(lock, { force: true })
  }
}

export function isPrivateEngineRunning(): boolean {
  return runningDaemon(privateEngineDirectory()) !== undefined
}

/** Ends the private engine if it runs; says whether it did. */
export async function stopPrivateEngine(): Promise<boolean> {
  const directory = privateEngineDirectory()
  const pid = runningDaemon(directory)
  if (pid === undefined) return false
  process.kill(pid, 'SIGTERM')
  for (let tries = 0; tries < 150 && runningDaemon(directory) !== undefined; tries++) await sleep(100)
  await rm(privateEngineSocket(), { force: true })
  // Left mounted by the daemon; its folder could not be removed.
  await runCommand('umount', [join(directory, 'exec/netns/default')]).catch(() => undefined)
  return true
}

function launchDaemon(directory: string): void {
  const log = openSync(join(directory, 'dockerd.log'), 'a', 0o600)
  const flags = [
    `--data-root=${join(directory, 'data')}`,
    `--exec-root=${join(directory, 'exec')}`,
    `--pidfile=${join(directory, 'pid')}`,
    `--host=unix://${privateEngineSocket()}`,
    '--iptables=false',
    '--bridge=none',
  ]
  // Without its own session the daemon would end with the terminal.
  const child = spawn('/usr/sbin/dockerd', flags, { detached: true, stdio: ['ignore', log, log], cwd: '/' })
  child.unref()
  closeSync(log)
}

/** The daemon's process id, if that process is really ours. */
function runningDaemon(directory: string): number | undefined {
  try {
    const pid = Number(readFileSync(join(directory, 'pid'), 'utf8'))
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
    return command.includes(`--data-root=${join(directory, 'data')}`) ? pid : undefined
  } catch {
    return undefined // no pid file, or the process is gone
  }
}

const patienceMs = { started: 30_000, withInstallation: 300_000 }

async function waitForEngine(timeoutMs: number): Promise<void> {
  for (const endMs = Date.now() + timeoutMs; Date.now() < endMs; ) {
    const found = await findEngine().catch(() => undefined)
    if (found?.endpoint.isPrivate) return
    await sleep(100)
  }
  throw new Error(
    `the daemon did not answer within ${timeoutMs / 1000} s; see ${join(privateEngineDirectory(), 'dockerd.log')}`,
  )
}

/** Two processes may want to start the engine at once. A lock whose owner is gone was left by a crash. */
async function takeLock(lock: string): Promise<boolean> {
  const own = String(process.pid)
  try {
    await writeFile(lock, own, { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  if (isAlive(Number(await readFile(lock, 'utf8').catch(() => '')))) return false
  await writeFile(lock, own)
  return true
}

function isAlive(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0)
  } catch {
    return false // no such process
  }
}
