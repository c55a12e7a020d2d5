import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { HostEvent } from './contract'
import type { Backend } from './handlers'
import { securityHeaders, staticFile } from './static-files'

export interface WebHost {
  /** With the token in its fragment, which no browser sends anywhere. */
  readonly url: string
  readonly emit: (event: HostEvent) => void
  close(): Promise<void>
}

export interface WebHostOptions {
  readonly rendererFolder: string
  /** Called once, with the function that pushes events to every open page. */
  readonly createBackend: (emit: (event: HostEvent) => void) => Backend
}

const largestBody = 1 << 20

/** Carries the contract over HTTP on 127.0.0.1: requests as POST, events as one streamed reply of JSON lines. */
export async function startWebHost({ rendererFolder, createBackend }: WebHostOptions): Promise<WebHost> {
  const token = randomBytes(32).toString('base64url')
  const streams = new Set<ServerResponse>()
  const emit = (event: HostEvent): void => {
    const line = `${JSON.stringify(event)}\n`
    for (const stream of streams) stream.write(line)
  }
  const backend = createBackend(emit)
  const server = createServer((request, response) => {
    answer({ request, response, port: portOf(server), token, backend, streams, rendererFolder }).catch((error) => {
      if (!response.headersSent) refuse(response, 400, String((error as Error).message))
      else response.destroy()
    })
  })
  server.on('upgrade', (_request, socket) => socket.destroy())
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host: '127.0.0.1', port: 0, exclusive: true }, resolve)
  })
  return {
    url: `http://127.0.0.1:${portOf(server)}/#token=${token}`,
    emit,
    async close() {
      await backend.dispose()
      server.close()
      server.closeAllConnections()
    },
  }
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port

interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly port: number
  readonly token: string
  readonly backend: Backend
  readonly streams: Set<ServerResponse>
  readonly rendererFolder: string
}

async function answer(exchange: Exchange): Promise<void> {
  const { request, response, rendererFolder } = exchange
  const refusal = refusalOf(exchange)
  if (refusal) return refuse(response, ...refusal)
  const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1')
  if (pathname === '/api/events') return openStream(exchange)
  if (pathname.startsWith('/api/')) return answerRequest(exchange, pathname.slice('/api/'.length))
  const file = await staticFile(rendererFolder, pathname)
  response.writeHead(file.status, { ...file.headers, 'Cache-Control': 'no-store' })
  response.end(request.method === 'HEAD' ? undefined : file.body)
}

/** Only the address we printed, only our own page, only with the token. */
function refusalOf({ request, port, token }: Exchange): [number, string] | undefined {
  const { host = '', origin, authorization = '' } = request.headers
  const site = request.headers['sec-fetch-site']
  // A foreign name that resolves to 127.0.0.1 comes with its own Host.
  if (host !== `127.0.0.1:${port}` && host !== `localhost:${port}`) return [421, 'wrong host']
  if (origin !== undefined && origin !== `http://${host}`) return [403, 'wrong origin']
  const isApi = request.url?.startsWith('/api/') ?? false
  if (site !== undefined && site !== 'same-origin' && (isApi || site !== 'none')) return [403, 'another site']
  if (!isApi) return request.method === 'GET' || request.method === 'HEAD' ? undefined : [405, 'wrong method']
  if (!isSameSecret(authorization, `Bearer ${token}`)) return [401, 'wrong token']
  if (request.method !== 'POST') return [405, 'wrong method']
  return request.headers['content-type'] === 'application/json' ? undefined : [415, 'wrong content type']
}

/** Compares digests, so that neither length nor time tells anything. */
function isSameSecret(given: string, wanted: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(wanted))
}

function refuse(response: ServerResponse, status: number, why: string): void {
  response.writeHead(status, { ...securityHeaders, 'Content-Type': 'text/plain', Connection: 'close' })
  response.end(why)
}

function openStream({ response, streams }: Exchange): void {
  response.writeHead(200, { ...securityHeaders, 'Content-Type': 'application/x-ndjson', 'Cache-Control': 'no-store' })
  response.flushHeaders()
  streams.add(response)
  response.on('close', () => streams.delete(response))
}

async function answerRequest({ request, response, backend }: Exchange, name: string): Promise<void> {
  const reply = await backend.handle(name, JSON.parse(await readBody(request)))
  const isBinary = reply.ok && reply.value instanceof Uint8Array
  const type = isBinary ? 'application/octet-stream' : 'application/json'
  response.writeHead(200, { ...securityHeaders, 'Content-Type': type, 'Cache-Control': 'no-store' })
  response.end(isBinary ? reply.value : JSON.stringify(reply))
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > largestBody) throw new Error('the request is too large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
