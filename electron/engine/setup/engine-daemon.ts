import { spawn } from 'node:child_process'
import { chmodSync, closeSync, existsSync, mkdirSync, openSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { privateEngineDirectory, privateEngineRunDirectory, privateEngineSocket } from './data-directory'
import { hasIpv6Route, insideScript, networkReasonFile, ownNetworkScript, resolverFile } from './engine-network'

const daemonProgram = '/usr/sbin/dockerd'

export const isDaemonInstalled = (): boolean => existsSync(daemonProgram)

/** Paths of Cutaway's own engine. */
export interface DaemonPaths {
  readonly directory: string
  readonly run: string
  readonly socket: string
  readonly log: string
  /** Held by the process that starts the engine. */
  readonly lock: string
}

/** Makes the folders of the engine, which are for their owner only. */
export function prepareFolders(environment: NodeJS.ProcessEnv): DaemonPaths {
  const directory = privateEngineDirectory(environment)
  const run = privateEngineRunDirectory(environment)
  for (const folder of [directory, run]) {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    chmodSync(folder, 0o700)
  }
  const socket = privateEngineSocket(environment)
  return { directory, run, socket, log: join(directory, 'dockerd.log'), lock: join(directory, 'starting') }
}

/** A daemon that was just started. */
export interface LaunchedDaemon {
  readonly isRunning: () => boolean
  /** Whether it came as far as the daemon itself: its network was set up, or is the machine's. */
  readonly hasNetwork: () => boolean
  /** The end of what it wrote to its log since it was started. */
  readonly lastWords: () => string
}

/** Starts the daemon in a network of its own, or in the machine's for the reason that is given. */
export function launchDaemon(paths: DaemonPaths, machineNetwork: string | undefined): LaunchedDaemon {
  const { directory, run, socket, log } = paths
  writeFileSync(join(run, 'daemon.json'), daemonSettings(readText('/etc/docker/daemon.json')), { mode: 0o600 })
  const daemon = [
    daemonProgram,
    `--config-file=${join(run, 'daemon.json')}`,
    `--data-root=${join(directory, 'data')}`,
    `--exec-root=${join(run, 'exec')}`,
    `--pidfile=${join(run, 'pid')}`,
    `--host=unix://${socket}`,
    '--group=root',
    '--iptables=false',
    '--bridge=none',
  ]
  const output = openSync(log, 'a', 0o600)
  const logStart = statSync(log).size
  const command = machineNetwork === undefined ? ownNetworkCommand(paths, daemon) : daemon
  if (machineNetwork !== undefined) writeFileSync(join(run, networkReasonFile), machineNetwork)
  // Without its own session the daemon would end with the terminal.
  const child = spawn(command[0]!, command.slice(1), { detached: true, stdio: ['ignore', output, output], cwd: '/' })
  let hasFailed = false
  child.on('error', () => {
    hasFailed = true
  })
  child.unref()
  closeSync(output)
  return {
    isRunning: () => !hasFailed && child.exitCode === null && child.signalCode === null,
    hasNetwork: () => machineNetwork !== undefined || existsSync(join(run, 'network-is-own')),
    lastWords: () => lastWords(readFileSync(log).subarray(logStart).toString('utf8'), log),
  }
}

function ownNetworkCommand({ run, log }: DaemonPaths, daemon: readonly string[]): string[] {
  const hasIpv6 = hasIpv6Route(readText('/proc/net/ipv6_route'))
  writeFileSync(join(run, 'resolv.conf'), resolverFile(readText('/etc/resolv.conf'), hasIpv6))
  if (hasIpv6) writeFileSync(join(run, 'ipv6'), '')
  const options = hasIpv6 ? '--enable-ipv6' : ''
  const [outside, inside] = [join(run, 'start.sh'), join(run, 'inside.sh')]
  writeFileSync(outside, ownNetworkScript, { mode: 0o600 })
  writeFileSync(inside, insideScript, { mode: 0o600 })
  return ['sh', outside, run, log, options, inside, ...daemon]
}

/**
 * Settings of the machine's own daemon that concern registries; any other could contradict our flags, and then the daemon does not start.
 * Returns the text of a daemon.json.
 */
export function daemonSettings(machines: string): string {
  let settings: unknown
  try {
    settings = JSON.parse(machines)
  } catch {
    settings = {} // there is none, or the machine's daemon could not read it either
  }
  const kept = Object.entries(settings ?? {}).filter(([key]) =>
    ['registry-mirrors', 'insecure-registries'].includes(key),
  )
  return `${JSON.stringify(Object.fromEntries(kept))}\n`
}

/** What a daemon said last, without the parts of a line that only a program reads. */
export function lastWords(text: string, log: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const telling = lines.filter((line) => /level=(error|fatal)|failed|unable/i.test(line))
  const words = (telling.length > 0 ? telling : lines)
    .slice(-3)
    .map((line) => /msg="((?:[^"\\]|\\.)*)"/.exec(line)?.[1]?.replaceAll('\\"', '"') ?? line)
  return words.length === 0 ? `Its log is empty: ${log}` : `Its log says: ${words.join(' / ')} (${log})`
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return '' // this machine has none
  }
}
