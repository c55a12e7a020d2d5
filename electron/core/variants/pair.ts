import { flattened, onDisk, split } from './offers'
import type { FoundDockerfile, Variant, VariantDraft } from './variant'

export type Pairing =
  | { readonly kind: 'pair'; readonly before: Variant; readonly after: Variant }
  | { readonly kind: 'unpaired'; readonly path: string; readonly problem: string }

/**
 * Chooses what to compare: the multi-stage Dockerfile closest to the top is *after*; *before* is a single-stage one that
 * belongs to it, else the multi-stage one flattened. Where all have one stage, *after* is derived of the one closest to the top from which it can be.
 * `found` must not be empty.
 */
export function pairDockerfiles(found: readonly FoundDockerfile[]): Pairing {
  const multi = found.filter((file) => file.staged.stages.length > 1).sort(byAfterRank)[0]
  if (multi === undefined) {
    const singles = [...found].sort(byDepthThenName)
    let unpaired: Pairing | undefined
    for (const single of singles) {
      const after = bestSplit(single)
      if (!('problem' in after)) return pair(onDisk(single), after)
      unpaired ??= { kind: 'unpaired', path: single.path, problem: after.problem }
    }
    return unpaired!
  }
  const single = found
    .filter((file) => file.staged.stages.length === 1 && belongsTo(file, multi))
    .sort((a, b) => counterpartRank(a, multi) - counterpartRank(b, multi) || byDepthThenName(a, b))[0]
  const after = onDisk(multi)
  return pair(single ? onDisk(single) : flattened(after), after)
}

const pair = (before: VariantDraft, after: VariantDraft): Pairing => ({
  kind: 'pair',
  before: { ...before, role: 'before' },
  after: { ...after, role: 'after' },
})

/**
 * Without a base where the program needs none of it, or where another stage on the small counterpart of the user's base would leave
 * nothing behind; else on that.
 */
function bestSplit(file: FoundDockerfile): ReturnType<typeof split> {
  const slim = split(file, 'multi-stage')
  if (!('problem' in slim) && !slim.isStatic) return slim
  const distroless = split(file, 'distroless')
  return 'problem' in distroless ? slim : distroless
}

const depth = (path: string): number => path.split('/').length
const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')))
const saysMultiStage = /multi|distroless|slim|optimi[sz]ed|prod/i
const saysTraditional = /without|no[-_.]?multi|single|traditional|naive|simple|before|bloated/i

function byDepthThenName(a: FoundDockerfile, b: FoundDockerfile): number {
  return depth(a.path) - depth(b.path) || a.path.length - b.path.length || (a.path < b.path ? -1 : 1)
}

function byAfterRank(a: FoundDockerfile, b: FoundDockerfile): number {
  const named = (file: FoundDockerfile): number => (saysMultiStage.test(file.path) ? 0 : 1)
  return depth(a.path) - depth(b.path) || named(a) - named(b) || byDepthThenName(a, b)
}

/** A single-stage file is the counterpart when it lies beside the other, says so by name, or stands alone in its folder. */
function belongsTo(single: FoundDockerfile, multi: FoundDockerfile): boolean {
  const here = folderOf(multi.path)
  const there = folderOf(single.path)
  if (here === there) return true
  const isRelated = here === '' || there === '' || there.startsWith(`${here}/`) || here.startsWith(`${there}/`)
  return isRelated && (saysTraditional.test(single.path) || saysMultiStage.test(here) || !single.hasFilesBeside)
}

function counterpartRank(single: FoundDockerfile, multi: FoundDockerfile): number {
  if (saysTraditional.test(single.path)) return 0
  return folderOf(single.path) === folderOf(multi.path) ? 1 : 2
}
