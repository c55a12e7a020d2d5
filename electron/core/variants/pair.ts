import { type Offers, offerVariants } from './offers'
import type { FoundDockerfile, Variant, VariantDraft } from './variant'

export type Pairing =
  | { readonly kind: 'pair'; readonly before: Variant; readonly after: Variant }
  | { readonly kind: 'unpaired'; readonly path: string; readonly problem: string }

/**
 * Chooses two of the offers: the multi-stage Dockerfile closest to the top is *after*; *before* is a single-stage one that belongs to it,
 * else the multi-stage one stacked, or its build stage where it cannot be. Where all have one stage, *after* is derived from the image of the one closest to the top.
 * `found` must not be empty.
 */
export function pairDockerfiles(found: readonly FoundDockerfile[], offers: Offers = offerVariants(found)): Pairing {
  const multi = found.filter((file) => file.staged.stages.length > 1).sort(byAfterRank)[0]
  if (multi === undefined) return pairSingle(found, offers)
  const single = found
    .filter((file) => file.staged.stages.length === 1 && belongsTo(file, multi))
    .sort((a, b) => counterpartRank(a, multi) - counterpartRank(b, multi) || byDepthThenName(a, b))[0]
  if (single) return pair(offers, single.path, multi.path)
  const traditional = `traditional:${multi.path}`
  if (offered(offers, traditional)) return pair(offers, traditional, multi.path)
  const refused = offers.refused.find(({ id }) => id === traditional)!
  if (refused.insteadId !== undefined) return pair(offers, refused.insteadId, multi.path)
  return { kind: 'unpaired', path: multi.path, problem: refused.problem }
}

function pairSingle(found: readonly FoundDockerfile[], offers: Offers): Pairing {
  const [{ path }] = [...found].sort(byDepthThenName) as [FoundDockerfile]
  return pair(offers, path, `multi-stage:${path}`)
}

const offered = ({ variants }: Offers, id: string): VariantDraft | undefined =>
  variants.find((offer) => offer.id === id)

const pair = (offers: Offers, before: string, after: string): Pairing => ({
  kind: 'pair',
  before: { ...offered(offers, before)!, role: 'before' },
  after: { ...offered(offers, after)!, role: 'after' },
})

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
