import { entryKind, type LayerTable } from '../image/layer-table'
import { contentNode, type Rootfs } from '../image/rootfs'
import { displayName } from '../utf8'

/** Bytes that are stored in some layer and that no container sees. The copy that survives is not among them. */
export interface Waste {
  readonly wastedBytes: number
  /** Visible bytes / stored bytes; 1 for an image without content. */
  readonly efficiency: number
  /** By path, most bytes first. */
  readonly paths: readonly WastedPath[]
}

export interface WastedPath {
  readonly path: string
  readonly wastedBytes: number
  /** Stored copies of the path that are hidden. */
  readonly copies: number
  /** Whether a container still sees something at that path. */
  readonly fate: 'replaced' | 'removed'
}

/** Judges every stored file: visible in the rootfs, or hidden by a whiteout, a newer copy, or a change of type above it. */
export function findWaste(rootfs: Rootfs): Waste {
  const visible = visibleContent(rootfs)
  const wasted = new Map<string, { wastedBytes: number; copies: number }>()
  let storedBytes = 0
  rootfs.layers.forEach((table, layer) => {
    storedBytes += table.unpackedBytes
    for (let node = 1; node < table.kind.length; node++) {
      if (table.kind[node] !== entryKind.file || visible[layer]![node] || table.contentBytes[node] === 0) continue
      const path = pathIn(table, node)
      const known = wasted.get(path) ?? { wastedBytes: 0, copies: 0 }
      wasted.set(path, { wastedBytes: known.wastedBytes + table.contentBytes[node]!, copies: known.copies + 1 })
    }
  })
  const present = wasted.size === 0 ? new Set<string>() : presentPaths(rootfs, wasted)
  const paths = [...wasted].map(([path, { wastedBytes, copies }]): WastedPath => {
    const fate = present.has(path) ? 'replaced' : 'removed'
    return { path: `/${displayName(path)}`, wastedBytes, copies, fate }
  })
  return {
    wastedBytes: storedBytes - rootfs.visibleBytes,
    efficiency: storedBytes === 0 ? 1 : rootfs.visibleBytes / storedBytes,
    paths: paths.sort((a, b) => b.wastedBytes - a.wastedBytes || (a.path < b.path ? -1 : 1)),
  }
}

/** For each layer which of its nodes hold content that is seen, under its own name or a hard link's. */
function visibleContent(rootfs: Rootfs): Uint8Array[] {
  const marks = rootfs.layers.map((table) => new Uint8Array(table.kind.length))
  for (let node = 1; node < rootfs.kind.length; node++) {
    if (rootfs.kind[node] !== entryKind.file) continue
    const content = contentNode(rootfs, node)
    if (content >= 0) marks[rootfs.layer[node]!]![content] = 1
  }
  return marks
}

function presentPaths(rootfs: Rootfs, wanted: ReadonlyMap<string, unknown>): Set<string> {
  const found = new Set<string>()
  for (let node = 1; node < rootfs.kind.length; node++) {
    const path = pathIn(rootfs, node)
    if (wanted.has(path)) found.add(path)
  }
  return found
}

function pathIn({ names, parent, nameId }: Pick<LayerTable, 'names' | 'parent' | 'nameId'>, node: number): string {
  const parts: string[] = []
  for (let at = node; at > 0; at = parent[at]!) parts.push(names[nameId[at]!]!)
  return parts.reverse().join('/')
}
