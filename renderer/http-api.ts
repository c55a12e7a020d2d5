import type { CutawayApi, HostEvent, Reply } from '../electron/ipc/contract'

const tokenKey = 'cutaway-token'
const reconnectAfterMs = 1000

/** The contract over HTTP. The token comes in the address's fragment and leaves the address at once. */
export function createHttpApi(): CutawayApi {
  const token = takeToken()
  const post = (path: string, body: unknown): Promise<Response> =>
    fetch(`/api/${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
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

function takeToken(): string {
  const given = new URLSearchParams(location.hash.slice(1)).get('token')
  if (given !== null) {
    sessionStorage.setItem(tokenKey, given)
    history.replaceState(null, '', location.pathname)
  }
  return sessionStorage.getItem(tokenKey) ?? ''
}

/** Reads the event stream for as long as the page lives. */
async function followEvents(
  post: (path: string, body: unknown) => Promise<Response>,
  pass: (event: HostEvent) => void,
): Promise<never> {
  for (;;) {
    try {
      const response = await post('events', {})
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
