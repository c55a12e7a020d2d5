import { isAmount, isTexts } from './check-config'
import { entryFlag, entryKind, isFolder, type LayerTable } from './layer-table'

const lastKind = entryKind.fifo
const allFlags = entryFlag.whiteout | entryFlag.opaque

/** Why a table that somebody else packed cannot be a layer's; undefined where everything in it points to something. */
export function layerProblem(table: LayerTable): string | undefined {
  const { kind, parent, nameId, names, linkTargets, contentBytes, flags, mtime } = table
  if (kind.length === 0 || !isTexts(names) || !isTexts(linkTargets)) return 'a layer has no entries or no names'
  if (!isAmount(table.unpackedBytes) || !isAmount(table.entries)) return 'a layer has no size'
  if (!hasWholeColumns(table)) return 'a layer is not complete'
  if (!isFolder(kind[0]!)) return 'the root of a layer is of no kind'
  for (let node = 0; node < kind.length; node++) {
    const isPlaced = node === 0 || (parent[node]! >= 0 && parent[node]! < node)
    if (!isPlaced || nameId[node]! < 0 || nameId[node]! >= names.length) return 'an entry of a layer is nowhere'
    if (kind[node]! > lastKind || flags[node]! > allFlags || !isAmount(contentBytes[node]))
      return 'an entry of a layer is of no kind'
    if (!Number.isFinite(mtime[node])) return 'an entry of a layer is of no time'
    if (!isLinked(table, node)) return 'a link of a layer leads nowhere'
  }
  return hasAttributes(table) ? undefined : 'an attribute of a layer belongs to nothing'
}

function isLinked({ kind, link, linkTargets }: LayerTable, node: number): boolean {
  const to = link[node]!
  if (kind[node] === entryKind.symlink) return to >= 0 && to < linkTargets.length
  return kind[node] !== entryKind.hardLink || (to >= -1 && to < kind.length)
}

function hasWholeColumns(table: LayerTable): boolean {
  const { kind, parent, nameId, flags, contentBytes, mode, uid, gid, mtime, link, checksum } = table
  const columns = [parent, nameId, flags, contentBytes, mode, uid, gid, mtime, link]
  return columns.every(({ length }) => length === kind.length) && checksum.length === 2 * kind.length
}

function hasAttributes({ xattrs, kind }: LayerTable): boolean {
  return [...xattrs].every(
    ([node, values]) =>
      Number.isInteger(node) && node >= 0 && node < kind.length && [...values].every((pair) => isTexts(pair)),
  )
}
