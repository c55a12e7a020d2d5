import { type BuildSnapshot, countCached } from '../build/build-snapshot'
import { type Variant, variantFile } from '../variants/variant'
import type { BuiltVariant } from './compare-report'

export interface BuildFacts {
  readonly variant: Variant
  readonly imageId: string
  readonly reference: string
  readonly buildMs: number
  readonly snapshot: BuildSnapshot
}

/** What the report says of a build. */
export function builtVariant({ variant, imageId, reference, buildMs, snapshot }: BuildFacts): BuiltVariant {
  return {
    name: variant.name,
    role: variant.role,
    dockerfile: variantFile(variant),
    derived: variant.derivation !== undefined,
    buildSeconds: Math.round(buildMs) / 1000,
    steps: snapshot.steps.length,
    cachedSteps: countCached(snapshot.steps),
    imageId,
    reference,
  }
}
