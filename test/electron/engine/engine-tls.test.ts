import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { dirname, join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { EngineClient } from '../../../electron/engine/docker/client'
import { candidateEndpoints, endpointAt } from '../../../electron/engine/docker/endpoints'
import { EngineChoice } from '../../../electron/engine/docker/engine-choice'
import { findEngine } from '../../../electron/engine/docker/find-engine'
import { makeCertificate } from '../../support/certificates'
import { makeFolder } from '../../support/folder'

async function portOf(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}

/** The first bytes that come in on every connection. */
async function listen(): Promise<{ readonly port: number; readonly heard: string[] }> {
  const heard: string[] = []
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', (bytes) => {
      heard.push(bytes.toString('latin1'))
      socket.destroy()
    })
  })
  return { port: await portOf(server), heard }
}

const idOf = (name: string): string => createHash('sha256').update(name).digest('hex')

/** A home with the context "far", in use. */
function homeWithContext(docker: object, tls: Readonly<Record<string, string>> = {}): string {
  const id = idOf('far')
  const pems = Object.entries(tls).map(([name, text]) => [`.docker/contexts/tls/${id}/docker/${name}`, text])
  return makeFolder({
    '.docker/config.json': '{"currentContext":"far"}',
    [`.docker/contexts/meta/${id}/meta.json`]: JSON.stringify({ Name: 'far', Endpoints: { docker } }),
    ...Object.fromEntries(pems),
  })
}

const authority = makeCertificate('authority')
const server = makeCertificate('server', authority)
const user = makeCertificate('user', authority)

const reasonFor = async (environment: NodeJS.ProcessEnv): Promise<string> => {
  const error = await findEngine(environment).catch((cause) => cause)
  return error.failure.tried[0].reason
}

describe('TLS that was asked for is never left out', () => {
  test.each([
    ['https', (port: number) => ({ DOCKER_HOST: `https://127.0.0.1:${port}` })],
    ['DOCKER_TLS_VERIFY=1', (port: number) => ({ DOCKER_HOST: `tcp://127.0.0.1:${port}`, DOCKER_TLS_VERIFY: '1' })],
    ['DOCKER_TLS_VERIFY=no', (port: number) => ({ DOCKER_HOST: `tcp://127.0.0.1:${port}`, DOCKER_TLS_VERIFY: 'no' })],
    [
      'http and DOCKER_TLS_VERIFY',
      (port: number) => ({ DOCKER_HOST: `http://127.0.0.1:${port}`, DOCKER_TLS_VERIFY: '1' }),
    ],
    ['no scheme', (port: number) => ({ DOCKER_HOST: `127.0.0.1:${port}`, DOCKER_TLS_VERIFY: '1' })],
    ['DOCKER_TLS', (port: number) => ({ DOCKER_HOST: `tcp://127.0.0.1:${port}`, DOCKER_TLS: '1' })],
    [
      'a context with ca.pem',
      (port: number) => ({ HOME: homeWithContext({ Host: `tcp://127.0.0.1:${port}` }, { 'ca.pem': authority.cert }) }),
    ],
    [
      'a context with a key and its certificate',
      (port: number) => ({
        HOME: homeWithContext({ Host: `tcp://127.0.0.1:${port}` }, { 'cert.pem': user.cert, 'key.pem': user.key }),
      }),
    ],
    ['a context with https', (port: number) => ({ HOME: homeWithContext({ Host: `https://127.0.0.1:${port}` }) })],
    [
      'a context that skips checks',
      (port: number) => ({ HOME: homeWithContext({ Host: `tcp://127.0.0.1:${port}`, SkipTLSVerify: true }) }),
    ],
  ])('%s', async (_what, environmentFor) => {
    const { port, heard } = await listen()
    await reasonFor({ HOME: makeFolder({}), ...environmentFor(port) })
    expect(heard).toHaveLength(1)
    expect(heard[0]).toMatch(/^\x16\x03/)
  })

  test('a picked https address', async () => {
    const { port, heard } = await listen()
    const endpoint = endpointAt(`https://127.0.0.1:${port}`, { HOME: makeFolder({}) })
    await expect(new EngineClient(endpoint).version()).rejects.toThrow()
    expect(heard[0]).toMatch(/^\x16\x03/)
  })

  test('a context whose folder of certificates is empty', async () => {
    const { port, heard } = await listen()
    const home = homeWithContext({ Host: `tcp://127.0.0.1:${port}` })
    mkdirSync(join(home, `.docker/contexts/tls/${idOf('far')}/docker`), { recursive: true })
    await reasonFor({ HOME: home })
    expect(heard.map((text) => text[0])).toEqual(['\x16'])
  })

  test('a picked engine, after its context is gone and when it is picked again', async () => {
    const { port, heard } = await listen()
    const address = `tcp://127.0.0.1:${port}`
    const settings = join(makeFolder({}), 'settings.json')
    await new EngineChoice(settings, { HOME: homeWithContext({ Host: address, SkipTLSVerify: true }) }).choose(address)
    const later = { HOME: makeFolder({}) }
    for (let start = 0; start < 2; start++) {
      const choice = new EngineChoice(settings, later)
      await choice.find().catch(() => undefined)
      await choice.list()
      await choice.choose(address)
    }
    expect(heard.map((text) => text[0])).toEqual(heard.map(() => '\x16'))
    expect(heard.length).toBeGreaterThanOrEqual(4)
    await new EngineChoice(settings, later).choose('tcp://127.0.0.1:1')
    expect(JSON.parse(readFileSync(settings, 'utf8')).engineUsesTls).toBeUndefined()
  })

  test('tcp without TLS stays plain', async () => {
    const { port, heard } = await listen()
    expect(await reasonFor({ HOME: makeFolder({}), DOCKER_HOST: `tcp://127.0.0.1:${port}` })).toBe(
      'the connection was closed',
    )
    expect(heard[0]).toMatch(new RegExp(`^GET /version HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n`))
  })

  test('a context on a socket has none, whatever certificates it has', () => {
    const home = homeWithContext({ Host: 'unix:///c.sock' }, { 'ca.pem': authority.cert })
    expect(candidateEndpoints({ HOME: home })[0]).not.toHaveProperty('tls')
  })
})

describe('an engine with TLS', () => {
  const startEngine = async ({ cert, key } = server): Promise<number> => {
    const options = {
      cert,
      key,
      ca: authority.cert,
      requestCert: true,
      rejectUnauthorized: false,
    }
    const engine = createTlsServer(options, (request, response) => {
      const socket = request.socket as unknown as { readonly authorized: boolean }
      response.end(JSON.stringify({ Version: socket.authorized ? 'known user' : 'anyone' }))
    })
    onTestFinished(() => engine.closeAllConnections())
    return portOf(engine)
  }
  const pems = { 'ca.pem': authority.cert, 'cert.pem': user.cert, 'key.pem': user.key }

  test('is used with the certificates of DOCKER_CERT_PATH, of ~/.docker, of DOCKER_CONFIG and of a context', async () => {
    const port = await startEngine()
    const folder = makeFolder({
      ...pems,
      ...Object.fromEntries(Object.entries(pems).map(([name, pem]) => [`.docker/${name}`, pem])),
    })
    const host = { DOCKER_HOST: `tcp://127.0.0.1:${port}`, DOCKER_TLS_VERIFY: '1' }
    for (const environment of [
      { ...host, HOME: '/nowhere', DOCKER_CERT_PATH: folder },
      { ...host, HOME: folder },
      { ...host, HOME: '/nowhere', DOCKER_CONFIG: folder },
      { ...host, HOME: folder, DOCKER_HOST: `tcp://localhost:${port}` },
      { HOME: homeWithContext({ Host: `tcp://127.0.0.1:${port}` }, pems) },
    ])
      expect((await findEngine(environment)).version.version).toBe('known user')
  })

  test('may need no certificate of the user', async () => {
    const host = { DOCKER_HOST: `https://127.0.0.1:${await startEngine()}`, HOME: '/nowhere' }
    const { version } = await findEngine({ ...host, DOCKER_CERT_PATH: makeFolder({ 'ca.pem': authority.cert }) })
    expect(version.version).toBe('anyone')
  })

  test('is refused when its certificate is not of the authority, or for another host', async () => {
    const port = await startEngine()
    const host = { DOCKER_HOST: `https://127.0.0.1:${port}`, HOME: '/nowhere' }
    expect(await reasonFor(host)).toMatch(/^its certificate was rejected: /)
    const other = makeFolder({ 'ca.pem': makeCertificate('other').cert })
    expect(await reasonFor({ ...host, DOCKER_CERT_PATH: other })).toMatch(/^its certificate was rejected: /)
    const elsewhere = await startEngine(makeCertificate('elsewhere', authority, 'elsewhere.example'))
    const known = { HOME: '/nowhere', DOCKER_CERT_PATH: makeFolder({ 'ca.pem': authority.cert }) }
    const reason = await reasonFor({ ...known, DOCKER_HOST: `https://localhost:${elsewhere}` })
    expect(reason).toMatch(/^its certificate was rejected: .*localhost/)
  })

  test('is not checked when DOCKER_TLS alone, or the context, says so', async () => {
    const port = await startEngine()
    const host = { DOCKER_HOST: `tcp://127.0.0.1:${port}`, DOCKER_TLS: '1', HOME: '/nowhere' }
    expect((await findEngine(host)).version.version).toBe('anyone')
    const skips = homeWithContext({ Host: `tcp://127.0.0.1:${port}`, SkipTLSVerify: true })
    expect((await findEngine({ HOME: skips })).version.version).toBe('anyone')
    const checks = homeWithContext(
      { Host: `tcp://127.0.0.1:${port}`, SkipTLSVerify: 'yes' },
      { 'ca.pem': makeCertificate('other').cert },
    )
    expect(await reasonFor({ HOME: checks })).toMatch(/^its certificate was rejected: /)
  })

  test('that speaks no TLS, or wants it, is told apart', async () => {
    const plain = createServer((socket) => socket.on('error', () => undefined).end('HTTP/1.1 400 Bad Request\r\n\r\n'))
    expect(await reasonFor({ HOME: '/nowhere', DOCKER_HOST: `https://127.0.0.1:${await portOf(plain)}` })).toBe(
      'it doesn’t speak TLS',
    )
    // What Go's server answers to plain HTTP.
    const secure = createServer((socket) =>
      socket
        .on('error', () => undefined)
        .end('HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n'),
    )
    expect(await reasonFor({ HOME: '/nowhere', DOCKER_HOST: `tcp://127.0.0.1:${await portOf(secure)}` })).toMatch(
      /it expects TLS; set DOCKER_TLS_VERIFY/,
    )
  })
})

describe('certificates that cannot be used are a reason, and nothing is sent', () => {
  test.each([
    ['an authority that is no certificate', { 'ca.pem': 'nonsense' }, /ca\.pem in .* cannot be read/],
    ['a certificate without its key', { 'cert.pem': user.cert }, /has cert\.pem but no key\.pem/],
    ['a key without its certificate', { 'key.pem': user.key }, /has key\.pem but no cert\.pem/],
    [
      'a broken key',
      { 'cert.pem': user.cert, 'key.pem': '-----BEGIN PRIVATE KEY-----\nx\n' },
      /key or certificate in .* cannot be read/,
    ],
    [
      'the key of another certificate',
      { 'cert.pem': user.cert, 'key.pem': server.key },
      /key or certificate in .* cannot be read/,
    ],
  ])('%s', async (_what, pems, expected) => {
    const { port, heard } = await listen()
    const folder = makeFolder(pems)
    expect(
      await reasonFor({ HOME: '/nowhere', DOCKER_HOST: `https://127.0.0.1:${port}`, DOCKER_CERT_PATH: folder }),
    ).toMatch(expected)
    expect(await reasonFor({ HOME: homeWithContext({ Host: `tcp://127.0.0.1:${port}` }, pems) })).toMatch(expected)
    expect(heard).toEqual([])
  })

  test('a link to nothing', async () => {
    const { port, heard } = await listen()
    const folder = makeFolder({})
    symlinkSync('/no/such/authority.pem', join(folder, 'ca.pem'))
    const host = { HOME: '/nowhere', DOCKER_HOST: `https://127.0.0.1:${port}`, DOCKER_CERT_PATH: folder }
    expect(await reasonFor(host)).toMatch(/ca\.pem cannot be read/)
    const all = `.docker/contexts/tls/${idOf('far')}`
    for (const link of [`${all}/docker/ca.pem`, `${all}/docker`, all]) {
      const home = homeWithContext({ Host: `tcp://127.0.0.1:${port}` })
      mkdirSync(dirname(join(home, link)), { recursive: true })
      symlinkSync('/no/such/place', join(home, link))
      expect(await reasonFor({ HOME: home })).toMatch(/ca\.pem cannot be read/)
    }
    expect(heard).toEqual([])
  })

  test('a FIFO and a folder', async () => {
    for (const make of [(path: string) => execFileSync('mkfifo', [path]), (path: string) => mkdirSync(path)]) {
      const folder = makeFolder({})
      make(join(folder, 'ca.pem'))
      const environment = { HOME: '/nowhere', DOCKER_HOST: 'https://127.0.0.1:1', DOCKER_CERT_PATH: folder }
      expect(await reasonFor(environment)).toMatch(/ca\.pem cannot be read: (not a regular file|illegal operation)/i)
    }
  })
})
