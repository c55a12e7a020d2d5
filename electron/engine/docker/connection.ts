import { Agent, type ClientRequest } from 'node:http'
import { connect as connectSocket, isIP } from 'node:net'
import type { Duplex } from 'node:stream'
import { connect as connectTls, type SecureContext } from 'node:tls'
import type { Endpoint } from './endpoint'
import { parseAddress } from './engine-address'
import { SshConnection } from './ssh-connection'
import { secureContextOf } from './tls-settings'

declare module 'node:http' {
  interface Agent {
    // Called by every request with an agent. Libraries like agent-base rely on it, although it has no documentation.
    addRequest(request: ClientRequest, options: object): void
  }
}

/** How requests reach an engine: each connection is made here, whatever a request's own options say. */
export interface Transport {
  readonly agent: Agent
  /** The Host header. */
  readonly host: string
  /** Comes before the path of every request. */
  readonly prefix: string
}

/**
 * The way to an endpoint: a socket, TCP, TLS, or `ssh`. When TLS was asked for, no connection is made without it. Throws BadAddress and
 * BadCertificates.
 */
export function transportTo(endpoint: Endpoint): Transport {
  const address = parseAddress(endpoint.address)
  if (address.kind === 'socket') {
    const { path } = address
    return { agent: new EngineAgent(() => connectSocket({ path })), host: 'localhost', prefix: '' }
  }
  if (address.kind === 'ssh')
    return { agent: new EngineAgent(() => new SshConnection(address)), host: 'localhost', prefix: '' }
  const { host, prefix, isHttps } = address
  const isSecure = isHttps || endpoint.tls !== undefined || endpoint.certificates !== undefined
  const port = address.port ?? (isSecure ? 2376 : 2375)
  const secureContext = isSecure ? secureContextOf(endpoint.certificates) : undefined
  const open = secureContext
    ? () => openTls({ host, port, secureContext, isVerified: endpoint.tls !== 'unverified' })
    : () => connectSocket({ host, port })
  return { agent: new EngineAgent(open), host: `${isIP(host) === 6 ? `[${host}]` : host}:${port}`, prefix }
}

interface TlsTarget {
  readonly host: string
  readonly port: number
  readonly secureContext: SecureContext
  readonly isVerified: boolean
}

function openTls({ host, port, secureContext, isVerified }: TlsTarget): Duplex {
  const name = isIP(host) === 0 ? { servername: host } : {}
  // Said explicitly, because otherwise NODE_TLS_REJECT_UNAUTHORIZED decides.
  return connectTls({ host, port, secureContext, rejectUnauthorized: isVerified, ...name })
}

/** Keeps connections for the next request, as Node's global agent does. */
class EngineAgent extends Agent {
  readonly #open: () => Duplex

  constructor(open: () => Duplex) {
    super({ keepAlive: true, scheduling: 'lifo', timeout: 5000 })
    this.#open = open
  }

  override createConnection(): Duplex {
    return this.#open()
  }

  /** Engines do not redirect. docker-modem would follow anyone's redirect to any host, in clear, and fails on unknown schemes. */
  override addRequest(request: ClientRequest, options: object): void {
    request.prependOnceListener('response', (reply) => {
      delete reply.headers.location
    })
    super.addRequest(request, options)
  }
}
