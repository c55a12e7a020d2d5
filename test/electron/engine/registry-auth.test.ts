import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { EngineClient } from '../../../electron/engine/docker/client'
import { pullImage } from '../../../electron/engine/docker/pull'
import { registryAuth } from '../../../electron/engine/docker/registry-auth'
import { makeFolder } from '../../support/folder'

afterEach(() => void vi.unstubAllEnvs())

const base64 = (text: string): string => Buffer.from(text).toString('base64')
const auth = base64('me:pass:word')

/** A home with this config.json and, where given, the credential helper "test". */
function home(config: unknown, helper?: string): NodeJS.ProcessEnv {
  const folder = makeFolder({ '.docker/config.json': typeof config === 'string' ? config : JSON.stringify(config) })
  if (helper !== undefined) install(folder, helper)
  return { HOME: folder }
}

function install(folder: string, script: string): void {
  const bin = join(folder, 'bin')
  mkdirSync(bin)
  writeFileSync(join(bin, 'docker-credential-test'), script)
  chmodSync(join(bin, 'docker-credential-test'), 0o755)
  vi.stubEnv('PATH', `${bin}:${process.env.PATH}`)
}

describe('logins in the config file', () => {
  test('are found by registry, Docker Hub under its old name', async () => {
    const environment = home({ auths: { 'https://index.docker.io/v1/': { auth }, 'ghcr.io': { auth } } })
    expect(await registryAuth('docker.io', environment)).toEqual({
      username: 'me',
      password: 'pass:word',
      serveraddress: 'https://index.docker.io/v1/',
    })
    expect(await registryAuth('ghcr.io', environment)).toMatchObject({ serveraddress: 'ghcr.io' })
    expect(await registryAuth('quay.io', environment)).toBeUndefined()
    expect(await registryAuth('docker.io', { HOME: '/nowhere' })).toBeUndefined()
  })

  test.each([
    [
      'an identity token',
      { auth: base64('00000000-0000:'), identitytoken: 'it' },
      { username: '00000000-0000', identitytoken: 'it' },
    ],
    ['an identity token alone', { identitytoken: 'it' }, { identitytoken: 'it' }],
    ['a registry token', { registrytoken: 'rt' }, { registrytoken: 'rt' }],
    ['an empty password', { auth: base64('me:') }, { username: 'me', password: '' }],
    ['plain fields', { username: 'me', password: 'p' }, { username: 'me', password: 'p' }],
    ['no colon', { auth: base64('me') }, undefined],
    ['nothing', {}, undefined],
  ])('with %s', async (_what, saved, expected) => {
    const found = await registryAuth('r.io', home({ auths: { 'r.io': saved } }))
    expect(found).toEqual(expected && { ...expected, serveraddress: 'r.io' })
  })

  test('go only to the registry that they are for', async () => {
    const keys = [
      'evil.r.io',
      'r.io.evil',
      'r.io:5000',
      'r.io/team',
      'https://r.io/team/',
      'r.io@evil.io',
      'index.docker.io',
    ]
    const environment = home({ auths: Object.fromEntries(keys.map((key) => [key, { auth }])) })
    expect(await registryAuth('r.io', environment)).toBeUndefined()
    for (const key of ['https://r.io', 'http://r.io/', 'https://r.io/v1/', 'r.io/v2/'])
      expect(await registryAuth('r.io', home({ auths: { [key]: { auth } } }))).toMatchObject({ serveraddress: key })
  })
})

describe('a config file that is not what it should be means no credentials', () => {
  test.each([
    '',
    '{',
    'null',
    '[]',
    '7',
    '"text"',
    '{"auths":null,"credHelpers":[],"credsStore":5}',
    '{"auths":{"r.io":{"auth":5}}}',
    '{"auths":{"r.io":null}}',
    '{"auths":{"r.io":"text"}}',
    '{"auths":["r.io"],"credHelpers":{"r.io":{}}}',
    '{"credsStore":"../../bin/sh"}',
    '{"credsStore":"-x"}',
  ])('%s', async (config) => {
    expect(await registryAuth('r.io', home(config))).toBeUndefined()
  })

  test('a wrong entry does not hide its siblings', async () => {
    const environment = home({ auths: { 'a.io': { auth: 5 }, 'r.io': { auth } }, credsStore: 7, credHelpers: 'x' })
    expect(await registryAuth('r.io', environment)).toMatchObject({ username: 'me' })
  })

  test('a FIFO, a folder, a device and 100 MB', async () => {
    const environment = home('{}')
    const file = join(environment.HOME!, '.docker/config.json')
    const replace = async (make: () => void): Promise<void> => {
      rmSync(file, { recursive: true })
      make()
      expect(await registryAuth('r.io', environment)).toBeUndefined()
    }
    await replace(() => execFileSync('mkfifo', [file]))
    await replace(() => mkdirSync(file))
    await replace(() => symlinkSync('/dev/zero', file))
    await replace(() => {
      writeFileSync(file, `{"auths":{"r.io":{"auth":"${auth}"}}}`.padEnd(100))
      truncateSync(file, 100e6)
    })
  })
})

describe('a credential helper', () => {
  const reply = (json: string): string => `#!/bin/sh\ncat > /dev/null\ncat <<'END'\n${json}\nEND\n`

  test('is asked for the registry', async () => {
    const script = '#!/bin/sh\nread registry\nprintf \'{"Username":"%s","Secret":"s"}\' "$registry"\n'
    expect(await registryAuth('ghcr.io', home({ credHelpers: { 'ghcr.io': 'test' } }, script))).toEqual({
      username: 'ghcr.io',
      password: 's',
      serveraddress: 'ghcr.io',
    })
    expect(await registryAuth('ghcr.io', home({ credHelpers: { 'ghcr.io': 'not-installed' } }))).toBeUndefined()
    expect(await registryAuth('quay.io', home({ credHelpers: { 'ghcr.io': 'test' } }))).toBeUndefined()
  })

  test('of the whole store is asked also when the file has no entry', async () => {
    const log = join(makeFolder({}), 'asked')
    const script = `#!/bin/sh\nread registry\necho "$registry" >> ${log}\necho '{"Username":"me","Secret":"s"}'\n`
    const environment = home({ credsStore: 'test' }, script)
    expect(await registryAuth('docker.io', environment)).toMatchObject({ username: 'me' })
    expect(await registryAuth('r.io', environment)).toMatchObject({ serveraddress: 'r.io' })
    expect(readFileSync(log, 'utf8')).toBe('https://index.docker.io/v1/\nr.io\n')
  })

  test('may have a token in place of a user', async () => {
    const environment = home({ credsStore: 'test' }, reply('{"ServerURL":"r.io","Username":"<token>","Secret":"it"}'))
    expect(await registryAuth('r.io', environment)).toEqual({ identitytoken: 'it', serveraddress: 'r.io' })
  })

  test.each([
    ['text', reply('no credentials here')],
    ['null', reply('null')],
    ['a number', reply('42')],
    ['an array', reply('["me","s"]')],
    ['numbers for fields', reply('{"Username":1,"Secret":2}')],
    ['an empty secret', reply('{"Username":"me","Secret":""}')],
    ['no fields', reply('{}')],
    ['another registry', reply('{"ServerURL":"https://other.io","Username":"me","Secret":"s"}')],
    ['nothing', '#!/bin/sh\nexit 0\n'],
    ['a failure', '#!/bin/sh\necho \'{"Username":"me","Secret":"s"}\'\nexit 1\n'],
    ['its own end', '#!/bin/sh\nkill -9 $$\n'],
    [
      'megabytes',
      '#!/bin/sh\nprintf \'{"Username":"me","Secret":"\'\nhead -c 3000000 /dev/zero | tr "\\0" a\necho \'"}\'\n',
    ],
    ['endless output', '#!/bin/sh\nexec yes\n'],
    ['no program at all', 'not a script\0\u0001'],
    ['an interpreter that is missing', '#!/no/such/interpreter\n'],
  ])('that answers with %s has no credentials', async (_what, script) => {
    expect(await registryAuth('r.io', home({ credHelpers: { 'r.io': 'test' } }, script))).toBeUndefined()
  })

  test('that is a folder has no credentials', async () => {
    const environment = home({ credsStore: 'test' })
    mkdirSync(join(environment.HOME!, 'bin/docker-credential-test'), { recursive: true })
    vi.stubEnv('PATH', join(environment.HOME!, 'bin'))
    expect(await registryAuth('r.io', environment)).toBeUndefined()
  })

  test('that hangs is not waited for again under the next name of the registry', async () => {
    const auths = { 'r.io': {}, 'https://r.io': {}, 'https://r.io/v2/': {} }
    const startMs = performance.now()
    const environment = home({ credsStore: 'test', auths }, '#!/bin/sh\nexec sleep 600\n')
    expect(await registryAuth('r.io', environment)).toBeUndefined()
    expect(performance.now() - startMs).toBeLessThan(18_000)
  })

  test('is not taken from the current folder', async () => {
    const environment = home({ credsStore: 'test' })
    const project = makeFolder({ 'docker-credential-test': reply('{"Username":"me","Secret":"s"}') })
    chmodSync(join(project, 'docker-credential-test'), 0o755)
    const before = process.cwd()
    onTestFinished(() => process.chdir(before))
    process.chdir(project)
    for (const path of [`${process.env.PATH}:`, `.:${process.env.PATH}`]) {
      vi.stubEnv('PATH', path)
      expect(await registryAuth('r.io', environment)).toBeUndefined()
    }
  })

  test('that hangs, ignores signals and holds its output open ends with the pull', async () => {
    const started = join(makeFolder({}), 'started')
    const script = `#!/bin/sh\ntrap '' TERM\necho x > ${started}\nsleep 600 &\necho $! > ${started}.pid\nwait\nwait\n`
    const cancel = new AbortController()
    const asked = registryAuth('r.io', home({ credHelpers: { 'r.io': 'test' } }, script), cancel.signal)
    await expect.poll(() => readIfThere(`${started}.pid`)).toMatch(/\d/)
    onTestFinished(() => void process.kill(Number(readFileSync(`${started}.pid`, 'utf8')), 'SIGKILL'))
    cancel.abort()
    expect(await asked).toBeUndefined()
  })
})

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

test('credentials go to the engine with the pull', async () => {
  vi.stubEnv('DOCKER_CONFIG', join(home({ auths: { 'ghcr.io': { auth } } }).HOME!, '.docker'))
  const socket = join(makeFolder({}), 'engine.sock')
  const sent: unknown[] = []
  const server = createServer(({ headers }, response) => {
    const header = headers['x-registry-auth']
    sent.push(header === undefined ? undefined : JSON.parse(Buffer.from(String(header), 'base64url').toString()))
    response.end('{}')
  })
  await new Promise<void>((resolve) => server.listen(socket, resolve))
  onTestFinished(() => void server.close())
  const address = `unix://${socket}`
  const client = new EngineClient({ address, origin: 'usual socket', certificates: undefined, isPrivate: false })
  await pullImage(client, 'ghcr.io/a/b:1')
  await pullImage(client, 'quay.io/a/b:1')
  expect(sent).toEqual([{ username: 'me', password: 'pass:word', serveraddress: 'ghcr.io' }, undefined])
})
