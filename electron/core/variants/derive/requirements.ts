import type { SystemPackage } from '../../packages/system-packages'
import { finalBase } from '../stack/final-base'
import type { Classified } from './classify'
import { type BuiltEvidence, dependencyClosure, type ImageFacts, type PackageOwners } from './evidence'
import type { LinkedLibraries } from './linked-libraries'
import { isNamed } from './opened-by-name'
import { isForBuilding, isLibrary, isSystemPlumbing } from './package-roles'
import { interpreter, shell } from './path-rules'
import type { Programs } from './programs'

/** What has to be added to a runtime base so that the program finds everything that it has in the first image. */
export interface Requirements {
  readonly candidate: ImageFacts
  /** Whether packages can be installed on it; if not, their files are copied. */
  readonly installs: boolean
  /** Packages to install, and what needs each. */
  readonly packages: ReadonlyMap<string, string>
  /** Files beyond those that the build added, and what needs each. */
  readonly paths: ReadonlyMap<string, string>
  /** Why the base cannot be used. */
  readonly problems: readonly string[]
  /** The base with all that is added from packages. */
  readonly estimatedBytes: number
}

export interface RequirementsInput {
  readonly image: BuiltEvidence
  readonly base: ImageFacts
  readonly owners: PackageOwners
  readonly classified: Classified
  readonly programs: Programs
  readonly libraries: LinkedLibraries
  /** Names of libraries that scripts open by themselves. */
  readonly openedNames: ReadonlySet<string>
  /** Entries that ship although their class does not say so: found by a check. */
  readonly forced: ReadonlySet<string>
  /** Packages that no repository has. */
  readonly copiedPackages: ReadonlySet<string>
}

export async function findRequirements(input: RequirementsInput, candidate: ImageFacts): Promise<Requirements> {
  const search = new RequirementSearch(input, candidate)
  return search.find()
}

/** Entries that ship because the build made them, whatever the base is. */
export function shippedEntries({ classified, forced }: Pick<RequirementsInput, 'classified' | 'forced'>): Set<string> {
  const found = new Set(forced)
  for (const [path, { kind }] of classified.classes) if (kind === 'ships') found.add(path)
  return found
}

const isLibraryPath = (path: string): boolean => /\.so(\.[\d.]+)?$/.test(path)

/** The user's own interpreter below one folder: it is nothing without its library. */
const treeOf = (path: string): string | undefined =>
  /^(\/usr\/local\/lib\/[^/]+|\/usr\/local\/(?!lib|bin|sbin|share|etc|include)[^/]+|\/opt\/[^/]+)\//.exec(path)?.[1]

class RequirementSearch {
  readonly #input: RequirementsInput
  readonly #candidate: ImageFacts
  readonly #installs: boolean
  readonly #ships: ReadonlySet<string>
  /** The base is an operating system: what is in it is as its packages have it. */
  readonly #isPlainBase: boolean
  readonly #packages = new Map<string, string>()
  readonly #paths = new Map<string, string>()
  readonly #problems: string[] = []

  constructor(input: RequirementsInput, candidate: ImageFacts) {
    this.#input = input
    this.#candidate = candidate
    const { image } = input
    const isSameSystem = ['ID', 'VERSION_ID'].every((field) => image.system.get(field) === candidate.system.get(field))
    const hasShell = candidate.files.resolve('/bin/sh') !== undefined
    this.#installs = isSameSystem && hasShell && candidate.packages.manager === image.packages.manager
    this.#ships = shippedEntries(input)
    this.#isPlainBase =
      input.base.reference !== 'scratch' &&
      finalBase({ kind: 'image', reference: input.base.reference }).kind === 'system'
  }

  async find(): Promise<Requirements> {
    const { programs, image } = this.#input
    const candidate = this.#candidate
    if (candidate.architecture !== '' && candidate.architecture !== image.architecture)
      this.#problems.push(`it is for ${candidate.architecture}`)
    for (const [path, why] of programs) this.#need(path, why)
    if (this.#installs) this.#keepNamedPackages()
    for (const name of this.#input.copiedPackages) this.#copyPackage(name, 'no repository has it')
    this.#keepOpenedLibraries()
    await this.#keepLibraries()
    await this.#keepDataFiles()
    this.#needLinkTargets()
    if (this.#installs) this.#dropImplied()
    const names = this.#installs
      ? [...dependencyClosure(image.packages, this.#packages.keys())].filter(
          (name) => !candidate.packages.byName.has(name),
        )
      : []
    const packageBytes = names.reduce((sum, name) => sum + this.#bytesOf(image.packages.byName.get(name)), 0)
    const pathBytes = [...this.#paths.keys()].reduce((sum, path) => sum + (image.files.get(path)?.bytes ?? 0), 0)
    return {
      candidate,
      installs: this.#installs,
      packages: this.#packages,
      paths: this.#paths,
      problems: this.#problems,
      estimatedBytes: candidate.visibleBytes + packageBytes + pathBytes,
    }
  }

  /** A path as it is used: every link on the way, and the file. */
  #need(path: string, why: string): void {
    const { image } = this.#input
    const { links, real } = image.files.follow(path)
    if (real === undefined) return
    if (!this.#installs && shell.test(real.split('/').at(-1)!) && !this.#candidate.files.has(real)) {
      this.#problems.push(`${path} is needed (${why}), and it has no shell`)
      return
    }
    for (const step of [...links, real]) this.#needStep(step, real, why)
    if (interpreter.test(real)) this.#keepWholeInterpreter(links, real, why)
  }

  #needStep(path: string, real: string, why: string): void {
    const { image, owners, classified } = this.#input
    const file = image.files.get(path)!
    const there = this.#candidate.files.get(path)
    if (this.#ships.has(path) || there?.kind === file.kind) return
    const owner = owners.of(path)
    const isBaseFile = file.layer < image.baseLayers
    if (!this.#installs) {
      this.#copyForBaseWithoutPackages(path, real, owner, why)
      return
    }
    const kind = classified.classes.get(path)?.kind
    if (owner === undefined) {
      // Links that package scripts made are made again: `/usr/bin/java`, `/etc/alternatives/java`.
      if (isBaseFile) this.#problems.push(`${path} (${why}) is not in it`)
      else if (file.kind === 'file' || kind !== 'left') this.#paths.set(path, why)
    } else if (isBaseFile && (interpreter.test(real) || !this.#isPlainBase) && !isLibraryPath(path))
      this.#problems.push(`${path} (${why}) is not in it`)
    else if (this.#candidate.packages.byName.has(owner.name)) this.#paths.set(path, why)
    else this.#keep(owner.name, why)
  }

  #keep(name: string, why: string): void {
    if (!this.#candidate.packages.byName.has(name) && !this.#packages.has(name)) this.#packages.set(name, why)
  }

  /** `python3.11-minimal` is only a part of Python, and modules of PHP are packages: those of one source that depend on each other. */
  #keepWholeInterpreter(links: readonly string[], real: string, why: string): void {
    const { image, owners } = this.#input
    const family = new Map(
      [...links, real].flatMap(
        (path) => [owners.of(path)].flatMap((each) => (each ? [[each.name, each.source]] : [])) as [string, string][],
      ),
    )
    const { byName } = image.packages
    const isTied = (each: SystemPackage): boolean =>
      each.depends.flat().some((name) => family.has(name)) ||
      [...family.keys()].some((name) => byName.get(name)?.depends.flat().includes(each.name))
    for (let size = -1; size < family.size; ) {
      size = family.size
      for (const each of byName.values())
        if (
          !family.has(each.name) &&
          [...family.values()].includes(each.source) &&
          !isForBuilding(each) &&
          !/^lib|-(doc|examples|full)$/.test(each.name) &&
          isTied(each)
        )
          family.set(each.name, each.source)
    }
    for (const name of family.keys())
      if (this.#installs) this.#keep(name, why)
      else if (!this.#candidate.packages.byName.has(name)) this.#copyWithDependencies(name, why)
  }

  #keepNamedPackages(): void {
    const { image, base } = this.#input
    const { byName } = image.packages
    const named = [...byName.values()].filter((each) => each.isManual && !base.packages.byName.has(each.name))
    for (const each of named) {
      if (isForBuilding(each)) continue
      this.#keep(each.name, 'installed by name; the program may call it')
      for (const name of each.recommends) {
        const recommended = byName.get(name)
        if (recommended && !recommended.isManual && !base.packages.byName.has(name) && !isForBuilding(recommended))
          this.#keep(name, `recommended by ${each.name}, and was installed with it`)
      }
    }
  }

  /** Such a library often came with a `-dev` package, which stays behind. */
  #keepOpenedLibraries(): void {
    const { image, owners, openedNames } = this.#input
    if (openedNames.size === 0) return
    for (const { path, kind, layer } of image.files.all())
      if (kind !== 'folder' && layer >= image.baseLayers && owners.of(path) && !isForBuilding(owners.of(path)!))
        if (isNamed(path, openedNames) && !this.#candidate.files.has(path))
          this.#need(path, `${path.slice(path.lastIndexOf('/') + 1)} is opened by its name`)
  }

  async #keepLibraries(): Promise<void> {
    const { image, libraries, programs } = this.#input
    for (let size = -1; size !== this.#paths.size + this.#packages.size; ) {
      size = this.#paths.size + this.#packages.size
      const roots = new Set<string>()
      const ofBase = [...programs.keys()].flatMap((path) => image.files.follow(path).real ?? [])
      for (const path of [...this.#ships, ...this.#paths.keys(), ...(this.#installs ? [] : ofBase)]) {
        const file = image.files.get(path)
        if (file?.kind !== 'file' || file.bytes < 64) continue
        if ((file.mode & 0o111) !== 0 || /\.(so|node)(\.|$)/.test(path)) roots.add(path)
      }
      await libraries.load(roots)
      for (const { from, name, path } of await libraries.closure(roots)) {
        if (path === undefined) continue
        if (this.#candidate.files.resolve(path)?.kind !== 'file') this.#need(path, `${from} links ${name}`)
        else if (this.#ships.has(path)) continue
        if (
          !this.#installs &&
          !this.#candidate.files.has('/etc/ld.so.cache') &&
          (await libraries.isFoundByCache(name, path))
        )
          this.#paths.set('/etc/ld.so.cache', `${name} is found through it`)
      }
    }
  }

  /** Certificates and time zones are in full bases and not in slim ones. */
  async #keepDataFiles(): Promise<void> {
    const { image, libraries, programs } = this.#input
    const files = [...this.#ships, ...this.#paths.keys()].filter((path) => image.files.get(path)?.kind === 'file')
    const facts = (
      await Promise.all(files.map((path) => (this.#mayBeElf(path) ? libraries.facts(path) : undefined)))
    ).filter((each) => each !== undefined)
    const isScripted = [...programs.keys()].some((path) =>
      /\/(python|ruby|php|perl|java|node|curl|wget|git)[\d.]*$/.test(image.files.follow(path).real ?? path),
    )
    const talks =
      isScripted ||
      facts.some(
        ({ namesCertificates, needed }) =>
          namesCertificates || needed.some((name) => /^lib(ssl|gnutls|curl)/.test(name)),
      )
    const readsZones =
      image.settings.env.TZ !== undefined || isScripted || facts.some(({ namesTimeZones }) => namesTimeZones)
    const certificates = '/etc/ssl/certs/ca-certificates.crt'
    if (talks && image.files.has(certificates) && !this.#candidate.files.has(certificates)) {
      const why = 'certificates for HTTPS, which the first image has'
      if (this.#installs) this.#keep('ca-certificates', why)
      else this.#paths.set(certificates, why)
    }
    if (readsZones && image.files.has('/usr/share/zoneinfo') && !this.#candidate.files.has('/usr/share/zoneinfo')) {
      const why = 'time zones, which the first image has'
      if (this.#installs && image.packages.byName.has('tzdata')) this.#keep('tzdata', why)
      else if (!this.#installs) {
        for (const path of image.files.below('/usr/share/zoneinfo')) this.#paths.set(path, why)
        for (const path of ['/etc/localtime', '/etc/timezone']) if (image.files.has(path)) this.#paths.set(path, why)
      }
    }
    if (this.#candidate.files.has('/etc/passwd')) return
    if (facts.some(({ namesUsers }) => namesUsers) || /[a-z]/.test(image.settings.user))
      for (const path of ['/etc/passwd', '/etc/group', '/etc/nsswitch.conf'])
        if (image.files.has(path)) this.#paths.set(path, 'the program reads it, and an empty base lacks it')
    if (facts.some(({ namesTmp }) => namesTmp))
      this.#paths.set('/tmp', 'the program writes there, and an empty base lacks it')
  }

  #mayBeElf(path: string): boolean {
    const file = this.#input.image.files.get(path)!
    return file.bytes >= 64 && ((file.mode & 0o111) !== 0 || /\.(so|node)(\.|$)/.test(path))
  }

  /** What a link that ships leads to. */
  #needLinkTargets(): void {
    const { image } = this.#input
    for (const path of this.#ships) {
      if (image.files.get(path)?.kind !== 'link') continue
      const { real } = image.files.follow(path)
      const owner = real === undefined ? undefined : this.#input.owners.of(real)
      if (real === undefined || /^\/(etc|usr\/share)\//.test(real) || image.files.get(real)?.kind !== 'file') continue
      if (owner && isForBuilding(owner)) continue
      this.#need(path, `${path} is a link to it`)
    }
  }

  /** A package that another one of the list brings along needs no name of its own. */
  #dropImplied(): void {
    const { packages } = this.#input.image
    for (const [name, why] of [...this.#packages]) {
      if (!/ links |recommended by/.test(why)) continue
      const others = [...this.#packages.keys()].filter((other) => other !== name)
      if (dependencyClosure(packages, others).has(name)) this.#packages.delete(name)
    }
  }

  /** A program of a package with what the package needs; a library alone; an interpreter that no package owns as a tree. */
  #copyForBaseWithoutPackages(path: string, real: string, owner: SystemPackage | undefined, why: string): void {
    const { image } = this.#input
    this.#paths.set(path, why)
    if (path !== real) return
    if (owner && !isLibrary(owner) && !/^(libc6|gcc-|libgcc|zlib)/.test(owner.name)) {
      if (!isSystemPlumbing(owner)) this.#copyWithDependencies(owner.name, why)
      return
    }
    if (owner || !interpreter.test(real) || image.files.get(real)!.layer >= image.baseLayers) return
    const tree = treeOf(real) ?? (/\/node$/.test(real) ? undefined : '/usr/local')
    if (tree === undefined) return
    for (const below of image.files.below(tree))
      if (!/^\/usr\/local\/(include|share\/(doc|man))\//.test(below) && !this.#candidate.files.has(below))
        this.#paths.set(below, `the interpreter that ${why} needs`)
  }

  #copyWithDependencies(name: string, why: string): void {
    const { packages } = this.#input.image
    for (const each of dependencyClosure(packages, [name])) {
      const found = packages.byName.get(each)!
      if (each !== name && (isSystemPlumbing(found) || isLibrary(found) || isForBuilding(found))) continue
      if (!this.#candidate.packages.byName.has(each)) this.#copyPackage(each, why)
    }
  }

  #copyPackage(name: string, why: string): void {
    const { image, owners } = this.#input
    const found = image.packages.byName.get(name)
    for (const listed of found?.paths ?? []) {
      const at = listed.lastIndexOf('/')
      const folder = image.files.follow(listed.slice(0, at)).real
      const path = folder === undefined ? listed : `${folder === '/' ? '' : folder}${listed.slice(at)}`
      const file = image.files.get(path)
      if (file === undefined || this.#paths.has(path)) continue
      if (/^\/usr\/share\/(doc|man|locale|lintian|info|bash-completion)\//.test(path)) continue
      const isOwnFolder = file.kind === 'folder' && image.files.children(path).length === 0 && owners.hasFolder(path)
      if (file.kind !== 'folder' || isOwnFolder) this.#paths.set(path, `part of ${name}: ${why}`)
    }
  }

  #bytesOf(each: SystemPackage | undefined): number {
    const { files } = this.#input.image
    return (each?.paths ?? []).reduce((sum, path) => sum + (files.get(path)?.bytes ?? 0), 0)
  }
}
