import { request } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { HostEvent } from '../../../electron/ipc/contract'
import { startWebHost, type WebHost } from '../../../electron/ipc/web-host'

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
    ['too large', '/api/app.state', { body: JSON.stringify({ x: 'y'.repeat(2_000_000) }) }, 400],
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
  expect(page.headers['content-security-policy']).toContain("default-src 'none'")
  for (const path of ['/../package.json', '/%2e%2e/package.json', '/..%2fpackage.json', '/nothing.js', '/%zz'])
    expect((await ask(path, { method: 'GET' })).status).toBe(404)
})

test('events reach every open stream', async () => {
  const event: HostEvent = { kind: 'open', path: '/x' }
  const received = new Promise<string>((resolve) => {
    const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' }
    const sent = request(
      { host: '127.0.0.1', port: url.port, path: '/api/events', method: 'POST', headers },
      (reply) => {
        reply.once('data', (chunk) => {
          resolve(String(chunk))
          sent.destroy()
        })
        host.emit(event)
      },
    )
    sent.on('error', () => undefined)
    sent.end('{}')
  })
  expect(JSON.parse(await received)).toEqual(event)
})
