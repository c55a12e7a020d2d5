/**
 * Paths of `/etc/ld.so.cache` by library name, in its order; the only place beside a program's own folders and the default ones where the
 * loader of glibc looks (https://man7.org/linux/man-pages/man8/ld.so.8.html). Never throws: a damaged file has none.
 */
export function readLoaderCache(bytes: Uint8Array): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>()
  const magic = 'glibc-ld.so.cache1.1'
  const start = indexOfText(bytes, magic)
  if (start < 0) return found
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const header = 48
  const entry = 24
  const count = start + header <= bytes.length ? view.getUint32(start + 20, true) : 0
  for (let at = 0; at < count; at++) {
    const from = start + header + at * entry
    if (from + entry > bytes.length) break
    const name = textAt(bytes, start + view.getUint32(from + 4, true))
    const path = textAt(bytes, start + view.getUint32(from + 8, true))
    const known = found.get(name)
    if (known) known.push(path)
    else found.set(name, [path])
  }
  return found
}

/** Where a text of ASCII begins, or -1. */
export function indexOfText(bytes: Uint8Array, text: string): number {
  const first = text.charCodeAt(0)
  for (let at = bytes.indexOf(first); at >= 0; at = bytes.indexOf(first, at + 1)) {
    let same = 1
    while (same < text.length && bytes[at + same] === text.charCodeAt(same)) same++
    if (same === text.length) return at
  }
  return -1
}

function textAt(bytes: Uint8Array, from: number): string {
  const end = bytes.indexOf(0, from)
  return end < 0 ? '' : String.fromCharCode(...bytes.subarray(from, Math.min(end, from + 4096)))
}
