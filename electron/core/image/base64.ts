const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const bitsOf = new Uint8Array(256).fill(255)
for (let at = 0; at < alphabet.length; at++) bitsOf[alphabet.charCodeAt(at)] = at
const padding = 0x3d

/** Bytes that `length` base64 characters can give at most. */
export const decodedLength = (length: number): number => Math.ceil(length / 4) * 3

/** Decodes `source[from, to)` into `target`; gives the number of bytes, or -1 when it is not base64. */
export function decodeBase64(source: Uint8Array, from: number, to: number, target: Uint8Array): number {
  let end = to
  while (end > from && source[end - 1] === padding) end--
  let written = 0
  let wrong = 0
  let at = from
  for (; at + 4 <= end; at += 4) {
    const a = bitsOf[source[at]!]!
    const b = bitsOf[source[at + 1]!]!
    const c = bitsOf[source[at + 2]!]!
    const d = bitsOf[source[at + 3]!]!
    wrong |= a | b | c | d
    target[written++] = (a << 2) | (b >> 4)
    target[written++] = (b << 4) | (c >> 2)
    target[written++] = (c << 6) | d
  }
  const rest = end - at
  if (rest === 1) return -1
  if (rest >= 2) {
    const a = bitsOf[source[at]!]!
    const b = bitsOf[source[at + 1]!]!
    const c = rest === 3 ? bitsOf[source[at + 2]!]! : 0
    wrong |= a | b | c
    target[written++] = (a << 2) | (b >> 4)
    if (rest === 3) target[written++] = (b << 4) | (c >> 2)
  }
  return wrong > 63 ? -1 : written
}
