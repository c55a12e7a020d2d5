import { isSameEntry } from './classify'
import type { ImageFacts } from './evidence'
import { foldersAbove, type ImageFiles, parentOf } from './image-files'

/** Which COPY instructions bring the wanted entries over; every path stays where it is. */
export interface CopyPlan {
  /** Whole folders. */
  readonly folders: readonly string[]
  /** Single files by their folder. */
  readonly files: ReadonlyMap<string, readonly string[]>
  /** Single links and pipes, which COPY would follow or drop. */
  readonly others: readonly string[]
  /** Folders of which nothing is copied. */
  readonly bare: readonly string[]
  /** What is removed at the end of the build stage, because it would be in the way of copying whole folders. */
  readonly pruned: readonly string[]
}

export interface CopyPlanInput {
  readonly files: ImageFiles
  readonly base: Pick<ImageFacts, 'files'>
  readonly candidate: Pick<ImageFacts, 'files'>
  readonly wanted: ReadonlySet<string>
  /** Whether the build stage can remove files. */
  readonly prunes: boolean
}

/** Folders of every system: parts of them are copied, never the whole. */
const shared =
  /^\/(usr|etc|var|root|home|opt|srv|lib|lib64|bin|sbin|var\/(lib|log|cache)|usr\/(lib|lib64|share|bin|sbin|libexec)|usr\/lib\/[\w-]+-linux-gnu\w*|usr\/local(\/(bin|sbin|lib|share|etc))?)$/

const largestRepeatedBytes = 5e6

/** The shortest list of copies that brings exactly the wanted entries. */
export function planCopies(input: CopyPlanInput): CopyPlan {
  const plain = cover(input, new Set())
  if (!input.prunes) return plain
  const removable = new Set([...unwantedBeside(input)])
  if (removable.size === 0) return plain
  const pruned = cover(input, removable)
  return costOf(pruned) + 1 < costOf(plain) ? { ...pruned, pruned: topmost(removable) } : plain
}

const costOf = ({ folders, files, others }: CopyPlan): number => folders.length + files.size + others.length

/** What stays behind in folders that the build made and that ship. */
function* unwantedBeside({ files, base, wanted }: CopyPlanInput): IterableIterator<string> {
  for (const file of files.all()) {
    if (file.kind === 'folder' || wanted.has(file.path)) continue
    const own = foldersAbove(file.path).filter((folder) => wanted.has(folder) && !base.files.has(folder))
    if (own.length === 0) continue
    // The highest folder that ships nothing goes as a whole.
    yield file.path
  }
}

function topmost(paths: ReadonlySet<string>): string[] {
  return [...paths].filter((path) => !foldersAbove(path).some((folder) => paths.has(folder))).sort()
}

function cover({ files, base, candidate, wanted }: CopyPlanInput, ignored: ReadonlySet<string>): CopyPlan {
  const weight = new Map<string, number>()
  const foreign = new Map<string, number>()
  const repeated = new Map<string, number>()
  const count = (map: Map<string, number>, path: string, by: number): void => {
    for (const folder of foldersAbove(path)) map.set(folder, (map.get(folder) ?? 0) + by)
  }
  for (const file of files.all()) {
    const { path } = file
    if (wanted.has(path)) count(weight, path, 1)
    else if (file.kind === 'folder' || ignored.has(path) || /\/__pycache__\//.test(path)) continue
    else {
      const there = candidate.files.get(path)
      const below = base.files.get(path)
      if (there && below && isSameEntry(there, file) && isSameEntry(below, file)) count(repeated, path, file.bytes + 1)
      else count(foreign, path, 1)
    }
  }
  const folders: string[] = []
  const single = new Map<string, string[]>()
  const others: string[] = []
  const bare: string[] = []
  const visit = (folder: string): void => {
    for (const path of [...files.children(folder)].sort()) {
      const file = files.get(path)!
      if (file.kind !== 'folder') {
        if (!wanted.has(path)) continue
        if (file.kind !== 'file') others.push(path)
        else single.set(folder, [...(single.get(folder) ?? []), path])
        continue
      }
      if ((weight.get(path) ?? 0) === 0) {
        if (wanted.has(path)) (foreign.get(path) ? bare : folders).push(path)
        else if (foreign.get(path)) visit(path)
        continue
      }
      const isShared = shared.test(path) && !wanted.has(path)
      const sameBytes = repeated.get(path) ?? 0
      const isWhole =
        !isShared &&
        !foreign.get(path) &&
        (sameBytes === 0 || (sameBytes < largestRepeatedBytes && files.children(path).length > 6))
      if (isWhole) folders.push(path)
      else visit(path)
    }
  }
  visit('/')
  return { folders, files: single, others, bare, pruned: [] }
}

/** Every folder that copying makes or touches, topmost first. */
export function copiedFolders({ folders, files, others }: CopyPlan): string[] {
  const found = new Set<string>()
  for (const path of [
    ...folders,
    ...[...files.keys()].filter((path) => path !== '/'),
    ...others.map(parentOf).filter((path) => path !== '/'),
  ])
    for (const folder of [...foldersAbove(path).reverse(), path]) found.add(folder)
  return [...found].sort()
}
