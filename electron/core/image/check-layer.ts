import { entryKind, type LayerTable } from './layer-table'

const lastKind = entryKind.fifo

/** Why a table that somebody else packed cannot be a layer's; undefined where everything in it points to something. */
export function layerProblem(table: LayerTable): string | undefined {
  const { kind, parent, nameId, names, link, linkTargets, contentBytes } = table
  if (kind.length === 0 || !isText(names) || !isText(linkTargets)) return 'a layer has no entries or no names'
  if (!(table.unpackedBytes >= 0) || !(table.entries >= 0)) return 'a layer has no size'
  for (let node = 0; node < kind.length; node++) {
    const isPlaced = node === 0 || (parent[node]! >= 0 && parent[node]! < node)
    if (!isPlaced || nameId[node]! < 0 || nameId[node]! >= names.length) return 'an entry of a layer is nowhere'
    if (kind[node]! > lastKind || !(contentBytes[node]! >= 0)) return 'an entry of a layer is of no kind'
    const links = kind[node] === entryKind.symlink ? linkTargets.length : kind.length
    const isLink = kind[node] === entryKind.symlink || kind[node] === entryKind.hardLink
    if (isLink && (link[node]! >= links || link[node]! < (kind[node] === entryKind.symlink ? 0 : -1)))
      return 'a link of a layer leads nowhere'
  }
  return undefined
}

const isText = (values: unknown): boolean => Array.isArray(values) && values.every((each) => typeof each === 'string')
