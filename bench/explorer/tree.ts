import type { UnionTree } from '../../electron/core/compare/union-tree'

interface Folder {
  readonly name: string
  readonly children: (Folder | File)[]
  before: number
  after: number
  entries: number
}

interface File {
  readonly name: string
  readonly before: number
  readonly after: number
}

const isFolder = (node: Folder | File): node is Folder => 'children' in node

/** A tree as images have them: some ten files to a folder, sizes over six orders of magnitude, half of it only on one side. */
export function makeTree(files: number): UnionTree {
  let seed = 1
  const random = (): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
    return seed / 2_147_483_648
  }
  const folders: Folder[] = [{ name: '', children: [], before: 0, after: 0, entries: 0 }]
  for (let at = 1; at < files / 10; at++) {
    // Towards the newer ones: deep in some places, shallow in others.
    const parent = folders[Math.floor(folders.length * random() ** 1.5)]!
    const folder = { name: `folder${at % 997}`, children: [], before: 0, after: 0, entries: 0 }
    parent.children.push(folder)
    folders.push(folder)
  }
  for (let at = 0; at < files; at++) {
    const bytes = Math.round(10 ** (1 + 2 * random() + 2 * random() + 2 * random()))
    const side = random()
    folders[Math.floor(folders.length * random())]!.children.push({
      name: `file${at % 4999}.${['so', 'py', 'h', 'md', 'js'][at % 5]}`,
      before: side < 0.95 ? bytes : 0,
      after: side > 0.5 ? bytes : 0,
    })
  }
  for (const folder of folders.reverse()) {
    for (const child of folder.children) {
      folder.before += child.before
      folder.after += child.after
      folder.entries += 1 + (isFolder(child) ? child.entries : 0)
    }
    folder.children.sort((a, b) => Math.max(b.before, b.after) - Math.max(a.before, a.after))
  }
  return inColumns(folders.at(-1)!)
}

function inColumns(root: Folder): UnionTree {
  const size = root.entries + 1
  const names: string[] = []
  const idOf = new Map<string, number>()
  const tree: UnionTree = {
    names,
    parent: new Int32Array(size),
    nameId: new Int32Array(size),
    end: new Int32Array(size),
    isFolder: new Uint8Array(size),
    change: new Uint8Array(size),
    kind: new Uint8Array(size),
    beforeBytes: new Float64Array(size),
    afterBytes: new Float64Array(size),
    beforeEntries: new Uint32Array(size),
    afterEntries: new Uint32Array(size),
    beforeLayer: new Int32Array(size).fill(1),
    afterLayer: new Int32Array(size).fill(0),
  }
  let count = 0
  const visit = (node: Folder | File, parent: number): void => {
    const at = count++
    const id = idOf.get(node.name) ?? names.push(node.name) - 1
    idOf.set(node.name, id)
    tree.parent[at] = parent
    tree.nameId[at] = id
    tree.kind[at] = (parent * 7 + at) % 7
    tree.beforeBytes[at] = node.before
    tree.afterBytes[at] = node.after
    tree.change[at] = node.before === node.after ? 0 : node.after === 0 ? 1 : node.before === 0 ? 2 : 3
    tree.beforeEntries[at] = node.before > 0 ? 1 : 0
    tree.afterEntries[at] = node.after > 0 ? 1 : 0
    if (isFolder(node)) {
      tree.isFolder[at] = 1
      tree.beforeEntries[at] = tree.afterEntries[at] = node.entries + 1
      for (const child of node.children) visit(child, at)
    }
    tree.end[at] = count
  }
  visit(root, -1)
  return tree
}
