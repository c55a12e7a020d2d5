import { describe, expect, test } from 'vitest'
import { findWaste } from '../../../electron/core/compare/waste'
import { entryKind, isFolder } from '../../../electron/core/image/layer-table'
import { contentNode, mergeLayers, type Rootfs } from '../../../electron/core/image/rootfs'
import { rawTar } from '../../support/raw-tar'
import { type Member, readLayer } from '../../support/tar'

// Random stacks of changesets, applied by the index and by a model that knows nothing of columns: nested maps, one operation
// at a time, as an engine unpacks a layer into a folder of its own and lays it over the ones below.

type Node =
  | { readonly kind: 'folder'; readonly children: Map<string, Node> }
  | { readonly kind: 'file'; readonly content: { readonly bytes: number } }

const newFolder = (): Node => ({ kind: 'folder', children: new Map() })

function folderAt(root: Node, names: readonly string[]): Map<string, Node> {
  let at = root
  for (const name of names) {
    if (at.kind !== 'folder') throw new Error('not a folder')
    const next = at.children.get(name)
    const folder = next?.kind === 'folder' ? next : newFolder()
    at.children.set(name, folder)
    at = folder
  }
  if (at.kind !== 'folder') throw new Error('not a folder')
  return at.children
}

/** Whiteouts first, against what is there; then the entries, which may replace anything. */
function applyModel(root: Node, members: readonly Member[]): void {
  const added = newFolder()
  for (const [path, content] of members) {
    const names = path.replace(/\/$/, '').split('/')
    const name = names.pop()!
    if (name.startsWith('.wh.')) {
      removeFrom(root, names, name)
      // An engine that unpacks a whiteout makes the folder that it stands in.
      folderAt(added, names)
    } else if (path.endsWith('/')) folderAt(added, [...names, name])
    else if (typeof content === 'object') {
      const target = 'hardLink' in content ? content.hardLink.split('/') : []
      const source = folderAt(added, target.slice(0, -1)).get(target.at(-1)!)!
      folderAt(added, names).set(name, source)
    } else folderAt(added, names).set(name, { kind: 'file', content: { bytes: content?.length ?? 0 } })
  }
  overlay(root, added)
}

function removeFrom(root: Node, names: readonly string[], name: string): void {
  let at: Node | undefined = root
  for (const each of names) at = at?.kind === 'folder' ? at.children.get(each) : undefined
  if (at?.kind !== 'folder') return
  if (name === '.wh..wh..opq') at.children.clear()
  else at.children.delete(name.slice('.wh.'.length))
}

function overlay(lower: Node, upper: Node): void {
  if (lower.kind !== 'folder' || upper.kind !== 'folder') return
  for (const [name, node] of upper.children) {
    const below = lower.children.get(name)
    if (node.kind === 'folder' && below?.kind === 'folder') overlay(below, node)
    else if (node.kind === 'folder') {
      const fresh = newFolder()
      overlay(fresh, node)
      lower.children.set(name, fresh)
    } else lower.children.set(name, node)
  }
}

function modelPaths(root: Node, prefix = ''): string[] {
  if (root.kind !== 'folder') return []
  return [...root.children].flatMap(([name, node]) => [
    `${prefix}${name} ${node.kind === 'file' ? node.content.bytes : 'folder'}`,
    ...modelPaths(node, `${prefix}${name}/`),
  ])
}

function modelBytes(root: Node, seen = new Set<object>()): number {
  if (root.kind === 'file') {
    if (seen.has(root.content)) return 0
    seen.add(root.content)
    return root.content.bytes
  }
  return [...root.children.values()].reduce((sum, node) => sum + modelBytes(node, seen), 0)
}

function indexPaths(rootfs: Rootfs): string[] {
  const paths = ['']
  const found: string[] = []
  for (let node = 1; node < rootfs.kind.length; node++) {
    const parent = rootfs.parent[node]!
    paths[node] = `${parent === 0 ? '' : `${paths[parent]}/`}${rootfs.names[rootfs.nameId[node]!]}`
    const kind = rootfs.kind[node]!
    const content = contentNode(rootfs, node)
    const bytes = kind === entryKind.file ? rootfs.layers[rootfs.layer[node]!]!.contentBytes[content] : undefined
    found.push(`${paths[node]} ${isFolder(kind) ? 'folder' : bytes}`)
  }
  return found
}

/** A small generator with a seed, so that a failing case can be run again. */
function random(seed: number): (below: number) => number {
  let state = seed * 2654435761 + 1
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x6d2b79f5) >>> 0
    return ((state ^ (state >>> 13)) >>> 0) % below
  }
}

const names = ['a', 'b', 'c', 'd']

/** A changeset as an engine could have made it: no path is both a file and a folder, links name files of the same layer. */
function randomLayer(pick: (below: number) => number): Member[] {
  const members: Member[] = []
  const files: string[] = []
  const folders = new Set<string>()
  const taken = new Set<string>()
  for (let count = 1 + pick(6); count > 0; count--) {
    const parts = Array.from({ length: 1 + pick(3) }, () => names[pick(names.length)]!)
    const path = parts.join('/')
    const above = parts.slice(0, -1).map((_, at) => parts.slice(0, at + 1).join('/'))
    if (taken.has(path) || folders.has(path) || above.some((each) => files.includes(each))) continue
    const kind = pick(10)
    if (kind === 0) members.push([`${path}/.wh..wh..opq`, ''])
    else if (kind <= 2) members.push([[...parts.slice(0, -1), `.wh.${parts.at(-1)}`].join('/'), ''])
    else if (kind <= 4) members.push([`${path}/`])
    else if (kind === 5 && files.length > 0) members.push([path, { hardLink: files[pick(files.length)]! }])
    else members.push([path, 'x'.repeat(pick(50))])
    const isFile = kind > 4
    for (const each of above) folders.add(each)
    if (kind === 0 || kind === 3 || kind === 4) folders.add(path)
    if (isFile) files.push(path)
    if (kind > 2) taken.add(path)
  }
  return members
}

describe('10,000 random stacks of layers', () => {
  test('the index shows what the model shows, counts the same bytes, and wastes the rest', async () => {
    for (let seed = 1; seed <= 10_000; seed++) {
      const pick = random(seed)
      const stack = Array.from({ length: 1 + pick(5) }, () => randomLayer(pick))
      const model = newFolder()
      for (const members of stack) applyModel(model, members)
      const tables = await Promise.all(stack.map((members) => readLayer(rawTar(members))))
      const rootfs = mergeLayers(tables)
      const context = `seed ${seed}: ${JSON.stringify(stack)}`
      expect(indexPaths(rootfs).sort(), context).toEqual(modelPaths(model).sort())
      expect(rootfs.visibleBytes, context).toBe(modelBytes(model))
      const stored = tables.reduce((sum, table) => sum + table.unpackedBytes, 0)
      const waste = findWaste(rootfs)
      expect(waste.wastedBytes, context).toBe(stored - modelBytes(model))
      expect(
        waste.paths.reduce((sum, path) => sum + path.wastedBytes, 0),
        context,
      ).toBe(waste.wastedBytes)
    }
  }, 120_000)
})
