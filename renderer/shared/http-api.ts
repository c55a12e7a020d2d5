import type { CutawayApi, HostEvent, Reply } from '../../electron/ipc/contract'

const tokenKey = 'cutaway-token'
const reconnectAfterMs = 1000

/** The contract over HTTP. The token, or a code for it, comes in the URL's fragment and is removed from there at once. */
export function createHttpApi(): CutawayApi {
  const token = takeToken()
  const post = async (path: string, body: unknown): Promise<Response> =>
    fetch(`/api/${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${await token}` },
      body: JSON.stringify(body),
    })
  const listeners = new Set<(event: HostEvent) => void>()
  void followEvents(post, (event) => {
    for (const listener of listeners) listener(event)
  })
  return {
    async request(name, input) {
      try {
        const response = await post(name, input)
        if (response.status === 401) return { ok: false, failure: { code: 'no-access' } }
        if (!response.ok) return lost(`status ${response.status}`)
        if (response.headers.get('content-type') === 'application/octet-stream')
          return { ok: true, value: new Uint8Array(await response.arrayBuffer()) as never }
        return await response.json()
      } catch (error) {
        return lost(String(error))
      }
    },
    onEvent(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    pathOf: () => '',
  }
}

const lost = (detail: string): Reply<never> => ({ ok: false, failure: { code: 'host-lost', detail } })

/** From the fragment, or kept by this tab from an earlier load; '' if there is none. */
async function takeToken(): Promise<string> {
  const fragment = new URLSearchParams(location.hash.slice(1))
  const code = fragment.get('launch')
  const given = fragment.get('token')
  if (code !== null || given !== null) history.replaceState(null, '', location.pathname)
  const token = given ?? (code === null ? undefined : await tradeCode(code))
  if (token !== undefined) sessionStorage.setItem(tokenKey, token)
  return sessionStorage.getItem(tokenKey) ?? ''
}

/** A launch code works once; undefined if it was used or has expired. */
async function tradeCode(code: string): Promise<string | undefined> {
  try {
    const response = await fetch('/api/session', { method: 'POST', headers: { Authorization: `Launch ${code}` } })
    return response.ok ? ((await response.json()) as { token: string }).token : undefined
  } catch {
    return undefined // The host is gone; the first request says so to the user.
  }
}

/** Reads the event stream for as long as the page lives and has access. */
async function followEvents(
  post: (path: string, body: unknown) => Promise<Response>,
  pass: (event: HostEvent) => void,
): Promise<void> {
  for (;;) {
    try {
      const response = await post('events', {})
      if (response.status === 401) return
      if (response.ok && response.body) await readLines(response.body, (line) => pass(JSON.parse(line) as HostEvent))
    } catch {
      // The host is gone for now; requests say so to the user.
    }
    await new Promise((resolve) => setTimeout(resolve, reconnectAfterMs))
  }
}

async function readLines(stream: ReadableStream<Uint8Array>, take: (line: string) => void): Promise<void> {
  const reader = stream.getReader()
  const decoder = new TextDecoder()
  let rest = ''
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    const lines = (rest + decoder.decode(part.value, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) if (line !== '') take(line)
  }
}
