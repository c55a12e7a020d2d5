import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type AuthorizedCall, admit, type Credentials, type GuardedBackend, guard } from './admission'
import type { HostEvent } from './contract'
import { EventStreams } from './event-streams'
import type { Backend } from './handlers'
import { LaunchCodes } from './launch-codes'
import { newSecret } from './secrets'
import { fileAt, type PageFiles, readPage, securityHeaders } from './static-files'

export interface WebHost {
  /** With the token in its fragment, which no browser sends anywhere. */
  readonly url: string
  readonly emit: (event: HostEvent) => void
  /** A URL that opens the page once. */
  launch(lifetimeMs: number): Launch
  close(): Promise<void>
}

export interface Launch {
  readonly url: string
  /** Resolves when the URL was used, has expired, or the host has ended. */
  readonly spent: Promise<void>
}

export interface WebHostOptions {
  readonly rendererFolder: string
  /** Called once, with the function that pushes events to every open page. */
  readonly createBackend: (emit: (event: HostEvent) => void) => Backend
}

// A head arrives at once. A body of the page takes no longer than a large Dockerfile on this machine.
const timeouts = { headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 5_000 }
const maxConnections = 256

/** Carries the contract over HTTP on 127.0.0.1: requests as POST, events as one streamed reply of JSON lines. */
export async function startWebHost({ rendererFolder, createBackend }: WebHostOptions): Promise<WebHost> {
  const token = newSecret()
  const launchCodes = new LaunchCodes()
  const events = new EventStreams()
  const files = await readPage(rendererFolder)
  const emit = (event: HostEvent): void => events.emit(event)
  const backend = guard(createBackend(emit))
  const server = createServer({ ...timeouts, connectionsCheckingInterval: 5_000, insecureHTTPParser: false })
  server.maxConnections = maxConnections
  const serve = (request: IncomingMessage, response: ServerResponse): void => {
    if (!server.listening) return refuse(response, 503, 'Cutaway is closing')
    const credentials = { port: portOf(server), token, launchCodes }
    answer({ request, response, credentials, backend, events, files }).catch(() => {
      if (response.headersSent) response.destroy()
      else refuse(response, 400, 'the request cannot be read')
    })
  }
  server.on('request', serve)
  // Without this, Node asks for the body before anything is checked.
  server.on('checkContinue', serve)
  server.on('upgrade', (_request, socket) => socket.destroy())
  server.on('connect', (_request, socket) => socket.destroy())
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host: '127.0.0.1', port: 0, exclusive: true }, resolve)
  })
  const address = `http://127.0.0.1:${portOf(server)}/`
  return {
    url: `${address}#token=${token}`,
    emit,
    launch(lifetimeMs) {
      const { code, spent } = launchCodes.issue(lifetimeMs)
      return { url: `${address}#launch=${code}`, spent }
    },
    async close() {
      // What is still connected gets no further work.
      server.close()
      launchCodes.clear()
      try {
        await backend.dispose()
      } finally {
        server.closeAllConnections()
      }
    },
  }
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port

interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly credentials: Credentials
  readonly backend: GuardedBackend
  readonly events: EventStreams
  readonly files: PageFiles
}

async function answer(exchange: Exchange): Promise<void> {
  const { request, response, credentials, files } = exchange
  const admission = admit(request, credentials)
  switch (admission.kind) {
    case 'refused':
      return refuse(response, admission.status, admission.why)
    case 'session':
      return sendJson(response, { token: credentials.token })
    case 'call':
      return answerCall(exchange, admission.call)
    case 'file': {
      const file = fileAt(files, admission.path)
      response.writeHead(file.status, { ...file.headers, 'Cache-Control': 'no-store' })
      response.end(admission.isHead ? undefined : file.body)
    }
  }
}

/** Ends the connection too: Node closes it with the reply, and whatever is left of the body is never read. */
function refuse(response: ServerResponse, status: number, why: string): void {
  response.writeHead(status, { ...securityHeaders, 'Content-Type': 'text/plain', Connection: 'close' })
  response.end(why)
}

async function answerCall({ request, response, backend, events }: Exchange, call: AuthorizedCall): Promise<void> {
  if (request.headers.expect !== undefined) response.writeContinue()
  if (call.name === 'events') {
    if (!events.open(call, response, replyHeaders)) refuse(response, 503, 'too many pages are open')
    return
  }
  const reply = await backend.handle(call)
  if (!reply.ok || !(reply.value instanceof Uint8Array)) return sendJson(response, reply)
  response.writeHead(200, { ...replyHeaders, 'Content-Type': 'application/octet-stream' })
  response.end(reply.value)
}

const replyHeaders = { ...securityHeaders, 'Cache-Control': 'no-store' }

function sendJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { ...replyHeaders, 'Content-Type': 'application/json' })
  response.end(JSON.stringify(value))
}
