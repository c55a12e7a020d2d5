import { entryKind, isFolder, type LayerTable } from '../../electron/core/image/layer-table'
import { contentNode, type Rootfs } from '../../electron/core/image/rootfs'
import type { ExportedEntry } from './engine'

/** What the engine itself puts into a container. */
const ofTheEngine = /^(\.dockerenv|(dev|proc|sys|run)(\/.*)?|etc(\/(hostname|hosts|resolv\.conf|mtab))?)$/

/** Path to a line that says what is there; entries of the engine's own are left out. */
export type Listing = Readonly<Record<string, string>>

export const listRootfs = (rootfs: Rootfs): Listing => withoutEngine(describedRootfs(rootfs))

export const listExport = (entries: ReadonlyMap<string, ExportedEntry>): Listing =>
  withoutEngine(described([...entries], entries))

const withoutEngine = (entries: readonly Described[]): Listing =>
  Object.fromEntries(
    entries.filter(([path]) => !ofTheEngine.test(path)).map(([path, what]) => [asReplaced(path), what]),
  )

/** Bytes that are not UTF-8 stay apart in our names; the other library puts U+FFFD in their place. */
export const asReplaced = (path: string): string => path.replace(/[\udc80-\udcff]/g, '\ufffd')

type Described = [string, string]

/** One line per entry; a hard link is described as the file that it names. */
function described(entries: [string, ExportedEntry][], all: ReadonlyMap<string, ExportedEntry>): Described[] {
  return entries.map(([path, entry]) => {
    const { type, bytes, mode, owner, mtime, link } = entry.type === 'link' ? all.get(entry.link)! : entry
    const size = type === 'file' ? bytes : type === 'symlink' ? link : ''
    return [path, `${type} ${size} ${(mode & 0o7777).toString(8)} ${owner} ${mtime}`]
  })
}

const typeNames: Record<number, string> = {
  [entryKind.file]: 'file',
  [entryKind.symlink]: 'symlink',
  [entryKind.characterDevice]: 'character-device',
  [entryKind.blockDevice]: 'block-device',
  [entryKind.fifo]: 'fifo',
}

function describedRootfs(rootfs: Rootfs): Described[] {
  const paths: string[] = ['']
  const found: Described[] = []
  for (let node = 1; node < rootfs.kind.length; node++) {
    const parent = rootfs.parent[node]!
    const path = `${parent === 0 ? '' : `${paths[parent]}/`}${rootfs.names[rootfs.nameId[node]!]}`
    paths[node] = path
    const table = rootfs.layers[rootfs.layer[node]!]!
    const at = contentNode(rootfs, node)
    const kind = rootfs.kind[node]!
    const type = isFolder(kind) ? 'directory' : typeNames[kind]!
    const size = type === 'file' ? table.contentBytes[at] : type === 'symlink' ? table.linkTargets[table.link[at]!] : ''
    found.push([
      path,
      `${type} ${size} ${table.mode[at]!.toString(8)} ${table.uid[at]}:${table.gid[at]} ${table.mtime[at]}`,
    ])
  }
  return found
}

/** What engines count for the symlinks of layers that came from outside. */
export function symlinkBytes(table: LayerTable): number {
  const encoder = new TextEncoder()
  let sum = 0
  table.kind.forEach((kind, node) => {
    if (kind === entryKind.symlink) sum += encoder.encode(table.linkTargets[table.link[node]!]!).length
  })
  return sum
}
