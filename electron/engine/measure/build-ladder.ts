import type { BuildProgress } from '../../core/build/build-progress'
import { countCached, countFinished } from '../../core/build/build-snapshot'
import { EngineError, type Failure, invalidDockerfile } from '../../core/failure'
import type { ImageSummary, Rung } from '../../core/ladder/ladder'
import type { ChosenVariant } from '../../core/variants/offers'
import { type Variant, variantFile } from '../../core/variants/variant'
import { buildDerived } from '../derive/build-derived'
import { projectReference, type VariantOutcome } from '../docker/build-variants'
import type { EngineClient } from '../docker/client'
import type { ImageLease } from '../life/image-lease'

export interface LadderOptions {
  readonly folder: string
  readonly noCache: boolean
  /** Keeps the images until the caller releases it; without it, a later build of the same variant removes its image. */
  readonly lease?: ImageLease
  readonly signal: AbortSignal
  readonly onMessage: (message: string) => void
  /** After each variant, with all so far. */
  readonly onRungs?: (rungs: readonly BuiltRung[]) => void
  readonly makeStandIn: (reference: string) => Promise<boolean>
  /** Indexes the image and looks into its files. */
  readonly summarize: (imageId: string) => Promise<ImageSummary>
}

export interface BuiltRung {
  readonly rung: Rung
  readonly variant: Variant
  /** Base images that were made from Debian packages. */
  readonly standIns: readonly string[]
  /** Undefined where it was not built at all. */
  readonly outcome: VariantOutcome | undefined
  readonly progress: BuildProgress | undefined
}

/**
 * Builds any number of variants, one after another so that their times can stand beside each other, and summarizes their images. A variant
 * that fails is a rung with its failure. Throws engine-lost, builder-missing, disk-full, cancelled, and what summarize throws.
 */
export async function buildLadder(
  client: EngineClient,
  variants: readonly ChosenVariant[],
  options: LadderOptions,
): Promise<BuiltRung[]> {
  const built: BuiltRung[] = []
  for (const [at, chosen] of variants.entries()) {
    const name = `Variant ${at + 1} of ${variants.length}: ${chosen.variant.title}`
    options.onMessage(`${name} …`)
    const onStep = (text: string): void => options.onMessage(`${name}, ${text} …`)
    built.push(await buildRung(client, chosen, { ...options, onStep }))
    options.onRungs?.(built)
  }
  return built
}

async function buildRung(
  client: EngineClient,
  { variant, diagnostics }: ChosenVariant,
  options: LadderOptions & { readonly onStep: (text: string) => void },
): Promise<BuiltRung> {
  const { id, title, derivation } = variant
  let progress: BuildProgress | undefined
  const failed = (failure: Failure, outcome?: VariantOutcome, standIns: readonly string[] = []): BuiltRung => ({
    rung: { id, title, isEdited: derivation === 'edit', outcome: { ok: false, failure } },
    variant,
    standIns,
    outcome,
    progress,
  })
  const error = diagnostics.find(({ severity }) => severity === 'error')
  if (error) return failed(invalidDockerfile(variantFile(variant), error).failure)
  try {
    const { bases, variants } = await buildDerived(client, [variant], {
      ...options,
      onProgress: (_role, newest, event) => {
        progress = newest
        if (event.kind !== 'vertex') return
        const { steps } = newest.snapshot()
        options.onStep(`${countFinished(steps)} of ${steps.length} steps`)
      },
      referenceOf: () => projectReference(options.folder, `ladder-${slug(id)}`),
    })
    const [outcome] = variants
    const standIns = bases.filter(({ isStandIn }) => isStandIn).map(({ reference }) => reference)
    if (!outcome?.ok) return failed(outcome!.failure, outcome, standIns)
    const { imageId, reference, buildMs, snapshot } = outcome
    const figures = { buildMs, steps: snapshot.steps.length, cachedSteps: countCached(snapshot.steps) }
    options.onStep('reading the image')
    const summary = await options.summarize(imageId)
    const rung: Rung = {
      id,
      title,
      isEdited: derivation === 'edit',
      outcome: { ok: true, imageId, reference, ...figures, ...summary },
    }
    return { rung, variant, standIns, outcome, progress }
  } catch (reason) {
    if (reason instanceof EngineError && ofOneVariant.has(reason.failure.code)) return failed(reason.failure)
    throw reason
  }
}

/** Failures that say nothing of the other variants. */
const ofOneVariant: ReadonlySet<Failure['code']> = new Set([
  'base-image-unavailable',
  'dockerfile-invalid',
  'not-derivable',
])

/** Part of a tag: letters, digits, dots and dashes. */
const slug = (id: string): string =>
  id
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, '-')
    .slice(0, 80)
