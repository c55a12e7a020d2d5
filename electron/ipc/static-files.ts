import { readFile } from 'node:fs/promises'
import { extname, join, normalize, sep } from 'node:path'

/** Sent with every page and file; nothing remote can load. Inline styles are for charts and the treemap's card. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; " +
    "connect-src 'self'; worker-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.map': 'application/json',
}

export interface StaticFile {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

/** A file of the built renderer; nothing outside that folder is ever read. */
export async function staticFile(folder: string, urlPath: string): Promise<StaticFile> {
  const missing = {
    status: 404,
    headers: { ...securityHeaders, 'Content-Type': 'text/plain' },
    body: Buffer.from('not found'),
  }
  let path: string
  try {
    path = normalize(join(folder, decodeURIComponent(urlPath === '/' ? '/index.html' : urlPath)))
  } catch {
    return missing // a malformed escape in the URL
  }
  const type = types[extname(path)]
  if (!path.startsWith(folder + sep) || path.includes('\0') || type === undefined) return missing
  try {
    return { status: 200, headers: { ...securityHeaders, 'Content-Type': type }, body: await readFile(path) }
  } catch {
    return missing
  }
}
