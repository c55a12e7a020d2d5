import type { BuildOutcome, VariantOutcome } from '../engine/docker/build-variants'
import type { Project } from '../engine/project/open-project'
import { variantView } from './project-view'
import type { BuildResult, FinishedBuild, VariantResult, VariantView } from './views'

/** A build of two variants that has ended, as a page shows it. */
export function finishedBuild(project: Project, outcome: BuildOutcome): FinishedBuild {
  const [before, after] = outcome.variants
  const view = ({ variant }: VariantOutcome): VariantView => variantView(project, { variant, diagnostics: [] })
  return { variants: { before: view(before!), after: view(after!) }, result: buildResult(outcome, project) }
}

/** How both variants' builds ended. */
export function buildResult({ bases, variants }: BuildOutcome, project: Project): BuildResult {
  const [before, after] = variants
  const derived = variants
    .filter(({ variant }) => variant.derivation === 'derive')
    .map(({ variant }) => variantView(project, { variant, diagnostics: [] }))
  return { standIns: standInsOf(bases), before: variantResult(before!), after: variantResult(after!), derived }
}

/** Names of the base images that were made from Debian packages. */
export const standInsOf = (bases: BuildOutcome['bases']): readonly string[] =>
  bases.filter((base) => base.isStandIn).map((base) => base.reference)

function variantResult(outcome: VariantOutcome): VariantResult {
  const { role } = outcome.variant
  const { snapshot } = outcome
  if (!outcome.ok) return { ok: false, role, failure: outcome.failure, snapshot }
  const { imageId, reference, engineBytes, buildMs } = outcome
  return { ok: true, role, imageId, reference, engineBytes, buildMs, snapshot }
}
