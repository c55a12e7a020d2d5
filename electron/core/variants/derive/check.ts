import { type Classified, isSameEntry, leftReason } from './classify'
import type { Lessons } from './derive'
import type { BuiltEvidence, ImageFacts, PackageOwners } from './evidence'
import type { Requirements } from './requirements'

/** How the derived image differs from the first in something that ships. */
export interface Difference {
  readonly path: string
  readonly what: string
}

export interface CheckInput {
  readonly image: BuiltEvidence
  readonly owners: PackageOwners
  readonly classified: Classified
  readonly requirements: Requirements
  readonly shipped: ReadonlySet<string>
  readonly derived: ImageFacts
  readonly lessons: Lessons
}

export interface CheckResult {
  readonly differences: readonly Difference[]
  /** What to do differently; the same object where nothing was learned. */
  readonly lessons: Lessons
}

/** Compares what ships in type, content, mode and owner, and finds what the packages did not bring. */
export function checkDerived(input: CheckInput): CheckResult {
  const { image, derived, shipped, lessons, classified } = input
  const differences: Difference[] = []
  for (const path of shipped) {
    if (classified.classes.get(path)?.kind === 'packaged') continue
    const first = image.files.get(path)
    const second = derived.files.get(path)
    if (first === undefined) continue
    if (second === undefined) differences.push({ path, what: 'is missing' })
    else if (!isSameEntry(first, second)) differences.push({ path, what: differenceOf(first, second) })
  }
  const forced = [...openEntries(input), ...changedPackageFiles(input)].filter(
    (path) => !lessons.forced.has(path) && !shipped.has(path),
  )
  const removed = reappeared(input).filter((path) => !lessons.removed.has(path))
  if (forced.length + removed.length === 0) return { differences, lessons }
  return {
    differences,
    lessons: {
      ...lessons,
      forced: new Set([...lessons.forced, ...forced]),
      removed: new Set([...lessons.removed, ...removed]),
    },
  }
}

function differenceOf(first: NonNullable<ReturnType<BuiltEvidence['files']['get']>>, second: typeof first): string {
  if (first.kind !== second.kind) return `is a ${second.kind}, not a ${first.kind}`
  if (first.checksum !== second.checksum) return 'has other content'
  if (first.target !== second.target) return `links to ${second.target}, not to ${first.target}`
  if (first.uid !== second.uid || first.gid !== second.gid)
    return `belongs to ${second.uid}:${second.gid}, not to ${first.uid}:${first.gid}`
  if (first.mode !== second.mode) return `has mode ${second.mode.toString(8)}, not ${first.mode.toString(8)}`
  return 'has other capabilities'
}

/** Written beside packages, and not made again by those that are kept: the instruction's own work. */
function* openEntries({ image, derived, classified, owners }: CheckInput): IterableIterator<string> {
  for (const [path, { kind }] of classified.classes) {
    if (kind !== 'open') continue
    const first = image.files.get(path)!
    const second = derived.files.get(path)
    if (second && (isSameEntry(first, second) || first.kind === 'folder')) continue
    if (second && /\.(cache|pyc|db)$/.test(path)) continue
    if (first.kind === 'link') {
      // A link to a program of a package that stays behind: `/usr/bin/cc`.
      const { links, real } = image.files.follow(path)
      const isOfPackage = real === undefined || owners.of(real) !== undefined
      const isAlternative = links.some((link) => link.startsWith('/etc/alternatives/'))
      if (isAlternative || (isOfPackage && (real === undefined || !derived.files.has(real)))) continue
    }
    yield path
  }
}

/** Files of packages that the build changed: where the package alone brings other content. */
function* changedPackageFiles({
  image,
  derived,
  owners,
  requirements,
  classified,
}: CheckInput): IterableIterator<string> {
  if (!requirements.installs) return
  for (const [path, { kind }] of classified.classes) {
    if (kind !== 'packaged') continue
    const first = image.files.get(path)!
    const second = derived.files.get(path)
    const owner = owners.of(path)
    if (second === undefined || owner === undefined || first.kind !== 'file' || leftReason(path) !== undefined) continue
    if (!derived.packages.byName.has(owner.name) || isSameEntry(first, second) || /\.(cache|pyc|db)$/.test(path))
      continue
    yield path
  }
}

/** Settings and sites that packages brought back although the build had removed them. */
function reappeared({ image, derived, requirements }: CheckInput): string[] {
  const { candidate } = requirements
  return [...derived.files.all()]
    .filter(
      ({ path, kind }) =>
        kind !== 'folder' &&
        /^\/(etc|var\/www|usr\/share\/nginx)\//.test(path) &&
        !image.files.has(path) &&
        !candidate.files.has(path) &&
        leftReason(path) === undefined,
    )
    .map(({ path }) => path)
}
