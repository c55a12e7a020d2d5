import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { EngineClient } from '../../electron/engine/docker/client'
import { dataDirectory } from '../../electron/engine/setup/data-directory'

/** An engine that a test started beside all others, with its own data, and ends. */
export interface TestEngine {
  readonly client: EngineClient
  /** As `kill -9` would: the engine is gone in the middle of whatever it did. */
  kill(): void
  stop(): Promise<void>
}

export type EngineKind = 'docker-graphdriver' | 'docker-containerd' | 'podman'

/** Docker 26 of Debian 13 runs on Debian 12 too; 20.10 knows no containerd store. */
const suite = 'trixie'

/** Throws with the reason when this machine cannot have one: it takes Debian, root and a Debian mirror. */
export async function startEngine(kind: EngineKind): Promise<TestEngine> {
  const folder = mkdtempSync(join(tmpdir(), 'engine-'))
  const child = kind === 'podman' ? startPodman(folder) : startDocker(folder, kind)
  const client = new EngineClient({
    address: `unix://${join(folder, 'socket')}`,
    origin: 'DOCKER_HOST',
    certificates: undefined,
    isPrivate: true,
  })
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await ended
    }
    unmountBelow(folder)
    rmSync(folder, { recursive: true, force: true })
  }
  for (let attempt = 0; attempt < 1200; attempt++) {
    if (await client.version().catch(() => undefined)) return { client, kill: () => child.kill('SIGKILL'), stop }
    if (child.exitCode !== null) break
    await sleep(100)
  }
  const log = readFileSync(join(folder, 'log'), 'utf8').trim().split('\n').at(-1)
  await stop()
  throw new Error(`The engine ${kind} did not start: ${log}`)
}

function startDocker(folder: string, kind: EngineKind): ChildProcess {
  const programs = join(dockerPrograms(), 'usr')
  const settings = { features: { 'containerd-snapshotter': kind === 'docker-containerd' } }
  writeFileSync(join(folder, 'daemon.json'), JSON.stringify(settings))
  const places = ['--config-file', 'daemon.json', '--data-root', 'data', '--exec-root', 'exec', '-p', 'pid']
  const args = places.map((part) => (part.startsWith('-') ? part : join(folder, part)))
  const network = ['--iptables=false', '--ip6tables=false', '--bridge=none']
  const path = `${programs}/bin:/usr/sbin:/sbin:${process.env.PATH}`
  return start(folder, `${programs}/sbin/dockerd`, [...args, ...network, '-H', `unix://${folder}/socket`], path)
}

function startPodman(folder: string): ChildProcess {
  if (!existsSync('/usr/bin/podman')) {
    apt(['update'])
    apt(['install', '-y', '--no-install-recommends', 'podman', 'runc'])
  }
  const places = ['--root', join(folder, 'data'), '--runroot', join(folder, 'run')]
  const service = ['--runtime', 'runc', '--cgroup-manager', 'cgroupfs', 'system', 'service', '-t', '0']
  const policy = '/etc/containers/policy.json'
  if (!existsSync(policy)) {
    mkdirSync('/etc/containers', { recursive: true })
    writeFileSync(policy, '{"default":[{"type":"insecureAcceptAnything"}]}')
  }
  return start(folder, '/usr/bin/podman', [...places, ...service, `unix://${folder}/socket`], process.env.PATH ?? '')
}

function start(folder: string, program: string, args: readonly string[], path: string): ChildProcess {
  const log = openSync(join(folder, 'log'), 'a')
  const child = spawn(program, args, { stdio: ['ignore', log, log], env: { ...process.env, PATH: path } })
  child.on('error', () => undefined) // the log and the missing socket tell
  closeSync(log)
  return child
}

/** Docker and containerd of another Debian, unpacked beside the installed ones; downloaded once. */
function dockerPrograms(): string {
  const folder = join(dataDirectory(), 'test-engines', suite)
  const root = join(folder, 'root')
  if (existsSync(join(root, 'complete'))) return root
  for (const part of ['state/lists/partial', 'cache/archives/partial', 'packages', 'root'])
    mkdirSync(join(folder, part), { recursive: true })
  const keys = '/usr/share/keyrings/debian-archive-keyring.gpg'
  const sources = join(folder, 'sources.list')
  writeFileSync(sources, `deb [signed-by=${keys}] http://deb.debian.org/debian ${suite} main\n`)
  const options = [
    `Dir::State=${folder}/state`,
    `Dir::Cache=${folder}/cache`,
    `Dir::Etc::sourcelist=${sources}`,
    'Dir::Etc::sourceparts=/dev/null',
    'APT::Sandbox::User=root',
  ].flatMap((option) => ['-o', option])
  apt([...options, 'update'])
  const packages = join(folder, 'packages')
  apt([...options, 'download', 'docker.io', 'containerd', 'tini'], packages)
  for (const file of readdirSync(packages)) spawnSync('dpkg', ['-x', join(packages, file), root])
  writeFileSync(join(root, 'complete'), '')
  return root
}

function apt(args: readonly string[], folder = '/'): void {
  const { status, stderr } = spawnSync('apt-get', ['-q', '-o', 'DPkg::Lock::Timeout=120', ...args], {
    cwd: folder,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`apt-get ${args.at(-1)} failed: ${stderr?.trim().split('\n').at(-1)}`)
}

/** A killed engine leaves its mounts; a folder with mounts cannot be removed. */
function unmountBelow(folder: string): void {
  const mounts = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((path) => path.startsWith(`${folder}/`))
  for (const path of mounts.reverse()) spawnSync('umount', ['-l', path])
}
