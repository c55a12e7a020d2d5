import { type OfferedVariant, type Offers, offerVariants } from './offers'
import type { FoundDockerfile, Variant } from './variant'

export type Pairing =
  | { readonly kind: 'pair'; readonly before: Variant; readonly after: Variant }
  | { readonly kind: 'unpaired'; readonly path: string; readonly problem: string }

/**
 * Chooses two of the offers: the multi-stage Dockerfile closest to the top is *after*; *before* is a single-stage one that belongs to it,
 * else the multi-stage one flattened. Where all have one stage, *after* is derived of the one closest to the top from which it can be.
 * `found` must not be empty.
 */
export function pairDockerfiles(found: readonly FoundDockerfile[], offers: Offers = offerVariants(found)): Pairing {
  const multi = found.filter((file) => file.staged.stages.length > 1).sort(byAfterRank)[0]
  if (multi === undefined) return pairSingle(found, offers)
  const single = found
    .filter((file) => file.staged.stages.length === 1 && belongsTo(file, multi))
    .sort((a, b) => counterpartRank(a, multi) - counterpartRank(b, multi) || byDepthThenName(a, b))[0]
  return pair(offers, single?.path ?? `traditional:${multi.path}`, multi.path)
}

function pairSingle(found: readonly FoundDockerfile[], offers: Offers): Pairing {
  const paths = [...found].sort(byDepthThenName).map(({ path }) => path)
  for (const path of paths) {
    const after = bestSplit(offers, path)
    if (after !== undefined) return pair(offers, path, after)
  }
  const { problem } = offers.refused.find(({ id }) => id === `multi-stage:${paths[0]}`)!
  return { kind: 'unpaired', path: paths[0]!, problem }
}

const offered = ({ variants }: Offers, id: string): OfferedVariant | undefined =>
  variants.find((offer) => offer.id === id)

const pair = (offers: Offers, before: string, after: string): Pairing => ({
  kind: 'pair',
  before: { ...offered(offers, before)!, role: 'before' },
  after: { ...offered(offers, after)!, role: 'after' },
})

/**
 * Without a base where the program needs none of it, or where another stage on the small counterpart of the user's base would leave
 * nothing behind; else on that.
 */
function bestSplit(offers: Offers, path: string): string | undefined {
  const slim = offered(offers, `multi-stage:${path}`)
  if (slim && slim.isStatic !== true) return slim.id
  return (offered(offers, `distroless:${path}`) ?? slim)?.id
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
