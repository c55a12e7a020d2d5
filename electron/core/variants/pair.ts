import { flattenStages } from './flatten'
import { type Split, splitStage } from './split/split'
import type { FoundDockerfile, Variant } from './variant'

export type Pairing =
  | { readonly kind: 'pair'; readonly before: Variant; readonly after: Variant }
  | { readonly kind: 'unpaired'; readonly path: string; readonly problem: string }

/**
 * Chooses what to compare: the multi-stage Dockerfile closest to the top is *after*; *before* is a single-stage one that
 * belongs to it, else the multi-stage one flattened. Where all have one stage, *after* is derived of the one closest to the top.
 * `found` must not be empty.
 */
export function pairDockerfiles(found: readonly FoundDockerfile[]): Pairing {
  const multi = found.filter((file) => file.staged.stages.length > 1).sort(byAfterRank)[0]
  if (multi === undefined) {
    const single = [...found].sort(byDepthThenName)[0]!
    const split = bestSplit(single)
    if (!split.ok) return { kind: 'unpaired', path: single.path, problem: split.problem }
    return { kind: 'pair', before: onDisk(single, 'before'), after: derived(single, split) }
  }
  const after = onDisk(multi, 'after')
  const single = found
    .filter((file) => file.staged.stages.length === 1 && belongsTo(file, multi))
    .sort((a, b) => counterpartRank(a, multi) - counterpartRank(b, multi) || byDepthThenName(a, b))[0]
  return { kind: 'pair', before: single ? onDisk(single, 'before') : flattened(after), after }
}

function onDisk(file: FoundDockerfile, role: Variant['role']): Variant {
  const { path, context, staged } = file
  const name = staged.stages.length > 1 ? 'multi-stage' : 'traditional'
  return { role, name, path, context, derivation: undefined, reasons: [], staged, target: staged.stages.length - 1 }
}

function flattened(after: Variant): Variant {
  const { staged, reasons } = flattenStages(after.staged, after.target)
  const target = staged.stages.length - 1
  return { ...after, role: 'before', name: 'traditional', derivation: 'flatten', reasons, staged, target }
}

/** Without a base where the program needs none of it; else on the small counterpart of the user's base. */
function bestSplit({ staged, files }: FoundDockerfile): Split {
  const split = splitStage(staged, files, 'multi-stage')
  if (!split.ok || !split.isStatic) return split
  const distroless = splitStage(staged, files, 'distroless')
  return distroless.ok ? distroless : split
}

function derived(
  { path, context }: FoundDockerfile,
  { staged, reasons, target }: Extract<Split, { ok: true }>,
): Variant {
  const last = staged.stages.length - 1
  return { role: 'after', name: target, path, context, derivation: 'split', reasons, staged, target: last }
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
