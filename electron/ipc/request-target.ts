/** What a request asks for: a file of the page by its path (`/`, `/assets/a.js`), or a request of the API by name. */
export type RequestTarget =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'api'; readonly name: string }

const plainPath = /^\/(?:[\w-][\w.-]*(?:\/[\w-][\w.-]*)*)?$/
const apiPrefix = '/api/'

/** Whether a path has one reading only: no empty or dot segments, escapes, backslashes, queries or control characters. */
export const isPlainPath = (path: string): boolean => plainPath.test(path)

/** Reads a request target exactly as it was sent. Undefined for all but plain paths, so that no two readings can differ. */
export function readTarget(sent: string | undefined): RequestTarget | undefined {
  if (sent === undefined || !isPlainPath(sent)) return undefined
  if (!sent.startsWith(apiPrefix)) return { kind: 'file', path: sent }
  return { kind: 'api', name: sent.slice(apiPrefix.length) }
}
