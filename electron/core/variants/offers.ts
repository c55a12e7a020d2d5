import type { Diagnostic } from '../diagnostic'
import { reachableStages } from '../dockerfile/graph'
import { parseStages } from '../dockerfile/stages'
import { flattenStages } from './flatten'
import { type SplitTarget, splitStage } from './split/split'
import type { FoundDockerfile, Variant, VariantDraft, VariantRole } from './variant'

/** A variant that cannot be derived, and why. */
export interface RefusedOffer {
  readonly id: string
  readonly title: string
  readonly problem: string
}

/** `isStatic`: its program needs nothing of a base image. */
export type OfferedVariant = VariantDraft & { readonly isStatic?: boolean }

/** All the ways to build a project that Cutaway knows: what lies in the folder, and what can be derived of it. */
export interface Offers {
  readonly variants: readonly OfferedVariant[]
  readonly refused: readonly RefusedOffer[]
}

/**
 * Each file as it is, each of its other named stages as a target, and what can be derived of it; in the order of `found`. Ids are
 * stable: `Dockerfile`, `Dockerfile#test`, `traditional:Dockerfile`, `distroless:Dockerfile`, `copy:Dockerfile`.
 */
export function offerVariants(found: readonly FoundDockerfile[]): Offers {
  const variants: OfferedVariant[] = []
  const refused: RefusedOffer[] = []
  for (const file of found) {
    const own = onDisk(file)
    const copy = { ...own, id: `copy:${file.path}`, title: `${file.path}, a copy to edit`, derivation: 'edit' as const }
    variants.push(own, ...(file.errors ? [copy] : otherTargets(file, own)))
    if (file.errors) continue // what is not understood is not derived from
    if (file.staged.stages.length > 1) variants.push(flattened(own))
    else
      for (const target of ['multi-stage', 'distroless'] as const) {
        const offer = split(file, target)
        if ('problem' in offer) refused.push(offer)
        else variants.push(offer)
      }
    variants.push(copy)
  }
  return { variants, refused }
}

/** A variant for one side, and what is odd about its text. */
export interface ChosenVariant {
  readonly variant: Variant
  readonly diagnostics: readonly Diagnostic[]
}

/** The variant of that id for one side, with the user's own text where there is one. Undefined when there is no such id. */
export function chooseVariant(
  offers: Offers,
  role: VariantRole,
  { id, text }: { readonly id: string; readonly text?: string | undefined },
): ChosenVariant | undefined {
  const draft = offers.variants.find((offer) => offer.id === id)
  if (draft === undefined) return undefined
  if (text === undefined || text === draft.staged.dockerfile.text)
    return { variant: { ...draft, role }, diagnostics: draft.errors ?? [] }
  const { value: staged, diagnostics } = parseStages(text, draft.staged.inputs)
  const wanted = draft.staged.stages[draft.target]
  const isLast = draft.target === draft.staged.stages.length - 1
  const named = isLast ? -1 : staged.stages.findIndex(({ name }) => name !== undefined && name === wanted?.name)
  const target = named < 0 ? staged.stages.length - 1 : named
  return { variant: { ...draft, role, derivation: 'edit', reasons: [], staged, target }, diagnostics }
}

function onDisk(file: FoundDockerfile): VariantDraft {
  const { path, context, staged, errors, target = staged.stages.length - 1 } = file
  const name = staged.stages.length > 1 ? 'multi-stage' : 'traditional'
  const draft = { id: path, title: path, name, path, context, derivation: undefined, reasons: [], staged, target }
  return errors ? { ...draft, errors } : draft
}

function flattened(own: VariantDraft): VariantDraft {
  const { staged, reasons } = flattenStages(own.staged, own.target)
  const target = staged.stages.length - 1
  const title = `${own.path}, flattened into one stage`
  return {
    ...own,
    id: `traditional:${own.path}`,
    title,
    name: 'traditional',
    derivation: 'flatten',
    reasons,
    staged,
    target,
  }
}

/** What a traditional file becomes, or why it cannot. */
function split({ path, context, staged, files }: FoundDockerfile, target: SplitTarget): OfferedVariant | RefusedOffer {
  const id = `${target}:${path}`
  const title = target === 'distroless' ? `${path}, split, on distroless` : `${path}, split into stages`
  const result = splitStage(staged, files, target)
  if (!result.ok) return { id, title, problem: result.problem }
  const last = result.staged.stages.length - 1
  const { reasons, isStatic } = result
  return {
    id,
    title,
    name: target,
    path,
    context,
    derivation: 'split',
    reasons,
    staged: result.staged,
    target: last,
    isStatic,
  }
}

/** Named stages that are no mere step to the last one's image are worth a choice all the same: `test`, `dev`. */
function otherTargets({ staged }: FoundDockerfile, own: VariantDraft): VariantDraft[] {
  return staged.stages
    .filter(({ name, index }) => name !== undefined && index !== own.target)
    .map(({ name, index }) => ({
      ...own,
      id: `${own.path}#${name}`,
      title: `${own.path}, stage ${name}`,
      name: reachableStages(staged.stages, index).size > 1 ? 'multi-stage' : name!,
      target: index,
    }))
}
