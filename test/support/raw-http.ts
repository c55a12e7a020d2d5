import { connect, type Socket } from 'node:net'

export interface RawRequest {
  readonly method?: string
  readonly target?: string
  readonly version?: string
  /** Whole lines; `Host` and `Connection: close` are added unless `host` is undefined. */
  readonly headers?: readonly string[]
  readonly host?: string | undefined
  readonly body?: string
}

/** A request byte by byte, as no HTTP client would write it. */
export function rawRequest(port: number, options: RawRequest): string {
  const { method = 'GET', target = '/', version = '1.1', headers = [], body = '' } = options
  const host = 'host' in options ? options.host : `127.0.0.1:${port}`
  const lines = [`${method} ${target} HTTP/${version}`, ...(host === undefined ? [] : [`Host: ${host}`]), ...headers]
  return `${lines.join('\r\n')}\r\n\r\n${body}`
}

/** Sends bytes and collects what comes back until the other side closes. */
export function sendRaw(port: number, bytes: string): Promise<string> {
  return new Promise((resolve) => {
    let received = ''
    const socket = connect({ host: '127.0.0.1', port }, () => socket.write(bytes, 'latin1'))
    socket.setEncoding('latin1')
    socket.on('data', (text) => {
      received += String(text)
    })
    // A reset after the reply is a way to close.
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(received))
  })
}

/** A connection that sends its head and is left to the test. */
export const openRaw = (port: number, bytes: string): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port }, () => socket.write(bytes, 'latin1', () => resolve(socket)))
    socket.once('error', reject)
  })

/** The status of each reply in what came back. */
export const statusesIn = (received: string): number[] =>
  [...received.matchAll(/^HTTP\/1\.1 (\d{3}) /gm)].map(([, status]) => Number(status))
