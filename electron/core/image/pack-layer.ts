import { type Column, ColumnReader, packColumns } from '../columns'
import type { LayerTable } from './layer-table'

const columnTypes = {
  parent: Int32Array,
  nameId: Int32Array,
  kind: Uint8Array,
  flags: Uint8Array,
  contentBytes: Float64Array,
  mode: Uint16Array,
  uid: Uint32Array,
  gid: Uint32Array,
  mtime: Float64Array,
  link: Int32Array,
} as const
type ColumnName = keyof typeof columnTypes
const columnNames = Object.keys(columnTypes) as ColumnName[]

type Xattrs = readonly (readonly [number, readonly (readonly [string, string])[]])[]

interface Header {
  readonly count: number
  readonly entries: number
  readonly unpackedBytes: number
  readonly names: readonly string[]
  readonly linkTargets: readonly string[]
  readonly xattrs: Xattrs
}

/** A layer's table in one buffer, to be kept. */
export function packLayer(table: LayerTable): Uint8Array<ArrayBuffer> {
  const { entries, unpackedBytes, names, linkTargets, checksum } = table
  const xattrs: Xattrs = [...table.xattrs].map(([node, values]) => [node, [...values]])
  const header: Header = { count: table.kind.length, entries, unpackedBytes, names, linkTargets, xattrs }
  return packColumns(header, [...columnNames.map((name) => table[name]), checksum])
}

/** The inverse of packLayer. Throws for a buffer that packLayer did not make. */
export function unpackLayer(bytes: Uint8Array): LayerTable {
  const reader = new ColumnReader(bytes)
  const { count, xattrs, ...rest } = reader.header as Header
  const columns = columnNames.map((name) => [name, reader.take<Column>(columnTypes[name], count)])
  return {
    ...rest,
    ...(Object.fromEntries(columns) as Pick<LayerTable, ColumnName>),
    checksum: reader.take(Uint32Array, 2 * count),
    xattrs: new Map(xattrs.map(([node, values]) => [node, new Map(values)])),
  }
}
