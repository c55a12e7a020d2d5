import { EngineError } from '../../core/failure'
import { deriveStepText } from '../../core/variants/derive/step-text'
import type { Variant } from '../../core/variants/variant'
import { type BuildOutcome, type BuildVariantsOptions, buildVariants } from '../docker/build-variants'
import type { EngineClient } from '../docker/client'
import { indexCacheFolder, settingsFile } from '../setup/data-directory'
import { DiskIndexCache } from '../store/index-cache'
import { readSettings } from '../store/settings'
import { asRole, deriveVariant } from './derive-variant'

/**
 * Builds variants as buildVariants does, those that have to be derived first included; the outcome has their text. Throws what
 * buildVariants and deriveVariant throw, and not-derivable with the reason.
 */
export async function buildDerived(
  client: EngineClient,
  variants: readonly Variant[],
  options: BuildVariantsOptions,
): Promise<BuildOutcome> {
  const ready: Variant[] = []
  for (const variant of variants) ready.push(await derived(client, variant, options))
  return buildVariants(client, ready, options)
}

async function derived(client: EngineClient, variant: Variant, options: BuildVariantsOptions): Promise<Variant> {
  const { pending } = variant
  if (pending === undefined) return variant
  const { readsEngineFiles } = await readSettings(settingsFile())
  const deps = { client, cache: new DiskIndexCache(indexCacheFolder()), readsEngineFiles }
  const { source: before, target } = pending
  const result = await deriveVariant(
    deps,
    { before, target },
    { ...options, noCache: false, onStep: (progress) => options.onMessage(deriveStepText(progress)) },
  )
  if (!result.ok) throw new EngineError({ code: 'not-derivable', file: before.path, target, problem: result.problem })
  for (const problem of result.problems) options.onMessage(`The derived variant is not ready: ${problem}`)
  return asRole(result.variant, variant.role)
}
