import { decodeUtf8 } from '../../utf8'
import { archiveProblem } from './header'

export type PaxRecords = ReadonlyMap<string, string>

/** Reads `length key=value\n` records (https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html). */
export function readPaxRecords(bytes: Uint8Array, archiveOffset: number): PaxRecords {
  const records = new Map<string, string>()
  let at = 0
  while (at < bytes.length && bytes[at] !== 0) {
    let length = 0
    let i = at
    while (i < bytes.length && bytes[i]! >= 0x30 && bytes[i]! <= 0x39) length = length * 10 + (bytes[i++]! - 0x30)
    const end = at + length
    const equals = bytes.indexOf(0x3d, i)
    if (bytes[i] !== 0x20 || end > bytes.length || equals < 0 || equals >= end || bytes[end - 1] !== 0x0a)
      throw archiveProblem('a PAX record is malformed', archiveOffset)
    records.set(decodeUtf8(bytes, i + 1, equals), decodeUtf8(bytes, equals + 1, end - 1))
    at = end
  }
  return records
}
