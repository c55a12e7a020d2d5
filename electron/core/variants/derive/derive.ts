import { formatBytes } from '../../format'
import { decodeUtf8 } from '../../utf8'
import type { DerivationReason } from '../variant'
import type { BuildStageText } from './build-stage'
import type { DerivationTarget } from './candidates'
import { classifyEntries } from './classify'
import { type BuiltEvidence, dependencyClosure, type ImageFacts, PackageOwners } from './evidence'
import { withoutShell } from './exec-form'
import { type DerivedLine, type FinalStage, writeFinalStage } from './final-stage'
import { LinkedLibraries } from './linked-libraries'
import { namesOfOpenedLibraries } from './opened-by-name'
import type { LeftReason } from './path-rules'
import { findPrograms } from './programs'
import { findRequirements, type Requirements, type RequirementsInput, shippedEntries } from './requirements'

/** What checks of a derived image have taught; empty at first. */
export interface Lessons {
  /** Entries to ship although their class does not say so. */
  readonly forced: ReadonlySet<string>
  /** Entries that the derived image has and the first does not. */
  readonly removed: ReadonlySet<string>
  /** Folders that are in the way of a link or a file. */
  readonly cleared: ReadonlySet<string>
  /** Packages that no repository has. */
  readonly copiedPackages: ReadonlySet<string>
}

export const noLessons: Lessons = {
  forced: new Set(),
  removed: new Set(),
  cleared: new Set(),
  copiedPackages: new Set(),
}

const ofBuilding: ReadonlySet<LeftReason> = new Set([
  'toolchain',
  'source',
  'intermediate',
  'static library',
  'version control',
])

export interface DerivedDockerfile {
  readonly text: string
  /** The lines that were added to the user's file. */
  readonly lines: readonly DerivedLine[]
  readonly reasons: readonly DerivationReason[]
  readonly base: string
  readonly shipped: FinalStage['shipped']
  readonly requirements: Requirements
}

export type Derived =
  | { readonly ok: true; readonly value: DerivedDockerfile }
  | { readonly ok: false; readonly problem: string }

/** Derives variants of one built image; what is read for one is kept for the next. */
export class Derivation {
  readonly #image: BuiltEvidence
  readonly #base: ImageFacts
  readonly #build: BuildStageText
  readonly #target: DerivationTarget
  readonly #owners: PackageOwners
  readonly #libraries: LinkedLibraries
  readonly #command: readonly string[] | undefined
  #input: Promise<Omit<RequirementsInput, 'forced' | 'copiedPackages'>> | undefined
  #candidate: ImageFacts | undefined

  constructor(image: BuiltEvidence, base: ImageFacts, build: BuildStageText, target: DerivationTarget) {
    this.#command = target === 'multi-stage' ? undefined : withoutShell(image.settings)
    this.#image = this.#command ? { ...withSettings(image, this.#command) } : image
    this.#base = base
    this.#build = build
    this.#target = target
    this.#owners = new PackageOwners(image)
    this.#libraries = new LinkedLibraries(image)
  }

  /** The first of the candidates, which come smallest first, that costs least. */
  async derive(candidates: readonly ImageFacts[], lessons: Lessons): Promise<Derived> {
    const input = { ...(await this.#read()), ...lessons }
    const problem = this.#refusal(input)
    if (problem !== undefined) return { ok: false, problem }
    let best: Requirements | undefined
    const problems: string[] = []
    for (const candidate of this.#candidate ? [this.#candidate] : candidates) {
      const found = await findRequirements(input, candidate)
      if (found.problems.length > 0) problems.push(`${candidate.reference}: ${found.problems[0]}`)
      else if (best === undefined || found.estimatedBytes < best.estimatedBytes * 0.98) best = found
    }
    if (best === undefined) return { ok: false, problem: this.#noBase(problems) }
    this.#candidate = best.candidate
    const isPointless =
      this.#target === 'multi-stage' &&
      best.candidate.reference === this.#base.reference &&
      this.#leftBytes(input, best) < 0.01 * this.#image.visibleBytes
    if (isPointless) return { ok: false, problem: this.#pointless(problems) }
    return this.#write(input, best, lessons)
  }

  #pointless(problems: readonly string[]): string {
    const nothing = 'a second stage would leave nothing behind.'
    if (problems.length === 0) return `This image builds nothing: ${nothing}`
    return `Only ${this.#base.reference} itself has what the program needs (${problems[0]}), and on it ${nothing}`
  }

  #write(input: RequirementsInput, requirements: Requirements, lessons: Lessons): Derived {
    const { classified } = input
    const stage = writeFinalStage({
      ...lessons,
      image: this.#image,
      base: this.#base,
      classified,
      requirements,
      command: this.#command,
      buildStage: this.#build.name,
      platform: this.#build.platform,
    })
    const lines = [...stage.buildLines, ...stage.lines]
    const added = [...stage.buildLines.map(({ text }) => text), '', ...stage.lines.map(({ text }) => text)]
    return {
      ok: true,
      value: {
        text: `${this.#build.text}\n${added.join('\n')}\n`,
        lines,
        reasons: this.#reasons(lines, requirements),
        base: requirements.candidate.reference,
        shipped: stage.shipped,
        requirements,
      },
    }
  }

  #reasons(lines: readonly DerivedLine[], { candidate, estimatedBytes }: Requirements): DerivationReason[] {
    const named: DerivationReason[] =
      this.#build.namedLine === undefined
        ? []
        : [
            {
              line: this.#build.namedLine,
              before: undefined,
              after: undefined,
              reason: `The file as it is becomes the stage “${this.#build.name}”.`,
            },
          ]
    const base = {
      line: undefined,
      before: undefined,
      after: `FROM ${candidate.reference}`,
      reason: `${candidate.reference} has what the program needs, or it can be added: about ${formatBytes(estimatedBytes)} before the project’s own files.`,
    }
    return [
      ...named,
      base,
      ...lines.flatMap(({ text, evidence }) =>
        evidence === '' ? [] : [{ line: undefined, before: undefined, after: text, reason: evidence }],
      ),
    ]
  }

  #noBase(problems: readonly string[]): string {
    if (problems.length === 0)
      return this.#target === 'distroless'
        ? 'Distroless images are made of Debian, and this image is not.'
        : 'No runtime base could be pulled.'
    return `${problems.at(-1)}.`
  }

  #refusal({ programs }: RequirementsInput): string | undefined {
    return programs.size === 0 ? 'The image does not say what it runs, or its command is not in it.' : undefined
  }

  /** What building needed and the program does not: without it a second stage has no point. Caches can be left out of a first stage, too. */
  #leftBytes({ classified }: RequirementsInput, requirements: Requirements): number {
    const { files, packages } = this.#image
    const kept = dependencyClosure(packages, requirements.packages.keys())
    let sum = 0
    for (const [path, found] of classified.classes) {
      const owner = found.kind === 'packaged' ? this.#owners.of(path) : undefined
      const isTool = owner !== undefined && !kept.has(owner.name) && !this.#base.packages.byName.has(owner.name)
      if (isTool || (found.kind === 'left' && ofBuilding.has(found.because))) sum += files.get(path)!.bytes
    }
    return sum
  }

  #read(): Promise<Omit<RequirementsInput, 'forced' | 'copiedPackages'>> {
    this.#input ??= this.#readOnce()
    return this.#input
  }

  async #readOnce(): Promise<Omit<RequirementsInput, 'forced' | 'copiedPackages'>> {
    const image = this.#image
    const { programs, texts } = await findPrograms(image, (path) => this.#owners.of(path) !== undefined)
    const own = [...programs.keys()].flatMap((path) => image.files.follow(path).real ?? [])
    const elf = new Set<string>()
    for (const path of own) if (await this.#libraries.facts(path)) elf.add(path)
    const classified = classifyEntries({
      image,
      base: this.#base,
      owners: this.#owners,
      programs,
      texts,
      isElf: (path) => elf.has(path),
      packageScripts: await this.#packageScripts(),
    })
    const shipped = shippedEntries({ classified, forced: new Set() })
    const openedNames = await namesOfOpenedLibraries(image, shipped)
    return {
      image,
      base: this.#base,
      owners: this.#owners,
      classified,
      programs,
      libraries: this.#libraries,
      openedNames,
    }
  }

  async #packageScripts(): Promise<string> {
    const { files, baseLayers } = this.#image
    const wanted = files
      .children('/var/lib/dpkg/info')
      .filter((path) => /\.(postinst|preinst|config)$/.test(path) && files.get(path)!.layer >= baseLayers)
    const texts: string[] = []
    await this.#image.readAll(new Set(wanted), (_path, bytes) => texts.push(decodeUtf8(bytes)))
    return texts.join('\n')
  }

  /** The classes of what the build added, for the check. */
  async classified(): Promise<RequirementsInput['classified']> {
    return (await this.#read()).classified
  }

  get owners(): PackageOwners {
    return this.#owners
  }
}

function withSettings(image: BuiltEvidence, command: readonly string[]): BuiltEvidence {
  return {
    ...image,
    read: (path) => image.read(path),
    readAll: (paths, take) => image.readAll(paths, take),
    settings: { ...image.settings, entrypoint: undefined, command },
  }
}
