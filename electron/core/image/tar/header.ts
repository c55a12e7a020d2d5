import { EngineError } from '../../failure'
import { decodeUtf8 } from '../../utf8'

export const blockBytes = 512
const sparseFlag = 0x53

/** One 512-byte header block, fields as stored (https://www.gnu.org/software/tar/manual/html_node/Standard.html). */
export interface RawHeader {
  readonly name: string
  readonly linkName: string
  /** The type flag as a character; '0' for the old NUL. */
  readonly type: string
  readonly contentBytes: number
  readonly mode: number
  readonly uid: number
  readonly gid: number
  /** Seconds since 1970. */
  readonly mtime: number
  /** Of a GNU sparse file: its length with the holes, and whether blocks of its map follow this one. */
  readonly sparse: { readonly contentBytes: number; readonly isExtended: boolean } | undefined
}

export function archiveProblem(problem: string, atByte?: number): EngineError {
  return new EngineError({ code: 'archive-invalid', problem, atByte })
}

export function isZeroBlock(block: Uint8Array, at: number): boolean {
  for (let i = at; i < at + blockBytes; i++) if (block[i] !== 0) return false
  return true
}

/** Reads the header block at `at`; throws archive-invalid when its checksum or a number is wrong. */
export function readHeader(block: Uint8Array, at: number, archiveOffset: number): RawHeader {
  if (!checksumHolds(block, at)) throw archiveProblem('a tar header has a wrong checksum', archiveOffset)
  const number = (offset: number, length: number): number => {
    const value = readNumber(block, at + offset, length)
    if (value === undefined) throw archiveProblem('a tar header holds a bad number', archiveOffset)
    return value
  }
  const name = readText(block, at, 100)
  const isUstar = readText(block, at + 257, 5) === 'ustar' && block[at + 262] === 0
  const prefix = isUstar ? readText(block, at + 345, 155) : ''
  const flag = block[at + 156]!
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    linkName: readText(block, at + 157, 100),
    type: flag === 0 ? '0' : String.fromCharCode(flag),
    contentBytes: number(124, 12),
    mode: number(100, 8) & 0o7777,
    uid: number(108, 8),
    gid: number(116, 8),
    mtime: number(136, 12),
    sparse: flag === sparseFlag ? { contentBytes: number(483, 12), isExtended: block[at + 482] !== 0 } : undefined,
  }
}

/** The text up to the first NUL. */
export function readText(bytes: Uint8Array, at: number, length: number): string {
  let end = at
  while (end < at + length && bytes[end] !== 0) end++
  return decodeUtf8(bytes, at, end)
}

/** Octal digits, or base-256 when the high bit is set; undefined for anything else, negative sizes included. */
function readNumber(bytes: Uint8Array, at: number, length: number): number | undefined {
  if (bytes[at]! & 0x80) return readBase256(bytes, at, length)
  let value = 0
  let sawDigit = false
  for (let i = at; i < at + length; i++) {
    const byte = bytes[i]!
    if (byte === 0x20 || byte === 0) {
      if (sawDigit) break
      continue
    }
    if (byte < 0x30 || byte > 0x37) return undefined
    value = value * 8 + (byte - 0x30)
    sawDigit = true
  }
  return value
}

function readBase256(bytes: Uint8Array, at: number, length: number): number | undefined {
  if (bytes[at] === 0xff) return 0 // a negative time: before 1970
  let value = bytes[at]! & 0x7f
  for (let i = at + 1; i < at + length; i++) value = value * 256 + bytes[i]!
  return Number.isSafeInteger(value) ? value : undefined
}

/** The sum of all bytes with the checksum field as blanks; very old programs summed signed bytes. */
function checksumHolds(bytes: Uint8Array, at: number): boolean {
  let sum = 8 * 0x20
  for (let i = at; i < at + 148; i++) sum += bytes[i]!
  for (let i = at + 156; i < at + blockBytes; i++) sum += bytes[i]!
  const stored = readNumber(bytes, at + 148, 8)
  return stored === sum || stored === sum - 256 * highBytes(bytes, at)
}

function highBytes(bytes: Uint8Array, at: number): number {
  let count = 0
  for (let i = 0; i < blockBytes; i++) if ((i < 148 || i >= 156) && bytes[at + i]! >= 0x80) count++
  return count
}
