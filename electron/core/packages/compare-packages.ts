import type { InstalledPackages } from './find-packages'
import { type PackageType, packageName } from './package'

/** One package, or all versions of it, in both images. */
export interface PackageLine {
  readonly type: PackageType
  readonly name: string
  /** Empty where the image lacks it. */
  readonly beforeVersions: readonly string[]
  readonly afterVersions: readonly string[]
  /** Content of the files that it owns. */
  readonly beforeBytes: number
  readonly afterBytes: number
}

export interface ComparedPackages {
  /** By type, then name. */
  readonly lines: readonly PackageLine[]
  /** For each package of an image the line that it is in. */
  readonly beforeLine: Int32Array
  readonly afterLine: Int32Array
}

interface Growing {
  readonly type: PackageType
  readonly name: string
  readonly versions: { readonly before: Set<string>; readonly after: Set<string> }
  readonly bytes: { before: number; after: number }
}

/** Joins the packages of both images by type and name. */
export function comparePackages(before: InstalledPackages, after: InstalledPackages): ComparedPackages {
  const lines = new Map<string, Growing>()
  const add = (side: 'before' | 'after', { packages, bytes }: InstalledPackages): string[] =>
    packages.map((each, at) => {
      const name = packageName(each)
      const key = `${each.type} ${name}`
      const line: Growing = lines.get(key) ?? {
        type: each.type,
        name,
        versions: { before: new Set(), after: new Set() },
        bytes: { before: 0, after: 0 },
      }
      line.versions[side].add(each.version)
      line.bytes[side] += bytes[at]!
      lines.set(key, line)
      return key
    })
  const [beforeKeys, afterKeys] = [add('before', before), add('after', after)]
  const ordered = [...lines].sort(([a], [b]) => (a < b ? -1 : 1))
  const place = new Map(ordered.map(([key], at) => [key, at]))
  return {
    lines: ordered.map(([, { type, name, versions, bytes }]) => ({
      type,
      name,
      beforeVersions: [...versions.before],
      afterVersions: [...versions.after],
      beforeBytes: bytes.before,
      afterBytes: bytes.after,
    })),
    beforeLine: Int32Array.from(beforeKeys, (key) => place.get(key)!),
    afterLine: Int32Array.from(afterKeys, (key) => place.get(key)!),
  }
}
