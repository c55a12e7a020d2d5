import type { UnionTree } from '../../electron/core/compare/union-tree'
import { nodePath } from '../../electron/core/image/path-tree'

// Words of a search that are about names: a part of a name, a part of a path, or a form with * and ?. All in lower case.

/** 1 for each node that a word finds; a folder's path is part of the paths of all that is below. */
export function nameMask(tree: UnionTree, wanted: string): Uint8Array {
  const slash = wanted.lastIndexOf('/') + 1
  if (slash > 0 && !/[*?]/.test(wanted)) return pathMask(tree, wanted.slice(0, slash), wanted.slice(slash))
  const isHit = eachName(tree, matcher(wanted.slice(slash)))
  const { nameId } = tree
  const whole = slash === 0 ? undefined : matcher(`*${wanted}`)
  const mask = new Uint8Array(nameId.length)
  for (let node = 1; node < mask.length; node++)
    if (isHit[nameId[node]!] === 1 && (!whole || whole(`/${nodePath(tree, node)}`.toLowerCase()))) mask[node] = 1
  return mask
}

/** A path contains a text where a folder's path ends with its part up to the last slash, and a name in that folder begins with the rest. */
function pathMask(tree: UnionTree, head: string, rest: string): Uint8Array {
  const begins = eachName(tree, (name) => name.startsWith(rest))
  const { parent, nameId, end } = tree
  const mask = new Uint8Array(nameId.length)
  let last = { folder: -1, isHit: false }
  for (let node = 1; node < mask.length; node++) {
    if (begins[nameId[node]!] === 0) continue
    const folder = parent[node]!
    if (folder !== last.folder) last = { folder, isHit: endsWith(tree, folder, head) }
    if (!last.isHit) continue
    mask.fill(1, node, end[node]!)
    node = end[node]! - 1
  }
  return mask
}

const endsWith = (tree: UnionTree, folder: number, head: string): boolean =>
  (folder === 0 ? '/' : `/${nodePath(tree, folder)}/`).toLowerCase().endsWith(head)

const lowerNames = new WeakMap<UnionTree, readonly string[]>()

/** 1 for each distinct name that fits, by its id. Every key that is typed asks for all names in lower case, so they are kept. */
function eachName(tree: UnionTree, fits: (name: string) => boolean): Uint8Array {
  let names = lowerNames.get(tree)
  if (!names) {
    names = tree.names.map((name) => name.toLowerCase())
    lowerNames.set(tree, names)
  }
  const hits = new Uint8Array(names.length)
  for (let id = 0; id < hits.length; id++) if (fits(names[id]!)) hits[id] = 1
  return hits
}

function matcher(pattern: string): (text: string) => boolean {
  if (!/[*?]/.test(pattern)) return (text) => text.includes(pattern)
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&')
  const form = new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's')
  return (text) => form.test(text)
}
