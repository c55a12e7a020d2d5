import type { UnionTree } from './union-tree'

// One buffer for both hosts: 4-byte header length, a JSON header in ASCII, then the columns, each at a multiple of 8.

const columnTypes = {
  parent: Int32Array,
  nameId: Int32Array,
  end: Int32Array,
  isFolder: Uint8Array,
  change: Uint8Array,
  kind: Uint8Array,
  beforeBytes: Float64Array,
  afterBytes: Float64Array,
  beforeEntries: Uint32Array,
  afterEntries: Uint32Array,
  beforeLayer: Int32Array,
  afterLayer: Int32Array,
} as const
type ColumnName = keyof typeof columnTypes
const columnNames = Object.keys(columnTypes) as ColumnName[]

interface Header {
  readonly count: number
  readonly names: readonly string[]
}

const aligned = (offset: number): number => (offset + 7) & ~7

/** Packs the columns that the renderer needs into one buffer: some 60 bytes a node, and the name table. */
export function packUnionTree(tree: UnionTree): Uint8Array<ArrayBuffer> {
  const header: Header = { count: tree.parent.length, names: tree.names }
  const json = JSON.stringify(header).replace(
    /[\u0080-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  let total = aligned(4 + json.length)
  for (const name of columnNames) total = aligned(total + tree[name].byteLength)
  const packed = new Uint8Array(total)
  new DataView(packed.buffer).setUint32(0, json.length, true)
  for (let i = 0; i < json.length; i++) packed[4 + i] = json.charCodeAt(i)
  let offset = aligned(4 + json.length)
  for (const name of columnNames) {
    const column = tree[name]
    packed.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), offset)
    offset = aligned(offset + column.byteLength)
  }
  return packed
}

/** The inverse of packUnionTree; the columns are views of the buffer. */
export function unpackUnionTree(bytes: Uint8Array): UnionTree {
  // Columns need an aligned start, which a slice of a network buffer need not have.
  const packed = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice()
  const length = new DataView(packed.buffer, packed.byteOffset).getUint32(0, true)
  const header = JSON.parse(asciiText(packed, 4, 4 + length)) as Header
  let offset = packed.byteOffset + aligned(4 + length)
  const columns: Partial<Record<ColumnName, unknown>> = {}
  for (const name of columnNames) {
    const column = new columnTypes[name](packed.buffer as ArrayBuffer, offset, header.count)
    columns[name] = column
    offset = aligned(offset + column.byteLength)
  }
  return { names: header.names, ...(columns as Omit<UnionTree, 'names'>) }
}

function asciiText(bytes: Uint8Array, from: number, to: number): string {
  const parts: string[] = []
  for (let at = from; at < to; at += 8192)
    parts.push(String.fromCharCode(...bytes.subarray(at, Math.min(to, at + 8192))))
  return parts.join('')
}
