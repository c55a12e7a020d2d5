import type { FileInterest } from '../image/file-interest'
import type { ImageIndex } from '../image/image-index'
import { RootfsPaths } from '../image/rootfs-paths'
import { type Distribution, distributionReader } from '../packages/distribution'
import { type Decoders, type InstalledPackages, ownFiles, packageReaders } from '../packages/find-packages'
import { decodeUtf8 } from '../utf8'
import { secretFinder } from './secrets'
import { startScripts } from './start-scripts'
import { attackSurface, type Surface } from './surface'

/** What the files of an image say of it. */
export interface Examination {
  readonly installed: InstalledPackages
  readonly distribution: Distribution
  readonly surface: Surface
  /** See startScripts. */
  readonly scripts: readonly string[]
}

/** Gives interests the files that they want; see read-interests in the engine layer. */
export type ReadForInterests = (interests: readonly FileInterest[]) => Promise<void>

/** Looks into an image in one reading: packages with their files, the distribution, secrets, users; then counts the surface. */
export async function examineImage(
  { rootfs, config }: Pick<ImageIndex, 'rootfs' | 'config'>,
  decoders: Decoders,
  read: ReadForInterests,
): Promise<Examination> {
  const paths = new RootfsPaths(rootfs)
  const readers = packageReaders(decoders)
  const distribution = distributionReader()
  const secrets = secretFinder()
  const passwd = passwdReader()
  const scripts = startScripts(config.run, paths)
  await read([...readers, distribution, secrets, passwd, scripts])
  const found = readers.flatMap((reader) => reader.finish())
  const installed = ownFiles(found, rootfs, paths)
  const surface = attackSurface({
    rootfs,
    paths,
    run: config.run,
    installed,
    secrets: secrets.finish(),
    passwd: passwd.finish(),
  })
  return { installed, distribution: distribution.finish(), surface, scripts: scripts.finish() }
}

function passwdReader(): FileInterest & { finish(): string } {
  let text = ''
  return {
    wants: ({ path }) => path === 'etc/passwd',
    take: (_path, bytes) => {
      text = decodeUtf8(bytes)
    },
    finish: () => text,
  }
}
