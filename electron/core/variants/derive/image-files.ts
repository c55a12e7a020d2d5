import { entryKind, isFolder } from '../../image/layer-table'
import { nodePath } from '../../image/path-tree'
import { contentNode, type Rootfs } from '../../image/rootfs'

/** One visible entry of an image. */
export interface ImageFile {
  /** From the root, with a slash in front. */
  readonly path: string
  readonly kind: 'folder' | 'file' | 'link' | 'other'
  readonly mode: number
  readonly uid: number
  readonly gid: number
  readonly bytes: number
  /** Equal for equal content; '' for what has none. */
  readonly checksum: string
  /** Target of a symbolic link; '' for anything else. */
  readonly target: string
  /** The layer that wrote it, -1 for a folder that no layer lists. */
  readonly layer: number
  readonly capabilities: string
}

/** Where a path leads: every symbolic link on the way, and the entry at the end. */
export interface FollowedPath {
  readonly links: readonly string[]
  /** Undefined where it leads nowhere. */
  readonly real: string | undefined
}

const mostLinks = 40

/** The visible files of an image by path. */
export class ImageFiles {
  readonly #byPath = new Map<string, ImageFile>()
  readonly #children = new Map<string, string[]>()

  constructor(files: Iterable<ImageFile>) {
    for (const file of files) {
      this.#byPath.set(file.path, file)
      const folder = parentOf(file.path)
      const siblings = this.#children.get(folder)
      if (siblings) siblings.push(file.path)
      else this.#children.set(folder, [file.path])
    }
  }

  all(): IterableIterator<ImageFile> {
    return this.#byPath.values()
  }

  get(path: string): ImageFile | undefined {
    return this.#byPath.get(path)
  }

  has(path: string): boolean {
    return this.#byPath.has(path)
  }

  children(folder: string): readonly string[] {
    return this.#children.get(folder) ?? []
  }

  /** Everything below a folder. */
  *below(folder: string): IterableIterator<string> {
    for (const child of this.children(folder)) {
      yield child
      yield* this.below(child)
    }
  }

  follow(path: string): FollowedPath {
    const links: string[] = []
    const left = path.split('/').reverse()
    let at = ''
    for (let name = left.pop(); name !== undefined; name = left.pop()) {
      if (name === '' || name === '.') continue
      if (name === '..') {
        at = at.slice(0, Math.max(0, at.lastIndexOf('/')))
        continue
      }
      const file = this.#byPath.get(`${at}/${name}`)
      if (file === undefined) return { links, real: undefined }
      if (file.kind !== 'link') {
        at = file.path
        continue
      }
      links.push(file.path)
      if (links.length > mostLinks) return { links, real: undefined }
      left.push(...file.target.split('/').reverse())
      if (file.target.startsWith('/')) at = ''
    }
    return { links, real: at === '' ? '/' : at }
  }

  /** The entry at the end of all links. */
  resolve(path: string): ImageFile | undefined {
    const { real } = this.follow(path)
    return real === undefined ? undefined : this.#byPath.get(real)
  }
}

/** The folder that a path is in; '/' for those at the top. */
export const parentOf = (path: string): string => path.slice(0, path.lastIndexOf('/')) || '/'

/** Every folder above a path, nearest first, without the root. */
export function foldersAbove(path: string): string[] {
  const found: string[] = []
  for (let folder = parentOf(path); folder !== '/'; folder = parentOf(folder)) found.push(folder)
  return found
}

/** Whether a path is the folder or below it. */
export const isUnder = (path: string, folder: string): boolean =>
  path === folder || folder === '/' || path.startsWith(`${folder}/`)

export function imageFilesOf(rootfs: Rootfs): ImageFiles {
  return new ImageFiles(entriesOf(rootfs))
}

function* entriesOf(rootfs: Rootfs): IterableIterator<ImageFile> {
  for (let node = 1; node < rootfs.parent.length; node++) {
    const layer = rootfs.layer[node]!
    const table = rootfs.layers[layer]
    const at = rootfs.layerNode[node]!
    const kind = rootfs.kind[node]!
    const content = table ? contentNode(rootfs, node) : -1
    const isFile = kind === entryKind.file && table !== undefined && content >= 0
    const owned = table && { mode: table.mode[at]!, uid: table.uid[at]!, gid: table.gid[at]! }
    yield {
      path: `/${nodePath(rootfs, node)}`,
      kind: isFolder(kind)
        ? 'folder'
        : kind === entryKind.file
          ? 'file'
          : kind === entryKind.symlink
            ? 'link'
            : 'other',
      ...(owned && kind !== entryKind.impliedFolder ? owned : { mode: 0o755, uid: 0, gid: 0 }),
      bytes: isFile ? table.contentBytes[content]! : 0,
      checksum: isFile
        ? `${table.checksum[content * 2]}.${table.checksum[content * 2 + 1]}.${table.contentBytes[content]}`
        : '',
      target: kind === entryKind.symlink && table ? table.linkTargets[table.link[at]!]! : '',
      layer,
      capabilities: table?.xattrs.get(at)?.get('security.capability') ?? '',
    }
  }
}
