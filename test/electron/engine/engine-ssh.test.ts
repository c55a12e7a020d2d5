import { createHash } from 'node:crypto'
import { chmodSync, existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer, text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { describeFailure } from '../../../electron/core/describe-failure'
import { drain, EngineClient } from '../../../electron/engine/docker/client'
import { findEngine } from '../../../electron/engine/docker/find-engine'
import { makeFolder } from '../../support/folder'

/** Notes its arguments and process, then does as told; without orders it bridges to the engine's socket. */
const bridge = `
const { appendFileSync, existsSync } = require('node:fs')
appendFileSync(process.env.SSH_LOG, JSON.stringify({ pid: process.pid, args: process.argv.slice(2) }) + '\\n')
const socket = require('node:net').connect({ path: process.env.SSH_SOCKET, allowHalfOpen: true })
process.stdin.pipe(socket)
socket.pipe(process.stdout)
socket.on('close', () => process.exit(0))
`

let folder: string
let log: string

beforeEach(() => {
  folder = makeFolder({ 'bridge.cjs': bridge })
  log = join(folder, 'log')
  vi.stubEnv('SSH_LOG', log)
  vi.stubEnv('SSH_SOCKET', join(folder, 'engine.sock'))
  vi.stubEnv('HOME', makeFolder({}))
  return () => vi.unstubAllEnvs()
})

/** Puts a program called ssh in front of all others. */
function installSsh(script = `exec "${process.execPath}" "${join(folder, 'bridge.cjs')}" "$@"`): void {
  const bin = makeFolder({ ssh: `#!/bin/sh\n${script}\n` })
  chmodSync(join(bin, 'ssh'), 0o755)
  vi.stubEnv('PATH', `${bin}:${process.env.PATH}`)
}

const calls = (): { readonly pid: number; readonly args: readonly string[] }[] =>
  existsSync(log)
    ? readFileSync(log, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
    : []

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** Answers /version, echoes bodies, and turns an attached connection's input into capitals. */
async function startEngine(): Promise<void> {
  const engine = createServer((request, response) => {
    if (request.url === '/version') response.end('{"Version":"1.2"}')
    else if (request.url === '/hangs') response.write('begun')
    else request.pipe(response)
  })
  engine.on('upgrade', (_request, socket: Socket) => {
    socket.write('HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n')
    socket.on('data', (chunk) => socket.write(chunk.toString().toUpperCase()))
    socket.on('end', () => socket.end('END'))
    socket.on('error', () => undefined)
  })
  await new Promise<void>((resolve) => engine.listen(join(folder, 'engine.sock'), resolve))
  onTestFinished(() => {
    engine.close()
    engine.closeAllConnections()
  })
}

const clientFor = (address = 'ssh://me@box:2222'): EngineClient =>
  new EngineClient({ address, origin: 'DOCKER_HOST', certificates: undefined, isPrivate: false })

const reasonFor = async (environment: NodeJS.ProcessEnv): Promise<string> => {
  const error = await findEngine(environment).catch((cause) => cause)
  return error.failure.tried[0].reason
}

describe('an engine over ssh', () => {
  test('is reached through the user’s own ssh, named by DOCKER_HOST or by a context', async () => {
    installSsh()
    await startEngine()
    const { version } = await findEngine({ DOCKER_HOST: 'ssh://me@box:2222' })
    expect(version).toEqual({ name: 'Docker', version: '1.2', isPodman: false })
    const id = createHash('sha256').update('far').digest('hex')
    const meta = JSON.stringify({ Name: 'far', Endpoints: { docker: { Host: 'ssh://box' } } })
    const home = makeFolder({ [`.docker/contexts/meta/${id}/meta.json`]: meta })
    expect((await findEngine({ HOME: home, DOCKER_CONTEXT: 'far' })).version.version).toBe('1.2')
    const before = ['-T', '-o', 'BatchMode=yes', '-o', 'ConnectTimeout=10']
    const after = ['--', 'box', 'docker', 'system', 'dial-stdio']
    expect(calls().map(({ args }) => args)).toEqual([
      [...before, '-l', 'me', '-p', '2222', ...after],
      [...before, ...after],
    ])
  })

  test('serves requests at once and in turn, with large bodies, and no ssh is left behind', async () => {
    installSsh()
    await startEngine()
    const client = clientFor()
    const large = 'x'.repeat(3_000_000)
    const send = async (body: string): Promise<string> =>
      text(await client.stream({ method: 'POST', path: '/echo', body: Readable.from([Buffer.from(body)]) }))
    const replies = await Promise.all([send(large), send('small'), client.version()])
    expect(replies[0] === large).toBe(true)
    expect(replies.slice(1)).toEqual(['small', { name: 'Docker', version: '1.2', isPodman: false }])
    expect(calls()).toHaveLength(3)
    for (let turn = 0; turn < 5; turn++) expect(await send(`again ${turn}`)).toBe(`again ${turn}`)
    expect(calls()).toHaveLength(3)
    await expect.poll(() => calls().filter(({ pid }) => isRunning(pid))).toEqual([])
    expect(await send('after a pause')).toBe('after a pause')
  })

  test('ends its ssh at once when a request is cancelled', async () => {
    installSsh()
    await startEngine()
    const cancel = new AbortController()
    const reply = await clientFor().stream({ method: 'GET', path: '/hangs', signal: cancel.signal })
    cancel.abort()
    await drain(reply).catch(() => undefined)
    await expect.poll(() => calls().filter(({ pid }) => isRunning(pid)), { timeout: 3000 }).toEqual([])
  })

  test('hands over the whole reply to a slow reader, although ssh has ended', async () => {
    const head = 'HTTP/1.1 200 OK\\r\\nConnection: close\\r\\n\\r\\n'
    installSsh(`head -c 10 > /dev/null; printf '${head}'; head -c 200000 /dev/zero; exit 0`)
    const reply = await clientFor().stream({ method: 'GET', path: '/large' })
    await sleep(1500)
    expect((await buffer(reply)).length).toBe(200_000)
  })

  test('ends a program in the place of ssh that ignores SIGTERM', async () => {
    installSsh(`trap '' TERM; echo "{\\"pid\\":$$,\\"args\\":[]}" > ${log}; while :; do sleep 1; done`)
    await clientFor()
      .version({ patienceMs: 1000 })
      .catch(() => undefined)
    onTestFinished(() => {
      for (const { pid } of calls()) if (isRunning(pid)) process.kill(pid, 'SIGKILL')
    })
    await expect.poll(() => calls().filter(({ pid }) => isRunning(pid)), { timeout: 10_000 }).toEqual([])
  })

  test('can be attached to: ending the input leaves the output open', async () => {
    installSsh()
    await startEngine()
    const stream = await clientFor().attach('abc')
    stream.write('hello ')
    stream.end('there ')
    expect(await text(stream)).toBe('HELLO THERE END')
    await expect.poll(() => calls().filter(({ pid }) => isRunning(pid))).toEqual([])
  })
})

describe('what ssh says is the reason', () => {
  test.each([
    [
      'echo "No ED25519 host key is known for box and you have requested strict checking." >&2; echo "Host key verification failed." >&2; exit 255',
      'Host key verification failed',
    ],
    ['echo "me@box: Permission denied (publickey)." >&2; exit 255', 'me@box: Permission denied (publickey)'],
    [
      'head -c 10 > /dev/null; printf "\\033]0;title\\007docker: not found\\n" >&2; exit 127',
      ']0;title docker: not found',
    ],
    ['exit 3', 'ssh ended with status 3'],
    ['kill -9 $$', 'ssh ended with SIGKILL'],
    ['exit 0', 'the connection was closed'],
    ['echo Welcome to this machine', 'it doesn’t speak HTTP'],
  ])('%s', async (script, reason) => {
    installSsh(script)
    expect(await reasonFor({ DOCKER_HOST: 'ssh://me@box' })).toBe(reason)
  })

  test('that it is not installed', async () => {
    vi.stubEnv('PATH', makeFolder({}))
    expect(await reasonFor({ DOCKER_HOST: 'ssh://me@box' })).toBe('the program ssh was not found')
  })

  test('that it is only in the current folder', async () => {
    const project = makeFolder({ ssh: '#!/bin/sh\necho "I ran." >&2; exit 255\n' })
    chmodSync(join(project, 'ssh'), 0o755)
    const before = process.cwd()
    onTestFinished(() => process.chdir(before))
    process.chdir(project)
    vi.stubEnv('PATH', `${makeFolder({})}:`)
    expect(await reasonFor({ DOCKER_HOST: 'ssh://me@box' })).toBe('the program ssh was not found')
  })

  test('that nothing came in time, and the process is ended', async () => {
    installSsh(`echo "{\\"pid\\":$$,\\"args\\":[]}" > ${log}; exec sleep 600`)
    const error = await clientFor()
      .version({ patienceMs: 1000 })
      .catch((cause) => cause)
    expect(error.failure.tried[0].reason).toBe('no answer within 1 s')
    await expect.poll(() => calls().filter(({ pid }) => isRunning(pid))).toEqual([])
  })

  test('after the connection was used', async () => {
    installSsh()
    await startEngine()
    const client = clientFor()
    await client.version()
    await expect.poll(() => calls().filter(({ pid }) => isRunning(pid))).toEqual([])
    installSsh('echo "Permission denied (publickey)." >&2; exit 255')
    const error = await client.info().catch((cause) => cause)
    expect(describeFailure(error.failure).title).toBe(
      'The container engine at ssh://me@box:2222 stopped answering: Permission denied (publickey).',
    )
  })
})

test.each([
  ['Host key verification failed', /^Connect to it once with `ssh` in a terminal/],
  ['me@box: Permission denied (publickey)', /ssh-agent/],
  ['ssh: connect to host box port 22: Connection refused', /Start that engine/],
])('%s: what to do', (reason, advice) => {
  const tried = [{ address: 'ssh://me@box', context: undefined, reason }]
  expect(describeFailure({ code: 'engine-unreachable', tried, chosenBy: 'DOCKER_HOST' }).advice).toMatch(advice)
})

test('a host that looks like an option starts nothing', async () => {
  installSsh(`echo '{"pid":1,"args":[]}' > ${log}`)
  for (const address of ['ssh://-oProxyCommand=x', 'ssh://me@-oProxyCommand=x', 'ssh://box;x', 'ssh://me:pw@box'])
    expect(await reasonFor({ DOCKER_HOST: address })).toMatch(/characters|password/)
  expect(calls()).toEqual([])
})
