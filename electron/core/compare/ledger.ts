import type { ImageIndex } from '../image/image-index'
import { entryKind } from '../image/layer-table'
import { contentNode, type Rootfs } from '../image/rootfs'
import { type PathKind, pathKinds } from '../surface/path-kinds'
import type { JoinedTree } from './union-tree'
import { change } from './union-tree'

/** Why bytes of the image before are there, and whether they are still needed after. Order is that of the list on screen. */
export const ledgerClasses = [
  'shipped',
  'shippedChanged',
  'moved',
  'toolchain',
  'packageCache',
  'developmentPackages',
  'languagePackages',
  'docs',
  'source',
  'baseSystem',
  'systemPackages',
  'waste',
] as const
export type LedgerClass = (typeof ledgerClasses)[number]

/** What each class means, for those who read the list; the rules that decide are in `classOf`. */
export const ledgerLabels: Readonly<Record<LedgerClass, { readonly label: string; readonly meaning: string }>> = {
  shipped: { label: 'Shipped unchanged', meaning: 'At the same path with the same content in the image after.' },
  shippedChanged: {
    label: 'Shipped, changed',
    meaning: 'At the same path in the image after, with other content, owner or mode.',
  },
  moved: { label: 'Shipped under another path', meaning: 'The same content, at a path that only the image after has.' },
  toolchain: { label: 'Toolchain', meaning: 'Compilers, headers, linkers: needed to build, not to run.' },
  packageCache: { label: 'Package caches', meaning: 'What package managers fetched and kept.' },
  developmentPackages: {
    label: 'Development packages',
    meaning: 'Language packages that the image after leaves out of a folder that it has too.',
  },
  languagePackages: {
    label: 'Language packages',
    meaning: 'Packages of Python, Node.js or Ruby in folders that the image after has not.',
  },
  docs: {
    label: 'Documentation and locales',
    meaning: 'Manuals, translations, time zone names: nothing a service reads.',
  },
  source: {
    label: 'Sources and build results',
    meaning: 'Files of the project, and what the build made of them beside the program.',
  },
  baseSystem: { label: 'Base system', meaning: 'Programs and libraries of the base image.' },
  systemPackages: {
    label: 'System packages',
    meaning: 'Programs and libraries that were installed on top of the base.',
  },
  waste: {
    label: 'Stored and not seen',
    meaning: 'A later layer replaced or removed it; the image carries it all the same.',
  },
}

export interface LedgerLine {
  readonly class: LedgerClass
  readonly bytes: number
  /** Files and links; of waste it is not counted. */
  readonly entries: number
}

const classIndex = new Map(ledgerClasses.map((name, at) => [name, at]))

/**
 * Puts every byte of the image before into exactly one class: fills the tree's ledger column, and gives the sums, which add up to the
 * image's unpacked bytes. Classes without bytes and entries are left out.
 */
export function assignLedger(tree: JoinedTree, before: ImageIndex, after: ImageIndex): LedgerLine[] {
  const bytes = new Float64Array(ledgerClasses.length)
  const entries = new Float64Array(ledgerClasses.length)
  const rules = new LedgerRules(tree, before, after)
  const { contentBytes, visibleBytes } = before.rootfs
  for (let node = 1; node < tree.parent.length; node++) {
    const inBefore = tree.beforeNode[node]!
    if (inBefore < 0 || (tree.isFolder[node] && contentBytes[inBefore] === 0)) continue
    const found = classIndex.get(rules.classOf(node))!
    tree.ledger[node] = found
    bytes[found]! += contentBytes[inBefore]!
    entries[found]!++
  }
  bytes[ledgerClasses.indexOf('waste')] = before.unpackedBytes - visibleBytes
  return ledgerClasses
    .map((name, at) => ({ class: name, bytes: bytes[at]!, entries: entries[at]! }))
    .filter((line) => line.bytes > 0 || line.entries > 0)
}

const kindIndex = (kind: PathKind): number => pathKinds.indexOf(kind)
const toolchain = kindIndex('toolchain')
const packageCache = kindIndex('packageCache')
const docs = kindIndex('docs')
const languagePackages = kindIndex('languagePackages')
const application = kindIndex('application')

/** Folders at the top of every Linux; what lies beside them is a project's (https://refspecs.linuxfoundation.org/fhs.shtml). */
const systemFolders =
  /^(bin|boot|dev|etc|home|lib|lib32|lib64|libx32|media|mnt|opt|proc|root|run|sbin|srv|sys|tmp|usr|var)$/

class LedgerRules {
  readonly #tree: JoinedTree
  readonly #baseLayers: number
  readonly #isCopyLayer: readonly boolean[]
  readonly #added: ReadonlyMap<number, number>
  readonly #before: Rootfs
  /** For each folder the highest one above it that holds language packages, -1 for none. */
  readonly #packageRoot: Int32Array
  /** 1 below a folder at the top that no system has. */
  readonly #isOwn: Uint8Array

  constructor(tree: JoinedTree, before: ImageIndex, after: ImageIndex) {
    this.#tree = tree
    this.#before = before.rootfs
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

  /** The first rule that holds decides: what ships, then what the path says it is for, then which layer brought it. */
  classOf(node: number): LedgerClass {
    const { change: changes, kind, beforeLayer, afterNode } = this.#tree
    if (changes[node] === change.kept) return 'shipped'
    if (changes[node] === change.changed) return 'shippedChanged'
    const content = this.#added.size === 0 ? undefined : contentOf(this.#before, this.#tree.beforeNode[node]!)
    if (content && this.#added.get(content.key) === content.bytes) return 'moved'
    const is = kind[node]!
    if (is === packageCache) return 'packageCache'
    if (is === languagePackages) {
      const root = this.#packageRoot[node]!
      return root >= 0 && afterNode[root]! >= 0 ? 'developmentPackages' : 'languagePackages'
    }
    const layer = beforeLayer[node]!
    const isBase = layer >= 0 && layer < this.#baseLayers
    if (!isBase && (this.#isCopyLayer[layer] || is === application || this.#isOwn[node] === 1)) return 'source'
    if (is === toolchain) return 'toolchain'
    if (is === docs) return 'docs'
    return isBase ? 'baseSystem' : 'systemPackages'
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
