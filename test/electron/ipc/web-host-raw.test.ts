import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startWebHost, type WebHost } from '../../../electron/ipc/web-host'
import { openRaw, type RawRequest, rawRequest, sendRaw, statusesIn } from '../../support/raw-http'

const data = 'data-of-the-backend'
let host: WebHost
let port: number
let token: string
const reached: string[] = []

beforeAll(async () => {
  host = await startWebHost({
    rendererFolder: join(import.meta.dirname, '../../../renderer'),
    createBackend: () => ({
      handle: async (name) => {
        reached.push(name)
        return { ok: true, value: data }
      },
      dispose: async () => undefined,
    }),
  })
  const url = new URL(host.url)
  port = Number(url.port)
  token = url.hash.slice('#token='.length)
})
afterAll(() => host.close())

const json = 'Content-Type: application/json'
const close = 'Connection: close'
const authorization = (): string => `Authorization: Bearer ${token}`

/** Sends one request and makes sure that it got nothing from the backend. */
async function sendRefused(request: RawRequest): Promise<number[]> {
  reached.length = 0
  const received = await sendRaw(port, rawRequest(port, { ...request, headers: [...(request.headers ?? []), close] }))
  expect(reached).toEqual([])
  expect(received).not.toContain(data)
  return statusesIn(received)
}

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'QUERY']
const name = 'app.state'
const targets: readonly string[] = [
  `//api/${name}`,
  `//x/api/${name}`,
  `//127.0.0.1/api/${name}`,
  `///api/${name}`,
  `/./api/${name}`,
  `/api/./${name}`,
  `/x/../api/${name}`,
  `/../api/${name}`,
  `/x/./../api/${name}`,
  `/api/x/../${name}`,
  `/api//${name}`,
  `/x//../../api/${name}`,
  `/.//api/${name}`,
  `/;/../api/${name}`,
  `/api;/${name}`,
  `/x/..;/api/${name}`,
  `/%2e/api/${name}`,
  `/x/%2e%2e/api/${name}`,
  `/x/.%2E/api/${name}`,
  `/x/%252e%252e/api/${name}`,
  `/x/..%2fapi/${name}`,
  `/%2fapi/${name}`,
  `/%2Fapi%2F${name}`,
  `/api%2f${name}`,
  `/api%252f${name}`,
  `/%61pi/${name}`,
  `/%2561pi/${name}`,
  `\\api\\${name}`,
  `/\\api/${name}`,
  `/x\\..\\api/${name}`,
  `/x/..\\api/${name}`,
  `/api\\${name}`,
  `/%5capi/${name}`,
  `/x/%5c../api/${name}`,
  `/\0/../api/${name}`,
  `/api/${name}\0`,
  `/%00/../api/${name}`,
  `/api/${name}%00`,
  `/\t/../api/${name}`,
  `/api\t/${name}`,
  `/\x7f/../api/${name}`,
  `/\xa0/../api/${name}`,
  `/\x01api/${name}`,
  `/%0d%0a/../api/${name}`,
  `/?/../api/${name}`,
  `/#/../api/${name}`,
  `/api/${name}?`,
  `/api/${name}#`,
  `/?x=/api/${name}`,
  `http://127.0.0.1/api/${name}`,
  `http://localhost/api/${name}`,
  `http:/api/${name}`,
  `http:api/${name}`,
  `HTTP://evil.example/api/${name}`,
  `http://user@127.0.0.1/api/${name}`,
  `https://127.0.0.1/api/${name}`,
  `file:///api/${name}`,
  `ws://127.0.0.1/api/${name}`,
  `javascript:/api/${name}`,
  `api/${name}`,
  `./api/${name}`,
  `../api/${name}`,
  '*',
  `*/api/${name}`,
  '?',
  '',
  '127.0.0.1:80',
]

describe('a target that is not one plain path is refused, by every method, with and without the token', () => {
  test.each(targets.map((target) => [JSON.stringify(target), target]))('%s', async (_shown, target) => {
    for (const method of methods)
      for (const extra of [[], [authorization()]]) {
        const statuses = await sendRefused({
          method,
          target,
          headers: [json, 'Content-Length: 2', ...extra],
          body: '{}',
        })
        expect([method, statuses]).toEqual([method, [400]])
      }
  })

  test('absolute form with the real address', async () => {
    for (const name of ['127.0.0.1', 'localhost', `127.0.0.1:${port}`, `localhost:${port}`]) {
      const target = `http://${name}/api/app.state`
      const headers = [json, 'Content-Length: 2']
      expect(await sendRefused({ method: 'GET', target, headers, body: '{}' })).toEqual([400])
      expect(await sendRefused({ method: 'POST', target, headers, body: '{}' })).toEqual([400])
    }
  })
})

describe('without the token', () => {
  test.each(methods)('%s of a request is refused', async (method) => {
    for (const target of ['/api/app.state', '/api/events', '/api/session', '/api/nothing', '/api/a/b'])
      for (const request of [
        { headers: [json, 'Content-Length: 2'], body: '{}' },
        { headers: [json, 'Content-Length: 0'] },
        { headers: [] },
      ])
        expect(await sendRefused({ method, target, ...request })).toEqual([401])
  })

  test.each(methods.slice(2))('%s of a page file is refused', async (method) => {
    for (const target of ['/', '/index.html', '/API/app.state', '/Api/app.state', '/api'])
      expect(await sendRefused({ method, target, headers: [json, 'Content-Length: 2'], body: '{}' })).toEqual([401])
  })

  test('/API/ is a path like any other', async () => {
    for (const target of ['/API/app.state', '/Api/app.state', '/aPI/events', '/api', '/apis/app.state'])
      expect(await sendRefused({ target })).toEqual([404])
  })

  test('CONNECT and upgrades end the connection', async () => {
    for (const target of ['127.0.0.1:80', `127.0.0.1:${port}`, '/api/app.state', '*'])
      expect(await sendRefused({ method: 'CONNECT', target })).not.toContain(200)
    for (const protocol of ['websocket', 'h2c', 'TLS/1.0'])
      for (const target of ['/', '/api/app.state', '/api/events']) {
        const headers = [`Upgrade: ${protocol}`, 'Connection: Upgrade', 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==']
        reached.length = 0
        expect(await sendRaw(port, rawRequest(port, { target, headers }))).toBe('')
        expect(reached).toEqual([])
      }
    expect(await sendRaw(port, 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')).not.toContain(' 200 ')
  })

  test.each<[string, readonly string[]]>([
    ['no value', ['Authorization:']],
    ['no token', ['Authorization: Bearer']],
    ['an empty token', ['Authorization: Bearer ']],
    ['another scheme', ['Authorization: Basic TOKEN']],
    ['the scheme of launch codes', ['Authorization: Launch TOKEN']],
    ['no scheme', ['Authorization: TOKEN']],
    ['more after it', ['Authorization: Bearer TOKENx']],
    ['two tokens', ['Authorization: Bearer TOKEN, Bearer TOKEN']],
    ['another header', ['X-Authorization: Bearer TOKEN']],
    ['a cookie', ['Cookie: token=TOKEN']],
    ['a proxy header', ['Proxy-Authorization: Bearer TOKEN']],
  ])('%s is not the token', async (_what, lines) => {
    const headers = [json, 'Content-Length: 2', ...lines.map((line) => line.replaceAll('TOKEN', token))]
    expect(await sendRefused({ method: 'POST', target: '/api/app.state', headers, body: '{}' })).toEqual([401])
  })

  test('a page file with a body is refused, and a request inside it is not answered', async () => {
    const inner = rawRequest(port, {
      method: 'POST',
      target: '/api/app.state',
      headers: [json, authorization(), 'Content-Length: 2'],
      body: '{}',
    })
    for (const method of ['GET', 'HEAD']) {
      const headers = [`Content-Length: ${inner.length}`]
      expect(await sendRefused({ method, target: '/', headers, body: inner })).toEqual([400])
      const chunked = `${inner.length.toString(16)}\r\n${inner}\r\n0\r\n\r\n`
      const chunkedHeaders = ['Transfer-Encoding: chunked']
      expect(await sendRefused({ method, target: '/', headers: chunkedHeaders, body: chunked })).toEqual([411])
    }
  })

  test('a body is not asked for', async () => {
    const headers = [json, 'Content-Length: 2', 'Expect: 100-continue']
    expect(await sendRefused({ method: 'POST', target: '/api/app.state', headers })).toEqual([401])
    expect(await sendRefused({ target: '//api/app.state', headers })).toEqual([400])
    expect(await sendRefused({ target: '/', headers })).toEqual([400])
    const unknown = [json, authorization(), 'Content-Length: 2', 'Expect: 200-ok']
    expect(await sendRefused({ method: 'POST', target: '/api/app.state', headers: unknown })).toEqual([417])
  })

  test('a body without end is not read: the connection ends', async () => {
    reached.length = 0
    const headers = [json, 'Content-Length: 1000000000000']
    const socket = await openRaw(port, rawRequest(port, { method: 'POST', target: '/api/app.state', headers }))
    const part = Buffer.alloc(1 << 16, 'x')
    const write = (): void => {
      if (!socket.destroyed) socket.write(part, (error) => error ?? write())
    }
    socket.on('error', () => undefined)
    socket.resume()
    const isClosed = new Promise((resolve) => socket.once('close', resolve))
    write()
    await isClosed
    expect(reached).toEqual([])
  })
})

describe('with the token', () => {
  const authorized = (overrides: RawRequest = {}): RawRequest => ({
    method: 'POST',
    target: '/api/app.state',
    body: '{}',
    ...overrides,
    headers: [json, authorization(), ...(overrides.headers ?? ['Content-Length: 2'])],
  })
  const chunked = '2\r\n{}\r\n0\r\n\r\n'

  test('a whole request is answered', async () => {
    reached.length = 0
    const { headers = [], ...rest } = authorized()
    const received = await sendRaw(port, rawRequest(port, { ...rest, headers: [...headers, close] }))
    expect(statusesIn(received)).toEqual([200])
    expect(received).toContain(data)
    expect(reached).toEqual(['app.state'])
  })

  test('a body that waits for permission gets it', async () => {
    const { headers = [], ...rest } = authorized()
    const request = rawRequest(port, { ...rest, headers: [...headers, 'Expect: 100-continue', close] })
    expect(statusesIn(await sendRaw(port, request))).toEqual([100, 200])
  })

  test.each<[string, () => RawRequest, number]>([
    ['a chunked body', () => authorized({ headers: ['Transfer-Encoding: chunked'], body: chunked }), 411],
    ['no length', () => authorized({ headers: [], body: '' }), 411],
    ['HTTP/1.0', () => authorized({ version: '1.0' }), 505],
    ['no Host', () => authorized({ host: undefined }), 400],
    ['an empty Host', () => authorized({ host: '' }), 421],
    ['a Host without port', () => authorized({ host: '127.0.0.1' }), 421],
    ['a Host with another port', () => authorized({ host: `127.0.0.1:${port + 1}` }), 421],
    ['a Host with a trailing dot', () => authorized({ host: `localhost.:${port}` }), 421],
    ['a foreign Host', () => authorized({ host: `evil.example:${port}` }), 421],
    ['a Host with a user', () => authorized({ host: `x@127.0.0.1:${port}` }), 421],
    ['the IPv6 address', () => authorized({ host: `[::1]:${port}` }), 421],
    ['all addresses', () => authorized({ host: `0.0.0.0:${port}` }), 421],
    ['Host twice', () => authorized({ headers: [`Host: 127.0.0.1:${port}`, 'Content-Length: 2'] }), 400],
    ['a second, foreign Host', () => authorized({ headers: ['Host: evil.example', 'Content-Length: 2'] }), 400],
    ['the token twice', () => authorized({ headers: [authorization(), 'Content-Length: 2'] }), 400],
    ['a second, wrong token', () => authorized({ headers: ['Authorization: Bearer x', 'Content-Length: 2'] }), 400],
    ['two content types', () => authorized({ headers: ['Content-Type: text/plain', 'Content-Length: 2'] }), 400],
    ['two lengths', () => authorized({ headers: ['Content-Length: 2', 'Content-Length: 3'] }), 400],
    ['a length below 0', () => authorized({ headers: ['Content-Length: -2'] }), 400],
    ['a length in hexadecimal', () => authorized({ headers: ['Content-Length: 0x2'] }), 400],
    ['a length past the limit', () => authorized({ headers: ['Content-Length: 1048577'], body: '' }), 413],
    [
      'a length and chunks',
      () => authorized({ headers: ['Content-Length: 2', 'Transfer-Encoding: chunked'], body: chunked }),
      400,
    ],
    ['an encoding and chunks', () => authorized({ headers: ['Transfer-Encoding: gzip, chunked'], body: chunked }), 411],
    ['a foreign Origin', () => authorized({ headers: ['Origin: http://evil.example', 'Content-Length: 2'] }), 403],
    [
      'the origin of the other name',
      () => authorized({ headers: [`Origin: http://localhost:${port}`, 'Content-Length: 2'] }),
      403,
    ],
    [
      'another port of this machine',
      () => authorized({ headers: ['Sec-Fetch-Site: same-site', 'Content-Length: 2'] }),
      403,
    ],
    ['an address bar', () => authorized({ headers: ['Sec-Fetch-Site: none', 'Content-Length: 2'] }), 403],
    ['another method', () => authorized({ method: 'PUT' }), 405],
    ['a page file', () => authorized({ target: '/index.html' }), 405],
    ['a body that is not JSON', () => authorized({ body: '{x' }), 400],
    ['a folded header', () => authorized({ headers: ['Content-Length: 2', 'X-A: b', ' c'] }), 400],
    ['a header without colon', () => authorized({ headers: ['Content-Length: 2', 'X-A'] }), 400],
    ['a space before the colon', () => authorized({ headers: ['Content-Length : 2'] }), 400],
  ])('%s is refused', async (_what, request, status) => {
    expect(await sendRefused(request())).toEqual([status])
  })

  test('localhost is served as its own origin', async () => {
    const headers = [`Origin: http://localhost:${port}`, 'Sec-Fetch-Site: same-origin', 'Content-Length: 2', close]
    const request = rawRequest(port, authorized({ host: `localhost:${port}`, headers }))
    expect(statusesIn(await sendRaw(port, request))).toEqual([200])
  })

  test('each request of a connection is checked: the next one does not inherit the token', async () => {
    reached.length = 0
    const first = rawRequest(port, authorized({ target: '/api/first' }))
    const without = { method: 'POST', target: '/api/second', headers: [json, 'Content-Length: 2'], body: '{}' }
    const second = rawRequest(port, without)
    const third = rawRequest(port, { ...without, target: '//api/third' })
    const received = await sendRaw(port, first + second + third)
    expect(statusesIn(received).slice(0, 2)).toEqual([200, 401])
    expect(received.split(data).length).toBe(2)
    expect(reached).toEqual(['first'])
  })

  test('a request after one that was refused gets no reply', async () => {
    const refused = rawRequest(port, { target: '//api/first' })
    const received = await sendRaw(port, refused + rawRequest(port, authorized({ target: '/api/second' })))
    expect(statusesIn(received)).toEqual([400])
    expect(received).not.toContain(data)
  })
})

test('a page may be opened by a link or a file, and nothing else may come from another site', async () => {
  const site = 'Sec-Fetch-Site: cross-site'
  const navigation = ['Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: document', site]
  expect(await sendRefused({ target: '/', headers: navigation })).toEqual([200])
  expect(await sendRefused({ target: '/index.html', headers: navigation })).toEqual([403])
  expect(await sendRefused({ target: '/', headers: [site] })).toEqual([403])
  for (const kind of ['iframe', 'frame', 'embed', 'object', 'script', 'empty'])
    expect(
      await sendRefused({ target: '/', headers: [site, 'Sec-Fetch-Mode: navigate', `Sec-Fetch-Dest: ${kind}`] }),
    ).toEqual([403])
  const api = [json, authorization(), 'Content-Length: 2', ...navigation]
  expect(await sendRefused({ method: 'POST', target: '/api/app.state', headers: api, body: '{}' })).toEqual([403])
})

test('page files that are asked for in a row are all sent', async () => {
  const many = rawRequest(port, { target: '/index.html' }).repeat(200)
  const received = await sendRaw(port, many + rawRequest(port, { target: '/index.html', headers: [close] }))
  expect(statusesIn(received)).toEqual(Array.from({ length: 201 }, () => 200))
})
