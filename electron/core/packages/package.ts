import type { FileInterest } from '../image/file-interest'

/** Who manages a package; the names are those of package URLs (https://github.com/package-url/purl-spec). */
export const packageTypes = ['deb', 'apk', 'rpm', 'pypi', 'npm', 'golang', 'maven', 'gem', 'composer'] as const
export type PackageType = (typeof packageTypes)[number]

export const packageTypeLabel: Readonly<Record<PackageType, string>> = {
  deb: 'Debian packages',
  apk: 'Alpine packages',
  rpm: 'RPM packages',
  pypi: 'Python packages',
  npm: 'Node.js packages',
  golang: 'Go modules',
  maven: 'Java libraries',
  gem: 'Ruby gems',
  composer: 'PHP packages',
}

/** A piece of software that says of itself what it is. */
export interface Package {
  readonly type: PackageType
  /** What stands before the name: an npm scope, a Maven group, a PHP vendor; '' for none. */
  readonly namespace: string
  readonly name: string
  readonly version: string
  /** '' where it does not matter or is not said. */
  readonly architecture: string
  /** As it names its own licence, not checked; '' for nothing. */
  readonly license: string
  /** The source package where that has another name. */
  readonly source: string
  /** What its distribution files it under: `libdevel`. */
  readonly section: string
  /** The file that says so. */
  readonly path: string
}

/** A package and the paths that belong to it; one that ends with a slash stands for everything below. */
export interface FoundPackage {
  readonly package: Package
  readonly owns: readonly string[]
}

/** One kind of package database. */
export interface PackageReader extends FileInterest {
  finish(): FoundPackage[]
}

export const packageKey = ({ type, namespace, name }: Package): string => `${type}:${namespace}/${name}`

/** As its users write it: `@scope/name`, `group:artifact`. */
export function packageName({ type, namespace, name }: Pick<Package, 'type' | 'namespace' | 'name'>): string {
  if (namespace === '') return name
  return `${namespace}${type === 'maven' ? ':' : '/'}${name}`
}

/** A package without what its database does not say. */
export function makePackage(fields: Pick<Package, 'type' | 'name' | 'version' | 'path'> & Partial<Package>): Package {
  return { namespace: '', architecture: '', license: '', source: '', section: '', ...fields }
}
