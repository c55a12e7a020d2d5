import { EngineError } from '../../core/failure'

const maxReasonLength = 300

/** Text of an engine, of ssh or of a server as one printable line of bounded length. */
export function oneLine(text: string): string {
  const line = text.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g, ' ').trim()
  return line.length > maxReasonLength ? `${line.slice(0, maxReasonLength)}…` : line
}

/** Why an engine could not be reached, as a clause without a full stop. */
export function reasonOf(error: unknown): string {
  if (error instanceof EngineError) {
    const { failure } = error
    if (failure.code === 'engine-unreachable' && failure.tried[0]) return failure.tried[0].reason
    if (failure.code === 'engine-refused') return refusalReason(failure.status, failure.detail)
    if (error.cause !== undefined) return reasonOf(error.cause)
  }
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 'there is no such socket'
  return systemReason(error)
}

/** Why the system, or a library of Node, refused something. */
export function systemReason(error: unknown): string {
  if (!(error instanceof Error)) return oneLine(String(error))
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (usual[code] !== undefined) return usual[code]
  if (code.startsWith('HPE_')) return 'it doesn’t speak HTTP'
  const message = oneLine(error.message).replace(/\.$/, '')
  if (isCertificateCode(code)) return `its certificate was rejected: ${message}`
  return message || code || error.name
}

const usual: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'the connection was closed',
  EPIPE: 'the connection was closed',
  ENOENT: 'it doesn’t exist',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ENOTFOUND: 'the host name cannot be resolved',
  EAI_AGAIN: 'the host name cannot be resolved',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'the network is unreachable',
  ETIMEDOUT: 'the connection timed out',
  EPROTO: 'it doesn’t speak TLS',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it doesn’t speak TLS',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'it doesn’t speak TLS',
}

const isCertificateCode = (code: string): boolean =>
  /CERT|^ERR_TLS_|^UNABLE_TO_|^HOSTNAME_MISMATCH$|^INVALID_(CA|PURPOSE)$|^CRL_/.test(code)

function refusalReason(status: number, detail: string): string {
  const said = detail === '' ? '' : `: ${detail}`
  return status < 400 ? detail : `it answered with status ${status}${said}`
}
