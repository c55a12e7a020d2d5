import type { Rootfs } from '../image/rootfs'
import type { RootfsPaths } from '../image/rootfs-paths'
import { apkReader } from './apk'
import { dpkgReader } from './dpkg'
import { goReader } from './go'
import { javaReader, type Unzip } from './java'
import { nodeReader } from './node'
import { type FoundPackage, type Package, type PackageReader, packageName } from './package'
import { phpReader } from './php'
import { pythonReader } from './python'
import { type RpmSqliteBlobs, rpmReader } from './rpm'
import { rubyReader } from './ruby'

/** What reading needs and core has not. */
export interface Decoders {
  readonly unzip: Unzip
  readonly rpmSqliteBlobs: RpmSqliteBlobs
}

/** One reader for each kind of database; those of the operating system first, since what they own nobody else does. */
export const packageReaders = (decoders: Decoders): PackageReader[] => [
  dpkgReader(),
  apkReader(),
  rpmReader(decoders.rpmSqliteBlobs),
  pythonReader(),
  nodeReader(),
  rubyReader(),
  phpReader(),
  javaReader(decoders.unzip),
  goReader(),
]

/** The packages of an image, and whose each file is. */
export interface InstalledPackages {
  /** By type, then name. */
  readonly packages: readonly Package[]
  /** For each node of the root file system an index into `packages`, -1 for none; folders have none. */
  readonly owner: Int32Array
  /** Content of the files that each package owns. */
  readonly bytes: Float64Array
}

/** Puts what was found in order and gives every file its owner: the first that claims it, the longest path before shorter ones. */
export function ownFiles(found: readonly FoundPackage[], rootfs: Rootfs, paths: RootfsPaths): InstalledPackages {
  const unique = new Map<string, FoundPackage>()
  for (const each of found) {
    const { type, version, path } = each.package
    const key = `${type} ${packageName(each.package)} ${version} ${path}`
    if (!unique.has(key)) unique.set(key, each)
  }
  const packages = [...unique.values()]
  const owner = new Int32Array(rootfs.parent.length).fill(-1)
  const folders = new Int32Array(rootfs.parent.length).fill(-1)
  packages.forEach(({ owns }, index) => {
    for (const path of owns) {
      const node = paths.locate(path)
      if (node === undefined) continue
      if (path.endsWith('/')) folders[node] = folders[node]! < 0 ? index : folders[node]!
      else if (owner[node]! < 0) owner[node] = index
    }
  })
  const bytes = new Float64Array(packages.length)
  for (let node = 1; node < owner.length; node++) {
    // Parents come before their children, so a folder's owner is settled when its files ask.
    if (folders[node]! < 0) folders[node] = folders[rootfs.parent[node]!]!
    if (owner[node]! < 0) owner[node] = folders[node]!
    if (owner[node]! >= 0) bytes[owner[node]!]! += rootfs.contentBytes[node]!
  }
  return inOrder(
    packages.map((each) => each.package),
    owner,
    bytes,
  )
}

function inOrder(packages: readonly Package[], owner: Int32Array, bytes: Float64Array): InstalledPackages {
  const rank = (each: Package): string => `${each.type} ${packageName(each)} ${each.version}`
  const ranks = packages.map(rank)
  const order = packages
    .map((_, at) => at)
    .sort((a, b) => (ranks[a]! < ranks[b]! ? -1 : ranks[a]! > ranks[b]! ? 1 : a - b))
  const place = new Int32Array(packages.length)
  order.forEach((from, at) => {
    place[from] = at
  })
  return {
    packages: order.map((at) => packages[at]!),
    owner: owner.map((index) => (index < 0 ? -1 : place[index]!)),
    bytes: Float64Array.from(order, (at) => bytes[at]!),
  }
}
