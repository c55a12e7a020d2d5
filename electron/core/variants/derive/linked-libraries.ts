import { joinPath } from '../../dockerfile/stage-state'
import { type ElfFile, isElf, readElf } from '../../image/elf'
import { indexOfText, readLoaderCache } from '../../image/loader-cache'
import type { BuiltEvidence } from './evidence'

/** What is known of an ELF file, and which of the texts that matter it has. */
export interface ElfFacts extends ElfFile {
  readonly namesCertificates: boolean
  readonly namesTimeZones: boolean
  readonly namesUsers: boolean
  readonly namesTmp: boolean
}

/** A library that a file asks for; `path` is undefined where the image lacks it. */
export interface LinkedLibrary {
  readonly from: string
  readonly name: string
  readonly path: string | undefined
}

/** Finds what ELF files load, as the loader of the image would. */
export class LinkedLibraries {
  readonly #image: BuiltEvidence
  readonly #facts = new Map<string, ElfFacts | undefined>()
  readonly #links = new Map<string, Promise<readonly LinkedLibrary[]>>()
  #cache: Promise<ReadonlyMap<string, readonly string[]>> | undefined

  constructor(image: BuiltEvidence) {
    this.#image = image
  }

  /** Reads many files at once, so that asking for each of them later costs nothing. */
  async load(paths: ReadonlySet<string>): Promise<void> {
    const missing = new Set([...paths].filter((path) => !this.#facts.has(path)))
    if (missing.size === 0) return
    await this.#image.readAll(missing, (path, bytes) => this.#facts.set(path, factsOf(bytes)))
    for (const path of missing) if (!this.#facts.has(path)) this.#facts.set(path, undefined)
  }

  /** Undefined for what is no ELF file. `path` is the file itself, not a link. */
  async facts(path: string): Promise<ElfFacts | undefined> {
    if (!this.#facts.has(path)) {
      const bytes = await this.#image.read(path)
      this.#facts.set(path, bytes && factsOf(bytes))
    }
    return this.#facts.get(path)
  }

  /** All that these files load, directly or through what they load. */
  async closure(roots: Iterable<string>): Promise<LinkedLibrary[]> {
    const found: LinkedLibrary[] = []
    const left = [...roots]
    const seen = new Set(left)
    for (let path = left.pop(); path !== undefined; path = left.pop())
      for (const link of await this.#linksOf(path)) {
        found.push(link)
        const real = link.path === undefined ? undefined : this.#image.files.follow(link.path).real
        if (real === undefined || seen.has(real)) continue
        seen.add(real)
        left.push(real)
      }
    return found
  }

  #linksOf(path: string): Promise<readonly LinkedLibrary[]> {
    const known = this.#links.get(path)
    if (known) return known
    const links = this.#find(path)
    this.#links.set(path, links)
    return links
  }

  async #find(path: string): Promise<readonly LinkedLibrary[]> {
    const elf = await this.facts(path)
    if (elf === undefined) return []
    const cache = await this.cache()
    const loader =
      elf.interpreter === undefined ? [] : [{ from: path, name: elf.interpreter, path: this.#at([elf.interpreter]) }]
    const origin = path.slice(0, path.lastIndexOf('/')) || '/'
    const own = (folders: readonly string[]): string[] =>
      folders.map((folder) => joinPath('/', folder.replace(/\$\{?ORIGIN\}?/g, origin)))
    const given = (this.#image.settings.env.LD_LIBRARY_PATH ?? '').split(':').filter((folder) => folder !== '')
    const libraries = elf.needed.map((name) => {
      const folders = [...(elf.runpath.length > 0 ? [] : own(elf.rpath)), ...given, ...own(elf.runpath)]
      const defaults = ['/lib64', '/usr/lib64', '/lib', '/usr/lib', ...(cache.size === 0 ? ['/usr/local/lib'] : [])]
      const places = name.includes('/')
        ? [name]
        : [
            ...folders.map((folder) => joinPath(folder, name)),
            ...(cache.get(name) ?? []),
            ...defaults.map((folder) => joinPath(folder, name)),
          ]
      return { from: path, name, path: this.#at(places) }
    })
    return [...loader, ...libraries]
  }

  #at(places: readonly string[]): string | undefined {
    return places.find((place) => this.#image.files.resolve(place)?.kind === 'file')
  }

  /** Whether the loader finds a library only because its cache lists it. */
  async isFoundByCache(name: string, path: string): Promise<boolean> {
    return ((await this.cache()).get(name) ?? []).includes(path) && !/^(\/usr)?\/lib(64)?\/[^/]+$/.test(path)
  }

  /** The loader's cache of the image; empty where it has none, as with musl. */
  cache(): Promise<ReadonlyMap<string, readonly string[]>> {
    this.#cache ??= this.#image.read('/etc/ld.so.cache').then((bytes) => readLoaderCache(bytes ?? new Uint8Array()))
    return this.#cache
  }
}

function factsOf(bytes: Uint8Array): ElfFacts | undefined {
  if (!isElf(bytes)) return undefined
  const elf = readElf(bytes)
  if (elf === undefined) return undefined
  const has = (text: string): boolean => indexOfText(bytes, text) >= 0
  return {
    ...elf,
    namesCertificates: has('/etc/ssl/certs'),
    namesTimeZones: has('/usr/share/zoneinfo'),
    namesUsers: has('/etc/passwd'),
    namesTmp: has('/tmp'),
  }
}
