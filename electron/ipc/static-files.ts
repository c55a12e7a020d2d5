import { readdir, readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { isPlainPath } from './request-target'

/** Features of the browser that the page never uses. It writes to the clipboard, and nothing else. */
const unusedFeatures = [
  ...['accelerometer', 'autoplay', 'camera', 'clipboard-read', 'display-capture', 'encrypted-media', 'fullscreen'],
  ...['geolocation', 'gyroscope', 'hid', 'idle-detection', 'local-fonts', 'magnetometer', 'microphone', 'midi'],
  ...['payment', 'picture-in-picture', 'publickey-credentials-get', 'screen-wake-lock', 'serial', 'storage-access'],
  ...['usb', 'window-management', 'xr-spatial-tracking'],
]

/** Sent with every page and file; nothing remote can load. Inline styles are for charts and the treemap's card. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; " +
    "connect-src 'self'; worker-src 'self'; object-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': unusedFeatures.map((feature) => `${feature}=()`).join(', '),
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
}

export interface StaticFile {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

/** The files of a page by path, `/` for `/index.html`. */
export type PageFiles = ReadonlyMap<string, StaticFile>

/**
 * Reads a built page into memory: a path outside it is not in the map, a newer build changes nothing for the pages
 * that are open, and replies that wait for a slow reader share one copy. Files of other types are left out.
 */
export async function readPage(folder: string): Promise<PageFiles> {
  const files = new Map<string, StaticFile>()
  const visit = async (path: string): Promise<void> => {
    for (const entry of await readdir(join(folder, path), { withFileTypes: true })) {
      const child = `${path}/${entry.name}`
      if (entry.isDirectory()) await visit(child)
      const type = types[extname(child)]
      if (!entry.isFile() || !isPlainPath(child) || type === undefined) continue
      const headers = { ...securityHeaders, 'Content-Type': type }
      files.set(child, { status: 200, headers, body: await readFile(join(folder, child)) })
    }
  }
  await visit('')
  const index = files.get('/index.html')
  return index === undefined ? files : files.set('/', index)
}

/** The file of a path, or the reply that there is none. */
export const fileAt = (files: PageFiles, path: string): StaticFile => files.get(path) ?? missing

const missing: StaticFile = {
  status: 404,
  headers: { ...securityHeaders, 'Content-Type': 'text/plain' },
  body: Buffer.from('not found'),
}
