import { execFileSync, spawn } from 'node:child_process'
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import tar from 'tar-stream'
import { afterAll, afterEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import type { BuildEvent } from '../../electron/core/build/build-event'
import { EngineError } from '../../electron/core/failure'
import { runBuild } from '../../electron/engine/docker/build'
import type { EngineClient } from '../../electron/engine/docker/client'
import { type FoundEngine, findEngine } from '../../electron/engine/docker/find-engine'
import { runImage } from '../../electron/engine/run/run-image'
import { privateEngineRunDirectory, privateEngineSocket } from '../../electron/engine/setup/data-directory'
import { isDaemonInstalled } from '../../electron/engine/setup/engine-daemon'
import {
  canStartPrivateEngine,
  ensureEngine,
  machineSetup,
  privateEngineNetwork,
  stopPrivateEngine,
} from '../../electron/engine/setup/private-engine'
import { isProcessRunning, listImages } from '../support/engine'
import { makeFolder } from '../support/folder'

/** An engine beside any other: its data is in a folder of its own, and it counts as the only one of this machine. */
const environment: NodeJS.ProcessEnv = {
  ...process.env,
  HOME: '/nowhere',
  DOCKER_HOST: undefined,
  CUTAWAY_DATA: mkdtempSync(join(tmpdir(), 'cutaway-own-engine-')),
}
const folder = join(environment.CUTAWAY_DATA!, 'engine')
const run = privateEngineRunDirectory(environment)
const canStart = canStartPrivateEngine(environment) && isDaemonInstalled()
if (!canStart) console.warn('Tests of Cutaway’s own engine are skipped: it starts on Debian and Ubuntu as root only.')

const findOwn = (): Promise<FoundEngine> =>
  findEngine(environment, { address: `unix://${privateEngineSocket(environment)}` }).catch(() => {
    throw new EngineError({ code: 'engine-unreachable', tried: [], chosenBy: undefined })
  })

const start = (): Promise<FoundEngine> =>
  ensureEngine(
    { onMessage: () => undefined },
    { ...machineSetup(environment), findAny: findOwn, hasSocket: () => false },
  )

/** A program of this machine with the libraries that it needs. */
function filesOf(program: string): string[] {
  const listed = execFileSync('ldd', [program], { encoding: 'utf8' })
  return [program, ...[...listed.matchAll(/(\/\S+) \(0x/g)].map(([, path]) => path!)]
}

/** Runs a shell command as a build step; returns what it printed. */
async function step(client: EngineClient, command: string, signal = new AbortController().signal): Promise<string> {
  const context = tar.pack()
  for (const path of new Set(['/bin/bash', '/bin/cat', '/bin/sleep'].flatMap(filesOf)))
    context.entry({ name: `root${path}`, mode: 0o755 }, readFileSync(path))
  const dockerfile = `FROM scratch\nCOPY root /\nSHELL ["/bin/bash", "-c"]\nRUN ${command}\nCMD ["/bin/bash"]\n`
  context.entry({ name: 'Dockerfile' }, dockerfile)
  context.finalize()
  let output = ''
  const request = {
    context: Readable.from(context),
    dockerfile: 'Dockerfile',
    target: undefined,
    noCache: false,
    labels: {},
  }
  const onEvent = (event: BuildEvent): void => {
    if (event.kind === 'log') output += event.text
    if (event.kind === 'error') output += event.message
  }
  await runBuild(client, request, { signal, onEvent })
  return output
}

const daemonPid = (): number => Number(readFileSync(join(run, 'pid'), 'utf8'))

/** Every process that has one of the engine's folders in its command line. */
const isAnyRunning = (): boolean => isProcessRunning(run) || isProcessRunning(folder)

const mounts = (): string[] =>
  readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .filter((line) => line.includes(run) || line.includes(folder))

describe.skipIf(!canStart)('Cutaway’s own engine', () => {
  afterEach(() => stopPrivateEngine(environment))
  afterAll(() => rmSync(environment.CUTAWAY_DATA!, { recursive: true, force: true }))

  test('a build step reaches neither local services nor abstract sockets nor the metadata address', async () => {
    const { client } = await start()
    expect(privateEngineNetwork(environment)).toEqual({ kind: 'own' })
    const server = createServer((socket) => socket.destroy())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const abstract = createServer()
    const name = `cutaway-test-${process.pid}`
    await new Promise<void>((resolve) => abstract.listen(`\0${name}`, resolve))
    onTestFinished(() => {
      server.close()
      abstract.close()
    })
    expect(readFileSync('/proc/net/unix', 'utf8')).toContain(`@${name}`)
    const { port } = server.address() as { port: number }
    const targets = [`127.0.0.1/${port}`, `10.0.2.2/${port}`, '169.254.169.254/80']
    const tries = targets.map((target) => `(exec 3<>/dev/tcp/${target}) && echo "reached ${target}"`)
    const output = await step(client, `cat /proc/net/unix; ${tries.join('; ')}; echo "asked $((40 + 2))"`)
    expect(output).toContain('asked 42')
    expect(output).not.toContain(name)
    expect(output).not.toContain('reached')
    expect(output).toContain('Connection refused')
  })

  test('a run has a network if that was asked for, and it is not the machine’s', async () => {
    vi.stubEnv('CUTAWAY_DATA', environment.CUTAWAY_DATA)
    onTestFinished(() => void vi.unstubAllEnvs())
    const { client } = await start()
    await step(client, 'echo image')
    const [image] = await listImages(client)
    const routes = async (hasNetwork: boolean): Promise<string> => {
      const ask = { input: 'cat /proc/net/route; exit\n', seconds: 20, port: undefined, path: '/', hasNetwork }
      const signal = new AbortController().signal
      return (await runImage(client, image!.id, { ...ask, probeImage: undefined, signal })).stdout
    }
    expect(await routes(true)).toContain('tap0')
    expect(await routes(false)).not.toContain('tap0')
  })

  test('only its owner may talk to it', async () => {
    await start()
    const socket = statSync(join(folder, 'docker.sock'))
    expect([socket.uid, socket.gid, socket.mode & 0o007]).toEqual([0, 0, 0])
    for (const path of [folder, run]) expect(statSync(path).mode & 0o777).toBe(0o700)
  })

  test('after its daemon was killed in a build, nothing of it goes on once the next one has started', async () => {
    const { client } = await start()
    const mark = 54321 + process.pid
    const build = step(client, `sleep ${mark}`).catch((error) => error)
    await expect.poll(() => isProcessRunning(`sleep ${mark}`), { timeout: 20_000 }).toBe(true)
    process.kill(daemonPid(), 'SIGKILL')
    await build
    // What a power loss leaves: the id of a process that is another one now.
    writeFileSync(join(run, 'exec/containerd/containerd.pid'), '1')
    await start()
    expect(isProcessRunning(`sleep ${mark}`)).toBe(false)
    expect(await step((await findOwn()).client, 'echo "again $((40 + 2))"')).toContain('again 42')
  })

  test('two that start at once start one engine', async () => {
    const [one, other] = await Promise.all([start(), start()])
    expect(one.endpoint).toEqual(other.endpoint)
    const daemons = readdirSync('/proc').filter((pid) => {
      if (!/^\d+$/.test(pid) || !existsSync(`/proc/${pid}/cmdline`)) return false
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      return command.startsWith('/usr/sbin/dockerd') && command.includes(folder)
    })
    expect(daemons).toHaveLength(1)
  })

  test('stopping it leaves no process, mount or socket', async () => {
    const { client } = await start()
    await step(client, 'echo x')
    expect(await stopPrivateEngine(environment)).toBe(true)
    expect([isAnyRunning(), mounts(), existsSync(run), existsSync(join(folder, 'docker.sock'))]).toEqual([
      false,
      [],
      false,
      false,
    ])
    expect(await stopPrivateEngine(environment)).toBe(false)
  })

  test('behind a proxy on a loopback address it shares the machine’s network and says why', async () => {
    environment.https_proxy = 'http://127.0.0.1:3128'
    onTestFinished(() => {
      delete environment.https_proxy
    })
    await start()
    expect(privateEngineNetwork(environment)).toEqual({
      kind: 'machine',
      why: 'https_proxy is on this machine’s loopback address',
    })
  })

  test('where a network of its own cannot be set up it shares the machine’s, and says what was refused', async () => {
    const programs = makeFolder({ slirp4netns: '#!/bin/sh\necho "open(tun): not permitted"\nexit 1\n' })
    chmodSync(join(programs, 'slirp4netns'), 0o755)
    vi.stubEnv('PATH', `${programs}:${process.env.PATH}`)
    onTestFinished(() => void vi.unstubAllEnvs())
    const { client } = await start()
    const why = expect.stringMatching(
      /^a network of its own could not be set up\. Its log says: .*open\(tun\): not permitted/,
    )
    expect(privateEngineNetwork(environment)).toEqual({ kind: 'machine', why })
    expect(await step(client, 'echo "built $((40 + 2))"')).toContain('built 42')
  })

  test('also in the machine’s network, a killed daemon leaves nothing that its end does not find', async () => {
    environment.https_proxy = 'http://127.0.0.1:3128'
    onTestFinished(() => {
      delete environment.https_proxy
    })
    const { client } = await start()
    const mark = 64321 + process.pid
    const build = step(client, `sleep ${mark}`).catch((error) => error)
    await expect.poll(() => isProcessRunning(`sleep ${mark}`), { timeout: 20_000 }).toBe(true)
    process.kill(daemonPid(), 'SIGKILL')
    await build
    expect(mounts()).not.toEqual([])
    await stopPrivateEngine(environment)
    expect([isProcessRunning(`sleep ${mark}`), isAnyRunning(), mounts()]).toEqual([false, false, []])
  })

  test('an engine of an earlier version is used as it is, and the next start replaces it with its images', async () => {
    mkdirSync(folder, { recursive: true })
    const flags = [
      `--data-root=${join(folder, 'data')}`,
      `--exec-root=${join(folder, 'exec')}`,
      `--pidfile=${join(folder, 'pid')}`,
      `--host=unix://${join(folder, 'docker.sock')}`,
      '--iptables=false',
      '--bridge=none',
    ]
    const log = openSync(join(folder, 'dockerd.log'), 'a')
    spawn('/usr/sbin/dockerd', flags, { detached: true, stdio: ['ignore', log, log], cwd: '/' }).unref()
    closeSync(log)
    await expect.poll(() => findOwn().catch(() => undefined), { timeout: 30_000 }).toBeDefined()
    const { client } = await start()
    expect(privateEngineNetwork(environment)).toMatchObject({ kind: 'machine' })
    expect(await step(client, 'echo "old $((40 + 2))"')).toContain('old 42')
    const before = await listImages(client)
    await stopPrivateEngine(environment)
    expect([existsSync(join(folder, 'exec')), existsSync(join(folder, 'pid')), isAnyRunning()]).toEqual([
      false,
      false,
      false,
    ])
    const next = await start()
    expect(privateEngineNetwork(environment)).toEqual({ kind: 'own' })
    expect(await listImages(next.client)).toEqual(before)
  })

  test('a daemon that ends at once is reported with its last words, and nothing of it stays', async () => {
    await start()
    await stopPrivateEngine(environment)
    rmSync(join(folder, 'data/image'), { recursive: true, force: true })
    rmSync(join(folder, 'data/containers'), { recursive: true, force: true })
    writeFileSync(join(folder, 'data/containers'), 'a file in the place of a folder')
    onTestFinished(() => rmSync(join(folder, 'data/containers'), { force: true }))
    const messages: string[] = []
    const setup = { ...machineSetup(environment), findAny: findOwn, hasSocket: () => false }
    await expect(ensureEngine({ onMessage: (text) => messages.push(text) }, setup)).rejects.toThrow()
    expect(messages.at(-1)).toMatch(
      /^Cutaway’s own engine could not be set up: the daemon ended\. Its log says: .*containers/,
    )
    expect(isAnyRunning()).toBe(false)
  })
})
