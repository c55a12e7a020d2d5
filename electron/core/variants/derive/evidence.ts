import type { ImageSettings } from '../../image/image-settings'
import type { SystemPackage, SystemPackages } from '../../packages/system-packages'
import { type ImageFiles, isUnder } from './image-files'

/** What is known of an image without its files' contents. */
export interface ImageFacts {
  readonly reference: string
  readonly architecture: string
  readonly diffIds: readonly string[]
  readonly files: ImageFiles
  readonly settings: ImageSettings
  readonly packages: SystemPackages
  /** Fields of `/etc/os-release`. */
  readonly system: ReadonlyMap<string, string>
  readonly visibleBytes: number
}

/** Reads contents from the image that a derivation starts from. */
export interface FileReader {
  /** A file by the path of the entry itself; undefined where it cannot be read or is too large. */
  read(path: string): Promise<Uint8Array | undefined>
  /** Many files, in no particular order; those that cannot be read are left out. */
  readAll(paths: ReadonlySet<string>, take: (path: string, bytes: Uint8Array) => void): Promise<void>
}

/** The image that the given file builds: the evidence. */
export interface BuiltEvidence extends ImageFacts, FileReader {
  /** For each layer the instruction that made it. */
  readonly createdBy: readonly string[]
  /** How many of its lowest layers are its base's. */
  readonly baseLayers: number
}

/** Which package owns a path, links in its folders resolved. */
export class PackageOwners {
  readonly #owners = new Map<string, SystemPackage>()
  readonly #folders = new Set<string>()

  constructor({ files, packages }: Pick<ImageFacts, 'files' | 'packages'>) {
    for (const each of packages.byName.values())
      for (const path of each.paths) {
        const at = path.lastIndexOf('/')
        const { real } = files.follow(path.slice(0, at))
        const place = real === undefined ? path : `${real === '/' ? '' : real}${path.slice(at)}`
        if (files.get(place)?.kind === 'folder') this.#folders.add(place)
        else if (files.has(place)) this.#owners.set(place, each)
      }
  }

  /** The package of a file or link. */
  of(path: string): SystemPackage | undefined {
    return this.#owners.get(path)
  }

  hasFolder(path: string): boolean {
    return this.#folders.has(path)
  }
}

/** The packages with all that they depend on, as far as the image has them. */
export function dependencyClosure({ byName }: SystemPackages, names: Iterable<string>): Set<string> {
  const providers = new Map([...byName.values()].flatMap((each) => each.provides.map((name) => [name, each.name])))
  const found = new Set<string>()
  const left = [...names]
  for (let name = left.pop(); name !== undefined; name = left.pop()) {
    const each = byName.get(name) ?? byName.get(providers.get(name) ?? '')
    if (each === undefined || found.has(each.name)) continue
    found.add(each.name)
    left.push(...each.depends.flat())
  }
  return found
}

/** Content below a path. */
export function bytesUnder(files: ImageFiles, path: string): number {
  let sum = files.get(path)?.bytes ?? 0
  for (const below of files.below(path)) if (isUnder(below, path)) sum += files.get(below)!.bytes
  return sum
}
