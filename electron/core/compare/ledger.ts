import type { ImageIndex } from '../image/image-index'
import { entryKind } from '../image/layer-table'
import { contentNode, type Rootfs } from '../image/rootfs'
import type { InstalledPackages } from '../packages/find-packages'
import { type PackagePurpose, packagePurpose } from '../packages/package-purpose'
import { pathKinds } from '../surface/path-kinds'
import { type LedgerClass, ledgerClasses } from './ledger-classes'
import { type LedgerFile, ledgerClassOf } from './ledger-rules'
import { type Change, change, type JoinedTree } from './union-tree'

export interface LedgerLine {
  readonly class: LedgerClass
  readonly bytes: number
  /** Files and links; of waste it is not counted. */
  readonly entries: number
}

const classIndex = new Map(ledgerClasses.map((name, at) => [name, at]))

/** In the ledger column: folders, and what only *after* has. */
export const noLedgerClass = 255

export interface Ledger {
  /** Classes with bytes or entries, in the order of ledgerClasses; the bytes add up to the unpacked bytes of the image before. */
  readonly lines: readonly LedgerLine[]
  /** For each node of the union tree an index into ledgerClasses, or noLedgerClass. */
  readonly column: Uint8Array
}

export interface LedgerInput {
  readonly tree: JoinedTree
  readonly before: ImageIndex
  readonly after: ImageIndex
  /** The packages of the image before. */
  readonly installed: InstalledPackages
}

/** Puts every byte of the image before into exactly one class. */
export function makeLedger(input: LedgerInput): Ledger {
  const { tree, before } = input
  const bytes = new Float64Array(ledgerClasses.length)
  const entries = new Float64Array(ledgerClasses.length)
  const column = new Uint8Array(tree.parent.length).fill(noLedgerClass)
  const files = new LedgerFiles(input)
  const { contentBytes, visibleBytes } = before.rootfs
  for (let node = 1; node < column.length; node++) {
    const inBefore = tree.beforeNode[node]!
    if (inBefore < 0 || (tree.isFolder[node] && contentBytes[inBefore] === 0)) continue
    const found = classIndex.get(ledgerClassOf(files.at(node)))!
    column[node] = found
    bytes[found]! += contentBytes[inBefore]!
    entries[found]!++
  }
  bytes[ledgerClasses.indexOf('waste')] = before.unpackedBytes - visibleBytes
  const lines = ledgerClasses
    .map((name, at) => ({ class: name, bytes: bytes[at]!, entries: entries[at]! }))
    .filter((line) => line.bytes > 0 || line.entries > 0)
  return { lines, column }
}

const languagePackages = pathKinds.indexOf('languagePackages')

/** Folders at the top of every Linux; what lies beside them is a project's (https://refspecs.linuxfoundation.org/fhs.shtml). */
const systemFolders =
  /^(bin|boot|dev|etc|home|lib|lib32|lib64|libx32|media|mnt|opt|proc|root|run|sbin|srv|sys|tmp|usr|var)$/

/** Answers what the rules ask. */
class LedgerFiles {
  readonly #tree: JoinedTree
  readonly #baseLayers: number
  readonly #isCopyLayer: readonly boolean[]
  readonly #added: ReadonlyMap<number, number>
  readonly #before: Rootfs
  readonly #owner: Int32Array
  readonly #purposes: readonly PackagePurpose[]
  /** For each folder the highest one above it that holds language packages, -1 for none. */
  readonly #packageRoot: Int32Array
  /** 1 below a folder at the top that no system has. */
  readonly #isOwn: Uint8Array

  constructor({ tree, before, after, installed }: LedgerInput) {
    this.#tree = tree
    this.#before = before.rootfs
    this.#owner = installed.owner
    this.#purposes = installed.packages.map(packagePurpose)
    this.#baseLayers = before.engine?.base?.layers ?? 0
    this.#isCopyLayer = before.layers.map(({ createdBy }) => /^(COPY|ADD) (?!.*--from=)/.test(createdBy))
    this.#added = addedContents(tree, after.rootfs)
    this.#packageRoot = new Int32Array(tree.parent.length).fill(-1)
    this.#isOwn = new Uint8Array(tree.parent.length)
    for (let node = 1; node < tree.parent.length; node++) {
      const above = tree.parent[node]!
      const isPackages = tree.kind[node] === languagePackages && tree.isFolder[node] === 1
      this.#packageRoot[node] = this.#packageRoot[above]! >= 0 ? this.#packageRoot[above]! : isPackages ? node : -1
      this.#isOwn[node] =
        above === 0 ? Number(!systemFolders.test(tree.names[tree.nameId[node]!]!)) : this.#isOwn[above]!
    }
  }

  at(node: number): LedgerFile {
    const { change: changes, kind, beforeLayer, beforeNode, afterNode } = this.#tree
    const layer = beforeLayer[node]!
    const root = this.#packageRoot[node]!
    return {
      change: changes[node] as Change,
      isMoved: changes[node] === change.removed && this.#isAdded(beforeNode[node]!),
      kind: pathKinds[kind[node]!]!,
      purpose: this.#purposes[this.#owner[beforeNode[node]!]!],
      isFolderKept: root >= 0 && afterNode[root]! >= 0,
      isBaseLayer: layer >= 0 && layer < this.#baseLayers,
      isCopyLayer: this.#isCopyLayer[layer] ?? false,
      isOwnFolder: this.#isOwn[node] === 1,
    }
  }

  #isAdded(inBefore: number): boolean {
    const content = this.#added.size === 0 ? undefined : contentOf(this.#before, inBefore)
    return content !== undefined && this.#added.get(content.key) === content.bytes
  }
}

/** Sizes of the contents of files that only the image after has, by contentKey. */
function addedContents(tree: JoinedTree, after: Rootfs): ReadonlyMap<number, number> {
  const found = new Map<number, number>()
  for (let node = 1; node < tree.parent.length; node++) {
    if (tree.change[node] !== change.added) continue
    const content = contentOf(after, tree.afterNode[node]!)
    if (content) found.set(content.key, content.bytes)
  }
  return found
}

/** Undefined for what has no content of its own. The key is 53 bits of the checksum, which a number holds exactly. */
function contentOf(rootfs: Rootfs, node: number): { readonly key: number; readonly bytes: number } | undefined {
  if (rootfs.kind[node] !== entryKind.file) return undefined
  const content = contentNode(rootfs, node)
  if (content < 0) return undefined
  const { contentBytes, checksum } = rootfs.layers[rootfs.layer[node]!]!
  const bytes = contentBytes[content]!
  if (bytes === 0) return undefined
  return { key: (checksum[content * 2]! & 0x1fffff) * 2 ** 32 + checksum[content * 2 + 1]!, bytes }
}
