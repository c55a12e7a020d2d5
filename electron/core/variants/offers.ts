import type { Diagnostic } from '../diagnostic'
import { reachableStages } from '../dockerfile/graph'
import { parseStages, type Stage, type StagedDockerfile } from '../dockerfile/stages'
import { buildStageText } from './derive/build-stage'
import type { DerivationTarget } from './derive/candidates'
import { splitStage } from './split/split'
import { type StackResult, stackStages } from './stack/stack'
import type { FoundDockerfile, Variant, VariantDraft, VariantRole } from './variant'

/** A variant that cannot be derived, and why. */
export interface RefusedOffer {
  readonly id: string
  readonly title: string
  readonly problem: string
  /** The offer that can take its place: the build stage for a traditional image. */
  readonly insteadId?: string | undefined
}

/** All the ways to build a project that Cutaway knows: what lies in the folder, and what can be derived of it. */
export interface Offers {
  readonly variants: readonly VariantDraft[]
  readonly refused: readonly RefusedOffer[]
}

/**
 * Each file as it is, each of its other named stages as a target, and what can be derived of it; in the order of `found`. Ids are
 * stable: `Dockerfile`, `Dockerfile#test`, `traditional:Dockerfile`, `distroless:Dockerfile`, `copy:Dockerfile`.
 */
export function offerVariants(found: readonly FoundDockerfile[]): Offers {
  const variants: VariantDraft[] = []
  const refused: RefusedOffer[] = []
  for (const file of found) {
    const own = onDisk(file)
    const copy = { ...own, id: `copy:${file.path}`, title: `${file.path}, a copy to edit`, derivation: 'edit' as const }
    if (file.errors) {
      variants.push(own, copy)
      continue // what is not understood is not derived from
    }
    const isStaged = file.staged.stages.length > 1
    const stack = isStaged ? stackStages(file.staged, own.target) : undefined
    variants.push(own, ...otherTargets(file, own, stack))
    if (stack) {
      const offer = stacked(own, stack)
      if ('problem' in offer) refused.push(offer)
      else variants.push(offer)
    }
    const targets = isStaged
      ? (['distroless', 'minimal'] as const)
      : (['multi-stage', 'distroless', 'minimal'] as const)
    const site = isStaged ? undefined : staticSite(file)
    if (site) variants.push(site)
    const staged = pendingText(own)
    for (const target of targets) if (!site || target !== 'multi-stage') variants.push(pending(own, staged, target))
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
  return {
    variant: { ...draft, role, derivation: 'edit', reasons: [], staged, target, pending: undefined },
    diagnostics,
  }
}

function onDisk(file: FoundDockerfile): VariantDraft {
  const { path, context, staged, errors, target = staged.stages.length - 1 } = file
  const name = staged.stages.length > 1 ? 'multi-stage' : 'traditional'
  const draft = { id: path, title: path, name, path, context, derivation: undefined, reasons: [], staged, target }
  return errors ? { ...draft, errors } : draft
}

function stacked(own: VariantDraft, stack: StackResult): VariantDraft | RefusedOffer {
  const id = `traditional:${own.path}`
  const title = `${own.path}, its final stage on top of the build stage`
  if (!stack.ok) {
    const stage = stack.buildStage === undefined ? undefined : own.staged.stages[stack.buildStage]
    return { id, title, problem: stack.problem, insteadId: stage && stageId(own.path, stage) }
  }
  const { staged, reasons } = stack
  return {
    ...own,
    id,
    title,
    name: 'traditional',
    derivation: 'stack',
    reasons,
    staged,
    target: staged.stages.length - 1,
  }
}

const stageId = (path: string, { label }: Stage): string => `${path}#${label}`

/** A folder of pages that Node.js builds and serves is split by its text: no image says that another server can serve them. */
function staticSite({ path, context, staged: original, files }: FoundDockerfile): VariantDraft | undefined {
  const result = splitStage(original, files, 'multi-stage')
  const base = result.ok ? result.staged.stages.at(-1)!.base : undefined
  if (!result.ok || base?.kind !== 'image' || !/nginx/.test(base.reference)) return undefined
  const { staged, reasons } = result
  return {
    id: `multi-stage:${path}`,
    title: `${path}, split into stages`,
    name: 'multi-stage',
    path,
    context,
    derivation: 'split',
    reasons,
    staged,
    target: staged.stages.length - 1,
  }
}

const pendingLine = '# The final stage will be derived from the image of the first build.'

/** Until its image is built, the text of what is derived ends with the build stage. */
function pendingText({ staged, target }: VariantDraft): StagedDockerfile {
  const { text } = buildStageText(staged, target)
  return parseStages(`${text}\n\n${pendingLine}\n`, staged.inputs).value
}

/** What a file becomes once its image is built. */
function pending(own: VariantDraft, staged: StagedDockerfile, target: DerivationTarget): VariantDraft {
  return {
    ...own,
    id: `${target}:${own.path}`,
    title: `${own.path}, ${targetTitles[target]}`,
    name: target,
    derivation: 'derive',
    reasons: [
      {
        line: undefined,
        before: undefined,
        after: undefined,
        reason: 'Its final stage will be derived from what the first build leaves in the image.',
      },
    ],
    staged,
    pending: { target, source: own },
  }
}

const targetTitles: Readonly<Record<DerivationTarget, string>> = {
  'multi-stage': 'with a derived final stage',
  distroless: 'derived, on distroless',
  minimal: 'derived, on scratch',
}

/**
 * Named stages that are no mere step to the last one's image are worth a choice all the same: `test`, `dev`. The build stage is one
 * without a name, too, where it has to stand for the traditional image.
 */
function otherTargets({ staged }: FoundDockerfile, own: VariantDraft, stack: StackResult | undefined): VariantDraft[] {
  const instead = stack?.ok === false ? stack.buildStage : undefined
  return staged.stages
    .filter(({ name, index }) => (name !== undefined || index === instead) && index !== own.target)
    .map((stage) => ({
      ...own,
      id: stageId(own.path, stage),
      title: `${own.path}, stage ${stage.label}${stage.index === instead ? ' (the build stage, as it would ship)' : ''}`,
      name: reachableStages(staged.stages, stage.index).size > 1 ? 'multi-stage' : stage.label,
      target: stage.index,
    }))
}
