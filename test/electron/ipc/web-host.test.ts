import { type IncomingMessage, request, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { guard } from '../../../electron/ipc/admission'
import type { HostEvent } from '../../../electron/ipc/contract'
import { EventStreams } from '../../../electron/ipc/event-streams'
import { startWebHost, type WebHost } from '../../../electron/ipc/web-host'
import { openRaw, rawRequest, sendRaw, statusesIn } from '../../support/raw-http'

let host: WebHost
let url: URL
let token: string
const asked: string[] = []

beforeAll(async () => {
  host = await startWebHost({
    rendererFolder: join(import.meta.dirname, '../../../renderer'),
    createBackend: () => ({
      handle: async (name) => {
        asked.push(name)
        return name === 'comparison.tree' ? { ok: true, value: Uint8Array.from([1, 2, 3]) } : { ok: true, value: name }
      },
      dispose: async () => undefined,
    }),
  })
  url = new URL(host.url)
  token = url.hash.slice('#token='.length)
})
afterAll(() => host.close())

interface Answer {
  readonly status: number
  readonly body: string
  readonly headers: Record<string, unknown>
}

function ask(
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> {
  const { method = 'POST', body = '{}' } = options
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json', ...options.headers }
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: url.port, path, method, headers }, (reply) => {
      let text = ''
      reply.on('data', (chunk) => {
        text += chunk
      })
      reply.on('end', () => resolve({ status: reply.statusCode!, body: text, headers: reply.headers }))
    })
    sent.on('error', reject)
    sent.end(method === 'GET' ? undefined : body)
  })
}

test('it listens on 127.0.0.1 only, and the token is in the fragment', () => {
  expect(url.hostname).toBe('127.0.0.1')
  expect(token).toMatch(/^[\w-]{43}$/)
  expect(url.search + url.pathname).toBe('/')
})

test('a request with the token is answered, binary replies as bytes', async () => {
  expect(await ask('/api/app.state')).toMatchObject({ status: 200, body: '{"ok":true,"value":"app.state"}' })
  expect(await ask('/api/comparison.tree')).toMatchObject({ status: 200, body: '\u0001\u0002\u0003' })
})

describe('refused', () => {
  test.each<[string, string, Parameters<typeof ask>[1], number]>([
    ['without a token', '/api/app.state', { headers: { Authorization: '' } }, 401],
    ['with a wrong token', '/api/app.state', { headers: { Authorization: `Bearer ${'x'.repeat(43)}` } }, 401],
    ['with a foreign Host, as in DNS rebinding', '/api/app.state', { headers: { Host: 'evil.example' } }, 421],
    ['from another origin', '/api/app.state', { headers: { Origin: 'http://evil.example' } }, 403],
    ['from an opaque origin', '/api/app.state', { headers: { Origin: 'null' } }, 403],
    ['from another site', '/api/app.state', { headers: { 'Sec-Fetch-Site': 'cross-site' } }, 403],
    ['as a GET', '/api/app.state', { method: 'GET' }, 405],
    ['as a form', '/api/app.state', { headers: { 'Content-Type': 'text/plain' } }, 415],
    ['the page by POST', '/', {}, 405],
  ])('%s', async (_what, path, options, status) => {
    const before = asked.length
    expect((await ask(path, options)).status).toBe(status)
    expect(asked.length).toBe(before)
  })
})

test('files come with a policy that lets nothing remote in, and nothing outside the folder is served', async () => {
  const page = await ask('/', { method: 'GET' })
  expect(page.status).toBe(200)
  const policy = String(page.headers['content-security-policy'])
  for (const directive of ['default-src', 'object-src', 'form-action', 'base-uri', 'frame-ancestors'])
    expect(policy).toContain(`${directive} 'none'`)
  expect(page.headers).toMatchObject({
    'cache-control': 'no-store',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'permissions-policy': expect.stringContaining('camera=()'),
  })
  for (const path of ['/../package.json', '/%2e%2e/package.json', '/..%2fpackage.json', '/%zz', '/index.html?x'])
    expect((await ask(path, { method: 'GET' })).status).toBe(400)
  for (const path of ['/nothing.js', '/main.tsx', '/style', '/assets/index.js.map'])
    expect((await ask(path, { method: 'GET' })).status).toBe(404)
})

interface OpenStream {
  readonly status: number
  /** Stops and goes on reading. */
  readonly reply: IncomingMessage
  close(): void
}

/** A host of the test's own, so that what others have left open does not count. */
async function startStub(): Promise<WebHost> {
  const own = await startWebHost({
    rendererFolder: join(import.meta.dirname, '../../../renderer'),
    createBackend: () => ({ handle: async () => ({ ok: true, value: 1 }), dispose: async () => undefined }),
  })
  onTestFinished(() => own.close())
  return own
}

function openStream(of: WebHost = host): Promise<OpenStream> {
  const { port, hash } = new URL(of.url)
  return new Promise((resolve, reject) => {
    const headers = {
      Authorization: `Bearer ${hash.slice('#token='.length)}`,
      'Content-Type': 'application/json',
      'Content-Length': 2,
    }
    const options = { host: '127.0.0.1', port, path: '/api/events', method: 'POST', headers, agent: false }
    const sent = request(options, (reply) => {
      reply.on('error', () => undefined)
      resolve({ status: reply.statusCode!, reply, close: () => sent.destroy() })
    })
    sent.on('error', reject)
    sent.end('{}')
  })
}

describe('events', () => {
  test('reach every open stream', async () => {
    const event: HostEvent = { kind: 'open', path: '/x' }
    const streams = await Promise.all([openStream(), openStream()])
    const received = streams.map(({ reply }) => new Promise((resolve) => reply.once('data', resolve)))
    host.emit(event)
    for (const text of await Promise.all(received)) expect(JSON.parse(String(text))).toEqual(event)
    for (const stream of streams) stream.close()
  })

  const large: HostEvent = { kind: 'open', path: 'x'.repeat(1 << 20) }

  test('do not pile up for a page that has stopped reading: its stream ends', async () => {
    const { reply } = await openStream()
    let received = 0
    for (let count = 0; count < 64; count++) host.emit(large)
    const isClosed = new Promise((resolve) => reply.once('close', resolve))
    reply.on('data', (part: Buffer) => {
      received += part.length
    })
    await isClosed
    expect(received).toBeLessThan(32 << 20)
  })

  test('are many without harm for a page that reads', async () => {
    const { reply, close } = await openStream()
    let received = 0
    reply.on('data', (part: Buffer) => {
      received += part.length
    })
    for (let count = 1; count <= 64; count++) {
      host.emit(large)
      await expect.poll(() => received, { interval: 1 }).toBeGreaterThanOrEqual(count << 20)
    }
    close()
  })

  test('have a limited number of streams, and a closed one makes room', async () => {
    const own = await startStub()
    const streams = await Promise.all(Array.from({ length: 32 }, () => openStream(own)))
    expect(new Set(streams.map(({ status }) => status))).toEqual(new Set([200]))
    expect((await openStream(own)).status).toBe(503)
    streams[0]!.close()
    await expect.poll(async () => (await openStream(own)).status).toBe(200)
  })
})

test('connections are limited', async () => {
  const own = await startStub()
  const port = Number(new URL(own.url).port)
  const idle = await Promise.all(Array.from({ length: 256 }, () => openRaw(port, 'GET')))
  expect(await sendRaw(port, rawRequest(port, { headers: ['Connection: close'] }))).toBe('')
  for (const socket of idle) socket.destroy()
  await expect
    .poll(async () => statusesIn(await sendRaw(port, rawRequest(port, { headers: ['Connection: close'] }))))
    .toEqual([200])
})

test('while the host closes, a connection that is still open gets no further work', async () => {
  const names: string[] = []
  const finish: (() => void)[] = []
  const own = await startWebHost({
    rendererFolder: join(import.meta.dirname, '../../../renderer'),
    createBackend: () => ({
      handle: (name) => {
        names.push(name)
        return new Promise((resolve) => finish.push(() => resolve({ ok: true, value: 1 })))
      },
      dispose: () => new Promise((resolve) => finish.push(resolve)),
    }),
  })
  const { port, hash } = new URL(own.url)
  const headers = [
    `Authorization: Bearer ${hash.slice('#token='.length)}`,
    'Content-Type: application/json',
    'Content-Length: 2',
  ]
  const call = (target: string): string => rawRequest(Number(port), { method: 'POST', target, headers, body: '{}' })
  const socket = await openRaw(Number(port), call('/api/first'))
  let received = ''
  socket.on('data', (part) => {
    received += String(part)
  })
  const ended = new Promise((resolve) => socket.once('close', resolve))
  await expect.poll(() => names).toEqual(['first'])
  const closed = own.close()
  socket.write(call('/api/second'))
  // Replies come in order, so the second one follows the first.
  await expect.poll(() => finish.length).toBe(2)
  finish[0]!()
  await ended
  expect(statusesIn(received)).toEqual([200, 503])
  expect(names).toEqual(['first'])
  finish[1]!()
  await closed
})

describe('a launch code', () => {
  const exchange = (code: string, headers: Record<string, string> = {}): Promise<Answer> =>
    ask('/api/session', { headers: { Authorization: `Launch ${code}`, 'Content-Length': '0', ...headers }, body: '' })
  const issue = (lifetimeMs = 60_000): { code: string; spent: Promise<void> } => {
    const launch = host.launch(lifetimeMs)
    return { code: new URL(launch.url).hash.slice('#launch='.length), spent: launch.spent }
  }

  test('is traded for the token once', async () => {
    const { code, spent } = issue()
    expect(host.launch(1).url).not.toContain(token)
    const first = await exchange(code)
    expect([first.status, JSON.parse(first.body)]).toEqual([200, { token }])
    await spent
    expect((await exchange(code)).status).toBe(401)
  })

  test('of two that trade it at once, one gets the token', async () => {
    const { code } = issue()
    const statuses = await Promise.all(Array.from({ length: 8 }, () => exchange(code)))
    expect(statuses.map(({ status }) => status).sort()).toEqual([200, 401, 401, 401, 401, 401, 401, 401])
  })

  test('expires', async () => {
    const { code, spent } = issue(1)
    await spent
    expect((await exchange(code)).status).toBe(401)
  })

  test('is no token, and the token is no code', async () => {
    const { code } = issue()
    const before = asked.length
    expect((await ask('/api/app.state', { headers: { Authorization: `Bearer ${code}` } })).status).toBe(401)
    expect((await ask('/api/app.state', { headers: { Authorization: `Launch ${code}` } })).status).toBe(401)
    expect((await exchange(token)).status).toBe(401)
    expect(asked.length).toBe(before)
    expect((await exchange(code)).status).toBe(200)
  })

  test('is not spent by a page of another site, or another method', async () => {
    const { code } = issue()
    expect((await exchange(code, { 'Sec-Fetch-Site': 'cross-site' })).status).toBe(403)
    expect((await exchange(code, { 'Sec-Fetch-Site': 'none' })).status).toBe(403)
    expect((await exchange(code, { Host: 'evil.example' })).status).toBe(421)
    const headers = { Authorization: `Launch ${code}` }
    expect((await ask('/api/session', { method: 'GET', headers })).status).toBe(401)
    expect((await ask('/api/session', { headers })).status).toBe(401)
    expect((await exchange(code)).status).toBe(200)
  })

  test('ends with the host', async () => {
    const other = await startStub()
    const { spent } = other.launch(60_000)
    await other.close()
    await spent
  })
})

test('a backend can only be reached with a request that was checked', () => {
  const guarded = guard({ handle: async () => ({ ok: true, value: 1 }), dispose: async () => undefined })
  const lookAlike = { name: 'app.state', readJson: async () => ({}) }
  // @ts-expect-error Only `admit` makes an AuthorizedCall.
  const reach = (): unknown => guarded.handle(lookAlike)
  // @ts-expect-error The same for event streams.
  const open = (): unknown => new EventStreams().open(lookAlike, {} as ServerResponse, {})
  // @ts-expect-error A request alone is not enough.
  const reachUnchecked = (request: IncomingMessage): unknown => guarded.handle(request)
  expect([reach, open, reachUnchecked].every((attempt) => typeof attempt === 'function')).toBe(true)
})
