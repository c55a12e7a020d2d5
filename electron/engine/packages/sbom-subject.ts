import { randomUUID } from 'node:crypto'
import { PackageURL } from 'packageurl-js'
import type { Distribution } from '../../core/packages/distribution'
import type { InstalledPackages } from '../../core/packages/find-packages'
import type { Package } from '../../core/packages/package'

/** What an SBOM is made of. */
export interface SbomSubject {
  /** As the user named the image. */
  readonly name: string
  readonly imageId: string
  readonly packages: readonly Package[]
  readonly distribution: Distribution
  readonly created: Date
  /** A UUID of this document. */
  readonly id: string
}

/** A new document about an image. */
export const sbomSubject = (
  image: Pick<SbomSubject, 'name' | 'imageId'>,
  { packages }: InstalledPackages,
  distribution: Distribution,
): SbomSubject => ({ ...image, packages, distribution, created: new Date(), id: randomUUID() })

const vendorOf: Readonly<Record<string, string>> = { deb: 'debian', apk: 'alpine', rpm: 'redhat' }

/** The package URL (https://github.com/package-url/purl-spec); undefined for a folder in place of a Go module, and for a name that the scheme does not allow. */
export function packageUrl(
  { type, namespace, name, version, architecture }: Package,
  { id, version: release }: Distribution,
): string | undefined {
  if (type === 'golang' && /^[./]/.test(name)) return undefined
  const isSystem = type === 'deb' || type === 'apk' || type === 'rpm'
  const epoch = type === 'rpm' ? /^(\d+):/.exec(version)?.[1] : undefined
  const qualifiers = {
    ...(architecture === '' ? {} : { arch: architecture }),
    ...(isSystem && id !== '' ? { distro: release === '' ? id : `${id}-${release}` } : {}),
    ...(epoch === undefined ? {} : { epoch }),
  }
  const slash = name.lastIndexOf('/')
  const space = isSystem ? id || vendorOf[type]! : type === 'golang' && slash >= 0 ? name.slice(0, slash) : namespace
  const bare = type === 'golang' && slash >= 0 ? name.slice(slash + 1) : name
  const plain = epoch === undefined ? version : version.slice(epoch.length + 1)
  try {
    return new PackageURL(type, space || null, bare, plain || null, qualifiers, null).toString()
  } catch {
    return undefined
  }
}
