import { printableLine } from './printable'

// Core has neither TextDecoder nor Buffer. Bytes that are not UTF-8 become lone surrogates U+DC80..U+DCFF,
// so two different names never collapse into one; `encodeUtf8` turns them back into the same bytes.

const escapedByte = 0xdc00
/** Arguments that one function call may have. */
const longestCall = 4096

/** Decodes `bytes[start, end)` as UTF-8; never throws, and keeps invalid bytes apart as lone surrogates. */
export function decodeUtf8(bytes: Uint8Array, start = 0, end = bytes.length): string {
  let text = ''
  let i = start
  while (i < end) {
    const first = bytes[i]!
    if (first < 0x80) {
      let to = i + 1
      while (to < end && to - i < longestCall && bytes[to]! < 0x80) to++
      // In one call, because joining letters one by one makes a string of many small pieces.
      text += String.fromCharCode.apply(null, bytes.subarray(i, to) as unknown as number[])
      i = to
      continue
    }
    const length = sequenceLength(first)
    const point = length === 0 || i + length > end ? -1 : codePoint(bytes, i, length)
    if (point < 0) {
      text += String.fromCharCode(escapedByte + first)
      i++
    } else {
      text += String.fromCodePoint(point)
      i += length
    }
  }
  return text
}

/** Encodes as UTF-8; the inverse of `decodeUtf8`, escaped bytes included. */
export function encodeUtf8(text: string): Uint8Array {
  const bytes: number[] = []
  for (const char of text) {
    const point = char.codePointAt(0)!
    if (point < 0x80) bytes.push(point)
    else if (point >= 0xdc80 && point <= 0xdcff) bytes.push(point - escapedByte)
    else if (point < 0x800) bytes.push(0xc0 | (point >> 6), tail(point))
    else if (point < 0x10000) bytes.push(0xe0 | (point >> 12), tail(point >> 6), tail(point))
    else bytes.push(0xf0 | (point >> 18), tail(point >> 12), tail(point >> 6), tail(point))
  }
  return Uint8Array.from(bytes)
}

/** A name as a person may read it: bytes that are not UTF-8 as `\xNN`, control characters and changes of direction escaped. */
export const displayName = printableLine

const tail = (bits: number): number => 0x80 | (bits & 0x3f)

function sequenceLength(first: number): number {
  if (first >= 0xc2 && first <= 0xdf) return 2
  if (first >= 0xe0 && first <= 0xef) return 3
  if (first >= 0xf0 && first <= 0xf4) return 4
  return 0
}

function codePoint(bytes: Uint8Array, at: number, length: number): number {
  let point = bytes[at]! & (0xff >> (length + 1))
  for (let i = 1; i < length; i++) {
    const byte = bytes[at + i]!
    if ((byte & 0xc0) !== 0x80) return -1
    point = (point << 6) | (byte & 0x3f)
  }
  const smallest = [0, 0, 0x80, 0x800, 0x10000][length]!
  const isSurrogate = point >= 0xd800 && point <= 0xdfff
  return point < smallest || point > 0x10ffff || isSurrogate ? -1 : point
}
