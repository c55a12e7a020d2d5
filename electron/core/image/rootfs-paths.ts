import { entryKind } from './layer-table'
import { nodePath } from './path-tree'
import type { Rootfs } from './rootfs'

/** Where a path leads in a container, or why nowhere. */
export type ResolvedPath =
  | { readonly node: number; readonly path: string }
  | { readonly node: undefined; readonly problem: string }

const mostLinks = 40

/** Finds paths in a root file system, following symbolic links as a process inside would. */
export class RootfsPaths {
  readonly #rootfs: Rootfs
  readonly #nameIds = new Map<string, number>()
  readonly #nodes = new Map<number, number>()

  constructor(rootfs: Rootfs) {
    this.#rootfs = rootfs
    rootfs.names.forEach((name, nameId) => {
      this.#nameIds.set(name, nameId)
    })
    for (let node = 1; node < rootfs.parent.length; node++)
      this.#nodes.set(this.#key(rootfs.parent[node]!, rootfs.nameId[node]!), node)
  }

  /** The node of that name, not what it links to; links on the way there are followed. Undefined where there is none. */
  locate(path: string): number | undefined {
    const names = splitPath(path)
    const last = names.pop()
    if (last === undefined) return 0
    const folder = this.resolve(names.join('/'))
    return folder.node === undefined ? undefined : this.#child(folder.node, last)
  }

  /** The node itself, or what it links to. */
  resolve(path: string): ResolvedPath {
    const left = splitPath(path).reverse()
    let node = 0
    let links = 0
    for (let name = left.pop(); name !== undefined; name = left.pop()) {
      if (name === '..') {
        node = Math.max(this.#rootfs.parent[node]!, 0)
        continue
      }
      const child = this.#child(node, name)
      if (child === undefined) return { node: undefined, problem: 'there is no such file' }
      const target = this.#linkTarget(child)
      if (target === undefined) {
        node = child
        continue
      }
      if (++links > mostLinks) return { node: undefined, problem: 'its links lead in a circle' }
      left.push(...splitPath(target).reverse())
      if (target.startsWith('/')) node = 0
    }
    return { node, path: `/${nodePath(this.#rootfs, node)}` }
  }

  #child(parent: number, name: string): number | undefined {
    const nameId = this.#nameIds.get(name)
    return nameId === undefined ? undefined : this.#nodes.get(this.#key(parent, nameId))
  }

  #linkTarget(node: number): string | undefined {
    const { kind, layer, layerNode, layers } = this.#rootfs
    if (kind[node] !== entryKind.symlink) return undefined
    const table = layers[layer[node]!]!
    return table.linkTargets[table.link[layerNode[node]!]!]
  }

  #key(parent: number, nameId: number): number {
    return parent * this.#rootfs.names.length + nameId
  }
}

/** Unlike pathParts, with `..`, which after a link leads elsewhere than the text says. */
const splitPath = (path: string): string[] => path.split('/').filter((name) => name !== '' && name !== '.')
