import { isFolder } from './layer-table'
import type { Rootfs } from './rootfs'

/** What asking an engine for files costs, in bytes that it could have sent instead. */
export interface FetchCosts {
  /** One more request. */
  readonly requestBytes: number
  /** One more entry of a folder that is sent whole. */
  readonly entryBytes: number
}

/**
 * The nodes to ask for so that every wanted file comes: a file by itself, or a folder with all that is below where that is cheaper than
 * asking for each. `wanted` is 1 at the wanted files.
 */
export function planFetch(rootfs: Rootfs, wanted: Uint8Array, costs: FetchCosts): number[] {
  const size = rootfs.parent.length
  /** What the whole subtree takes to send, and the least that gives all that is wanted of it. */
  const whole = new Float64Array(size)
  const least = new Float64Array(size)
  for (let node = size - 1; node >= 0; node--) {
    whole[node]! += rootfs.contentBytes[node]! + costs.entryBytes
    const asOne = costs.requestBytes + whole[node]!
    if (wanted[node]) least[node] = asOne
    else if (least[node]! > 0 && isFolder(rootfs.kind[node]!)) least[node] = Math.min(least[node]!, asOne)
    const parent = rootfs.parent[node]!
    if (parent < 0) continue
    whole[parent]! += whole[node]!
    least[parent]! += least[node]!
  }
  return chosen(rootfs, wanted, whole, least, costs)
}

function chosen(
  rootfs: Rootfs,
  wanted: Uint8Array,
  whole: Float64Array,
  least: Float64Array,
  costs: FetchCosts,
): number[] {
  const found: number[] = []
  const isCovered = new Uint8Array(rootfs.parent.length)
  for (let node = 0; node < isCovered.length; node++) {
    const parent = rootfs.parent[node]!
    isCovered[node] = parent >= 0 ? isCovered[parent]! : 0
    if (isCovered[node] || least[node] === 0) continue
    if (wanted[node] || least[node] === costs.requestBytes + whole[node]!) {
      isCovered[node] = 1
      found.push(node)
    }
  }
  return found
}
