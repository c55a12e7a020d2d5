import { decodeBase64, decodedLength } from './base64'
import { type LayerTable, LayerTableBuilder } from './layer-table'
import { archiveProblem } from './tar/header'
import { TarScanner } from './tar/scanner'

const noChecksum = { update: () => undefined, take: (): readonly [number, number] => [0, 0] }
const ascii = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0))
const segmentStart = ascii('{"type":2,"payload":"')
const fileStart = ascii('{"type":1,')
const payloadKey = ascii('"payload":"')
const sizeKey = ascii('"size":')
const lineFeed = 0x0a
const quote = 0x22

/**
 * Builds a layer's table from a tar-split file (https://github.com/vbatts/tar-split), unpacked, in chunks: JSON lines, type 2 raw tar
 * bytes, type 1 the checksum of a file's content. Read as bytes, because an image has tens of thousands of lines. Throws
 * archive-invalid for anything else.
 */
export class TarSplitReader {
  readonly #table = new LayerTableBuilder(noChecksum)
  readonly #scanner = new TarScanner(this.#table, { hasContent: false })
  #rest = new Uint8Array(0)
  #scratch = new Uint8Array(1024)

  push(chunk: Uint8Array): void {
    const bytes = this.#rest.length === 0 ? chunk : joined(this.#rest, chunk)
    let from = 0
    for (let end = bytes.indexOf(lineFeed); end >= 0; end = bytes.indexOf(lineFeed, from)) {
      if (end > from) this.#line(bytes, from, end)
      from = end + 1
    }
    this.#rest = new Uint8Array(bytes.subarray(from))
  }

  finish(): LayerTable {
    if (this.#rest.length > 0) this.#line(this.#rest, 0, this.#rest.length)
    this.#scanner.end()
    return this.#table.finish()
  }

  #line(bytes: Uint8Array, from: number, to: number): void {
    if (startsWith(bytes, from, to, segmentStart)) {
      const length = this.#decode(bytes, from + segmentStart.length, to)
      this.#scanner.push(this.#scratch.subarray(0, length))
    } else if (startsWith(bytes, from, to, fileStart)) this.#file(bytes, from, to)
    else throw archiveProblem('the layer metadata has a line of an unknown form')
  }

  /** Quotes in the name are escaped, so it cannot hold what looks like a key. */
  #file(bytes: Uint8Array, from: number, to: number): void {
    // Folders, links and empty files have no size, and a payload of null.
    if (lastIndexOf(bytes, from, to, sizeKey) < 0) return
    const payload = lastIndexOf(bytes, from, to, payloadKey)
    if (payload < 0) throw archiveProblem('the layer metadata has a file without checksum')
    const length = this.#decode(bytes, payload + payloadKey.length, to)
    if (length !== 8) throw archiveProblem('the layer metadata has a bad checksum')
    const view = new DataView(this.#scratch.buffer)
    this.#table.setChecksum(view.getUint32(0), view.getUint32(4))
  }

  /** Decodes the text up to the next quote into the scratch buffer; gives its length. */
  #decode(bytes: Uint8Array, from: number, to: number): number {
    const end = bytes.indexOf(quote, from)
    if (end < 0 || end >= to) throw archiveProblem('the layer metadata has a cut line')
    if (this.#scratch.length < decodedLength(end - from)) this.#scratch = new Uint8Array(2 * decodedLength(end - from))
    const length = decodeBase64(bytes, from, end, this.#scratch)
    if (length < 0) throw archiveProblem('the layer metadata is not base64')
    return length
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length)
  both.set(a)
  both.set(b, a.length)
  return both
}

function startsWith(bytes: Uint8Array, from: number, to: number, wanted: Uint8Array): boolean {
  if (to - from < wanted.length) return false
  for (let at = 0; at < wanted.length; at++) if (bytes[from + at] !== wanted[at]) return false
  return true
}

function lastIndexOf(bytes: Uint8Array, from: number, to: number, wanted: Uint8Array): number {
  for (let at = to - wanted.length; at >= from; at--) if (startsWith(bytes, at, to, wanted)) return at
  return -1
}
