import { type Growable, growableInt32 } from './growable'

/**
 * Paths as a tree in columns: node 0 is the root, every other node has a parent and an index into one name table.
 * Parents come before their children. A node is found by (parent, name) in a hash table with open addressing.
 */
export class PathTree {
  readonly parent: Growable<Int32Array> = growableInt32()
  readonly nameId: Growable<Int32Array> = growableInt32()
  readonly names: string[] = ['']
  readonly #idByName = new Map<string, number>([['', 0]])
  #slots: Int32Array

  /** `capacity`: how many nodes there will be, as far as that is known. */
  constructor(capacity = 64) {
    this.#slots = new Int32Array(2 ** Math.ceil(Math.log2(capacity * 2 + 2))).fill(-1)
    this.parent.push(-1)
    this.nameId.push(0)
  }

  get size(): number {
    return this.parent.length
  }

  internName(name: string): number {
    const known = this.#idByName.get(name)
    if (known !== undefined) return known
    const id = this.names.push(name) - 1
    this.#idByName.set(name, id)
    return id
  }

  /** The node, or -1. */
  find(parent: number, nameId: number): number {
    const slots = this.#slots
    const mask = slots.length - 1
    for (let at = hash(parent, nameId) & mask; ; at = (at + 1) & mask) {
      const node = slots[at]!
      if (node < 0) return -1
      if (this.parent.values[node] === parent && this.nameId.values[node] === nameId) return node
    }
  }

  findOrAdd(parent: number, nameId: number): number {
    const known = this.find(parent, nameId)
    if (known >= 0) return known
    const node = this.size
    this.parent.push(parent)
    this.nameId.push(nameId)
    if (node * 2 > this.#slots.length) this.#grow()
    else this.#place(node)
    return node
  }

  /** Walks or adds the nodes of a slash-separated path. */
  addPath(path: string): number {
    let node = 0
    for (const name of pathParts(path)) node = this.findOrAdd(node, this.internName(name))
    return node
  }

  /** The node at a path, or -1. */
  findPath(path: string): number {
    let node = 0
    for (const name of pathParts(path)) {
      const nameId = this.#idByName.get(name)
      node = nameId === undefined ? -1 : this.find(node, nameId)
      if (node < 0) return -1
    }
    return node
  }

  #place(node: number): void {
    const mask = this.#slots.length - 1
    let at = hash(this.parent.values[node]!, this.nameId.values[node]!) & mask
    while (this.#slots[at]! >= 0) at = (at + 1) & mask
    this.#slots[at] = node
  }

  #grow(): void {
    this.#slots = new Int32Array(this.#slots.length * 2).fill(-1)
    for (let node = 1; node < this.size; node++) this.#place(node)
  }
}

/** The names of a path; empty, `.` and `..` are dropped, so none leads outside. */
export const pathParts = (path: string): string[] =>
  path.split('/').filter((name) => name !== '' && name !== '.' && name !== '..')

const hash = (parent: number, nameId: number): number => {
  const mixed = Math.imul(parent, 0x9e3779b1) ^ Math.imul(nameId + 0x7f4a7c15, 0x85ebca6b)
  return (mixed ^ (mixed >>> 15)) >>> 0
}

/** A tree in columns, as every table of this project keeps it. */
export interface NamedTree {
  readonly names: readonly string[]
  readonly parent: Int32Array
  readonly nameId: Int32Array
}

/** The path of a node from the root, without a leading slash; '' for the root. */
export function nodePath(tree: NamedTree, node: number): string {
  const parts: string[] = []
  for (let at = node; at > 0; at = tree.parent[at]!) parts.push(tree.names[tree.nameId[at]!]!)
  return parts.reverse().join('/')
}
