/** An engine's address, taken apart. */
export type EngineAddress =
  | { readonly kind: 'socket'; readonly path: string }
  | {
      readonly kind: 'tcp'
      /** Without the brackets of IPv6. */
      readonly host: string
      /** Undefined for the default one, which depends on TLS. */
      readonly port: number | undefined
      /** What comes before the path of every request; '' for an engine that isn't behind a proxy. */
      readonly prefix: string
      /** The scheme itself asks for TLS. */
      readonly isHttps: boolean
    }
  | {
      readonly kind: 'ssh'
      readonly host: string
      readonly user: string | undefined
      readonly port: number | undefined
      /** The engine's socket on that host; undefined for the one that its `docker` uses. */
      readonly socket: string | undefined
    }

/** Thrown for an address that cannot be an engine's; the message is a clause that fits after "cannot be used:". */
export class BadAddress extends Error {}

/** Reads an address as Docker's command line does: an address without a scheme is a TCP one. Throws BadAddress. */
export function parseAddress(address: string): EngineAddress {
  const trimmed = address.trim()
  const separator = trimmed.indexOf('://')
  const scheme = separator === -1 ? 'tcp' : trimmed.slice(0, separator).toLowerCase()
  const rest = separator === -1 ? trimmed : trimmed.slice(separator + 3)
  switch (scheme) {
    // The path is taken as it is: % and # are ordinary characters in it.
    case 'unix':
      return { kind: 'socket', path: rest || '/var/run/docker.sock' }
    case 'npipe':
      return { kind: 'socket', path: rest || '//./pipe/docker_engine' }
    case 'tcp':
    case 'http':
    case 'https':
      return parseTcp(scheme, rest)
    case 'ssh':
      return parseSsh(rest)
    default:
      throw new BadAddress(`${scheme}:// addresses aren’t supported; use unix://, npipe://, tcp://, https:// or ssh://`)
  }
}

function parseTcp(scheme: 'tcp' | 'http' | 'https', rest: string): EngineAddress {
  const { hostname, port, pathname } = parseUrl(`tcp://${/^(:|\/|$)/.test(rest) ? `localhost${rest}` : rest}`)
  const implied = { tcp: undefined, http: 80, https: 443 }[scheme]
  return {
    kind: 'tcp',
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port === '' ? implied : Number(port),
    prefix: pathname.replace(/\/+$/, ''),
    isHttps: scheme === 'https',
  }
}

/** Everything here becomes an argument of `ssh`, so nothing may look like an option or mean something to the shell at the other end. */
function parseSsh(rest: string): EngineAddress {
  const { hostname, port, username, password, pathname, search, hash } = parseUrl(`ssh://${rest}`)
  const host = hostname.replace(/^\[(.*)\]$/, '$1')
  const user = decoded(username)
  if (password !== '') throw new BadAddress('an ssh address can’t contain a password; use a key')
  if (!/^(\w[\w.-]*|[\da-f:.]*:[\da-f:.]*)$/i.test(host))
    throw new BadAddress('the host name has unexpected characters')
  if (user !== '' && !/^\w[\w.+@-]*$/.test(user)) throw new BadAddress('the user name has unexpected characters')
  const socket = pathname === '/' ? '' : decoded(pathname)
  if (search !== '' || hash !== '' || !/^(\/[\w./+-]+)?$/.test(socket))
    throw new BadAddress('the path after the host has unexpected characters')
  return {
    kind: 'ssh',
    host,
    user: user || undefined,
    port: port === '' ? undefined : Number(port),
    socket: socket || undefined,
  }
}

function parseUrl(url: string): URL {
  if (!URL.canParse(url)) throw new BadAddress('it isn’t a valid address')
  const parsed = new URL(url)
  if (parsed.hostname === '') throw new BadAddress('it has no host name')
  return parsed
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new BadAddress('it isn’t a valid address')
  }
}
