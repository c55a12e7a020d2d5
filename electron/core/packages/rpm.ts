import { type FoundPackage, makePackage, type PackageReader } from './package'
import { type RpmHeader, readRpmHeader } from './rpm-header'
import { ndbBlobs } from './rpm-ndb'

/** Column `blob` of the table `Packages` of an SQLite file. */
export type RpmSqliteBlobs = (bytes: Uint8Array) => Promise<readonly Uint8Array[]>

const database = /^(var\/lib|usr\/lib\/sysimage)\/rpm\/(rpmdb\.sqlite|Packages\.db)$/

/** Packages of Fedora, RHEL, openSUSE: one header for each, in an SQLite file or in rpm's own format. */
export function rpmReader(sqliteBlobs: RpmSqliteBlobs): PackageReader {
  const found: FoundPackage[] = []
  return {
    wants: ({ name, path }) => (name === 'rpmdb.sqlite' || name === 'Packages.db') && database.test(path),
    take: async (path, bytes) => {
      const blobs = path.endsWith('.sqlite') ? await sqliteBlobs(bytes) : ndbBlobs(bytes)
      for (const blob of blobs) {
        const header = readRpmHeader(blob)
        if (header !== undefined) found.push(...packageOf(header, path))
      }
    },
    finish: () => found,
  }
}

function packageOf(header: RpmHeader, path: string): FoundPackage[] {
  const { name, version, release, epoch } = header
  // Keys that were imported are kept like packages.
  if (name === '' || name === 'gpg-pubkey') return []
  const found = makePackage({
    type: 'rpm',
    name,
    version: `${epoch === undefined ? '' : `${epoch}:`}${version}-${release}`,
    architecture: header.architecture,
    license: header.license,
    source: header.sourceRpm.replace(/-[^-]+-[^-]+\.src\.rpm$/, ''),
    path: `/${path}`,
  })
  return [{ package: found, owns: header.files }]
}
