import type { IncomingMessage } from 'node:http'
import type { Reply } from './contract'
import type { Backend } from './handlers'
import type { LaunchCodes } from './launch-codes'
import { type RequestTarget, readTarget } from './request-target'
import { isSameSecret } from './secrets'

/** What the host may do with a request. */
export type Admission =
  | { readonly kind: 'refused'; readonly status: number; readonly why: string }
  | { readonly kind: 'file'; readonly path: string; readonly isHead: boolean }
  /** A valid launch code was traded; the reply is the token. */
  | { readonly kind: 'session' }
  | { readonly kind: 'call'; readonly call: AuthorizedCall }

/** What a request is checked against. */
export interface Credentials {
  readonly port: number
  readonly token: string
  readonly launchCodes: LaunchCodes
}

const maxBodyBytes = 1 << 20
const singleHeaders = ['host', 'origin', 'authorization', 'content-type', 'content-length', 'sec-fetch-site']

/**
 * An API request that had the token, with its name as the check read it.
 * Invariant: only `admit` makes one. The class isn't exported, and its private field keeps look-alikes out.
 */
class CheckedCall {
  readonly name: string
  readonly #request: IncomingMessage

  constructor(name: string, request: IncomingMessage) {
    this.name = name
    this.#request = request
  }

  /** The body. The check has limited its length, and HTTP ends it there. */
  async readJson(): Promise<unknown> {
    const chunks: Buffer[] = []
    for await (const chunk of this.#request as AsyncIterable<Buffer>) chunks.push(chunk)
    return JSON.parse(Buffer.concat(chunks).toString('utf8'))
  }
}

export type AuthorizedCall = CheckedCall

/** A backend that answers nothing but checked requests. */
export interface GuardedBackend {
  handle(call: AuthorizedCall): Promise<Reply<unknown>>
  dispose(): Promise<void>
}

/** Leaves no way to a backend but a checked request. */
export const guard = (backend: Backend): GuardedBackend => ({
  handle: async (call) => backend.handle(call.name, await call.readJson()),
  dispose: () => backend.dispose(),
})

/** The one check of a request, before any of its body is read. Its target is read here, and nowhere again. */
export function admit(request: IncomingMessage, credentials: Credentials): Admission {
  const target = readTarget(request.url)
  if (target === undefined) return refused(400, 'not a plain path')
  const refusal = messageRefusal(request) ?? originRefusal(request, target, credentials.port)
  if (refusal !== undefined) return refusal
  const isRead = request.method === 'GET' || request.method === 'HEAD'
  if (target.kind === 'file' && isRead)
    return hasBody(request)
      ? refused(400, 'a body is not expected')
      : { kind: 'file', path: target.path, isHead: request.method === 'HEAD' }
  return admitWithSecret(request, target, credentials)
}

/** Refuses messages that two programs could read in two ways. */
function messageRefusal(request: IncomingMessage): Admission | undefined {
  if (request.httpVersion !== '1.1') return refused(505, 'HTTP/1.1 only')
  const repeated = singleHeaders.find((name) => (request.headersDistinct[name]?.length ?? 0) > 1)
  if (repeated !== undefined) return refused(400, `more than one ${repeated} header`)
  return request.headers['transfer-encoding'] === undefined ? undefined : refused(411, 'Content-Length is required')
}

/** Only the address that was printed, and only our own page. */
function originRefusal({ headers }: IncomingMessage, target: RequestTarget, port: number): Admission | undefined {
  const { host = '', origin } = headers
  // DNS rebinding: a foreign name that resolves to 127.0.0.1 comes with its own Host.
  if (host !== `127.0.0.1:${port}` && host !== `localhost:${port}`) return refused(421, 'wrong host')
  if (origin !== undefined && origin !== `http://${host}`) return refused(403, 'wrong origin')
  const site = headers['sec-fetch-site'] ?? 'same-origin'
  if (site === 'same-origin' || (site === 'none' && target.kind === 'file')) return undefined
  // A link or the launch file may open the page, which has no data without the token.
  const isPage = target.kind === 'file' && target.path === '/'
  const isNavigation = headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document'
  return isPage && isNavigation ? undefined : refused(403, 'another site')
}

function admitWithSecret(request: IncomingMessage, target: RequestTarget, credentials: Credentials): Admission {
  const { authorization = '', 'content-length': length = '' } = request.headers
  const [, code] = /^Launch (.+)$/.exec(authorization) ?? []
  const isExchange = target.kind === 'api' && target.name === 'session' && request.method === 'POST'
  if (isExchange && code !== undefined && !hasBody(request) && credentials.launchCodes.redeem(code))
    return { kind: 'session' }
  if (!isSameSecret(authorization, `Bearer ${credentials.token}`)) return refused(401, 'wrong token')
  if (target.kind === 'file' || request.method !== 'POST') return refused(405, 'wrong method')
  if (request.headers['content-type'] !== 'application/json') return refused(415, 'wrong content type')
  if (!/^\d+$/.test(length)) return refused(411, 'Content-Length is required')
  if (Number(length) > maxBodyBytes) return refused(413, 'the request is too large')
  return { kind: 'call', call: new CheckedCall(target.name, request) }
}

const hasBody = ({ headers }: IncomingMessage): boolean => (headers['content-length'] ?? '0') !== '0'

const refused = (status: number, why: string): Admission => ({ kind: 'refused', status, why })
