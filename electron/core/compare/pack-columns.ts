import { ColumnReader, packColumns } from '../columns'
import type { UnionTree } from './union-tree'

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

/** Packs the columns that the renderer needs into one buffer: some 60 bytes a node, and the name table. */
export function packUnionTree(tree: UnionTree): Uint8Array<ArrayBuffer> {
  const header: Header = { count: tree.parent.length, names: tree.names }
  return packColumns(
    header,
    columnNames.map((name) => tree[name]),
  )
}

/** The inverse of packUnionTree; the columns are views of the buffer. */
export function unpackUnionTree(bytes: Uint8Array): UnionTree {
  const reader = new ColumnReader(bytes)
  const { count, names } = reader.header as Header
  const columns = columnNames.map((name) => [name, reader.take<Column>(columnTypes[name], count)])
  return { names, ...(Object.fromEntries(columns) as Omit<UnionTree, 'names'>) }
}

type Column = UnionTree[ColumnName]
