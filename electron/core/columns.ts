// One buffer for a header and some typed arrays: 4 bytes of header length, the header as ASCII JSON, then the columns, each at
// a multiple of 8. Used for what crosses to the renderer and for what is kept on disk.

export type Column = Uint8Array | Uint16Array | Int32Array | Uint32Array | Float64Array
export type ColumnType =
  | Uint8ArrayConstructor
  | Uint16ArrayConstructor
  | Int32ArrayConstructor
  | Uint32ArrayConstructor
  | Float64ArrayConstructor

const aligned = (offset: number): number => (offset + 7) & ~7

/** The header must be JSON; its strings may hold anything, lone surrogates included. */
export function packColumns(header: unknown, columns: readonly Column[]): Uint8Array<ArrayBuffer> {
  const json = JSON.stringify(header).replace(
    /[\u0080-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  let total = aligned(4 + json.length)
  for (const column of columns) total = aligned(total + column.byteLength)
  const packed = new Uint8Array(total)
  new DataView(packed.buffer).setUint32(0, json.length, true)
  for (let at = 0; at < json.length; at++) packed[4 + at] = json.charCodeAt(at)
  let offset = aligned(4 + json.length)
  for (const column of columns) {
    packed.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), offset)
    offset = aligned(offset + column.byteLength)
  }
  return packed
}

/** Reads a packed buffer in order: first the header, then each column as a view of the buffer. */
export class ColumnReader {
  readonly header: unknown
  readonly #packed: Uint8Array
  #offset: number

  constructor(bytes: Uint8Array) {
    // Columns need an aligned start, which a slice of another buffer need not have.
    this.#packed = bytes.byteOffset % 8 === 0 ? bytes : new Uint8Array(bytes)
    const length = new DataView(this.#packed.buffer, this.#packed.byteOffset).getUint32(0, true)
    this.header = JSON.parse(asciiText(this.#packed, 4, 4 + length))
    this.#offset = this.#packed.byteOffset + aligned(4 + length)
  }

  take<T extends Column>(type: new (buffer: ArrayBuffer, offset: number, length: number) => T, length: number): T {
    const column = new type(this.#packed.buffer as ArrayBuffer, this.#offset, length)
    this.#offset = aligned(this.#offset + column.byteLength)
    return column
  }
}

function asciiText(bytes: Uint8Array, from: number, to: number): string {
  const parts: string[] = []
  for (let at = from; at < to; at += 8192)
    parts.push(String.fromCharCode.apply(null, bytes.subarray(at, Math.min(to, at + 8192)) as unknown as number[]))
  return parts.join('')
}
