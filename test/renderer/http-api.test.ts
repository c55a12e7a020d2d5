import { afterEach, describe, expect, test, vi } from 'vitest'
import { createHttpApi } from '../../renderer/shared/http-api'

interface Sent {
  readonly path: string
  readonly authorization: string
}

/** A page at an address, whose host trades the code `good` for the token `T`. */
function openAt(hash: string, kept: Record<string, string> = {}) {
  const sent: Sent[] = []
  const addresses: string[] = []
  const storage = new Map(Object.entries(kept))
  vi.stubGlobal('location', { hash, pathname: '/' })
  vi.stubGlobal('history', { replaceState: (_state: unknown, _title: string, url: string) => addresses.push(url) })
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => storage.get(key) ?? null,
    setItem: (key: string, value: string) => storage.set(key, value),
  })
  vi.stubGlobal('fetch', async (path: string, init: { headers: { Authorization: string } }) => {
    const authorization = init.headers.Authorization
    if (path === '/api/events') return new Promise(() => undefined)
    sent.push({ path, authorization })
    if (path === '/api/session')
      return authorization === 'Launch good' ? Response.json({ token: 'T' }) : new Response('', { status: 401 })
    return authorization === 'Bearer T'
      ? Response.json({ ok: true, value: 'state' })
      : new Response('', { status: 401 })
  })
  return { api: createHttpApi(), sent, addresses, storage }
}

afterEach(() => vi.unstubAllGlobals())

describe('the token', () => {
  test('is taken out of the address and used', async () => {
    const { api, sent, addresses } = openAt('#token=T')
    expect(addresses).toEqual(['/'])
    expect(await api.request('app.state', {})).toEqual({ ok: true, value: 'state' })
    expect(sent).toEqual([{ path: '/api/app.state', authorization: 'Bearer T' }])
  })

  test('is traded for a launch code, once, and kept for a reload', async () => {
    const { api, sent, addresses, storage } = openAt('#launch=good')
    expect(addresses).toEqual(['/'])
    await Promise.all([api.request('app.state', {}), api.request('app.state', {})])
    expect(sent.map(({ path, authorization }) => `${path} ${authorization}`)).toEqual([
      '/api/session Launch good',
      '/api/app.state Bearer T',
      '/api/app.state Bearer T',
    ])
    const reloaded = openAt('', Object.fromEntries(storage))
    expect(await reloaded.api.request('app.state', {})).toEqual({ ok: true, value: 'state' })
  })

  test('is missing when the code was used before: requests fail and say so', async () => {
    const { api, storage } = openAt('#launch=used')
    const reply = await api.request('app.state', {})
    expect(reply).toEqual({ ok: false, failure: { code: 'no-access' } })
    expect([...storage.keys()]).toEqual([])
  })
})
