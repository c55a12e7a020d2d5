import { hiddenFiles } from '../image/hidden-files'
import { nodePath } from '../image/path-tree'
import type { Rootfs } from '../image/rootfs'
import { displayName } from '../utf8'

/** Bytes that are stored in some layer and that no container sees. The copy that survives is not among them. */
export interface WasteTotals {
  readonly wastedBytes: number
  /** Visible bytes / stored bytes; 1 for an image without content. */
  readonly efficiency: number
}

export interface Waste extends WasteTotals {
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

/** How much is wasted, without saying where. */
export function wasteTotals({ layers, visibleBytes }: Pick<Rootfs, 'layers' | 'visibleBytes'>): WasteTotals {
  const storedBytes = layers.reduce((sum, table) => sum + table.unpackedBytes, 0)
  return {
    wastedBytes: storedBytes - visibleBytes,
    efficiency: storedBytes === 0 ? 1 : visibleBytes / storedBytes,
  }
}

/** Sums what is hidden by path. */
export function findWaste(rootfs: Rootfs): Waste {
  const wasted = new Map<string, { wastedBytes: number; copies: number }>()
  for (const { layer, node, contentBytes } of hiddenFiles(rootfs)) {
    const path = nodePath(rootfs.layers[layer]!, node)
    const known = wasted.get(path) ?? { wastedBytes: 0, copies: 0 }
    wasted.set(path, { wastedBytes: known.wastedBytes + contentBytes, copies: known.copies + 1 })
  }
  const present = wasted.size === 0 ? new Set<string>() : presentPaths(rootfs, wasted)
  const paths = [...wasted].map(([path, { wastedBytes, copies }]): WastedPath => {
    const fate = present.has(path) ? 'replaced' : 'removed'
    return { path: `/${displayName(path)}`, wastedBytes, copies, fate }
  })
  return {
    ...wasteTotals(rootfs),
    paths: paths.sort((a, b) => b.wastedBytes - a.wastedBytes || (a.path < b.path ? -1 : 1)),
  }
}

function presentPaths(rootfs: Rootfs, wanted: ReadonlyMap<string, unknown>): Set<string> {
  const found = new Set<string>()
  // Few names are wasted, and a path is long to spell: only where the last name is one of them it can be wanted.
  const lastNames = new Set([...wanted.keys()].map((path) => path.slice(path.lastIndexOf('/') + 1)))
  const isLast = rootfs.names.map((name) => lastNames.has(name))
  for (let node = 1; node < rootfs.kind.length; node++) {
    if (!isLast[rootfs.nameId[node]!]) continue
    const path = nodePath(rootfs, node)
    if (wanted.has(path)) found.add(path)
  }
  return found
}
