import { EngineError, invalidDockerfile } from '../../core/failure'
import { type ChosenVariant, chooseVariant } from '../../core/variants/offers'
import { type Variant, type VariantRole, variantFile } from '../../core/variants/variant'
import type { Project } from './open-project'

/** Which variant of a project is meant: its id, and the user's own text for it. */
export interface VariantChoice {
  readonly id: string
  readonly text?: string | undefined
}

export type PairChoice = { readonly [R in VariantRole]?: VariantChoice | undefined }

/** One side as the user wants it, with what is odd about an edited text. Throws variant-missing. */
export function chooseSide(project: Project, role: VariantRole, choice: VariantChoice): ChosenVariant {
  const chosen = chooseVariant(project.offers, role, choice)
  if (chosen) return chosen
  throw new EngineError({ code: 'variant-missing', id: choice.id, known: project.offers.variants.map(({ id }) => id) })
}

/**
 * The two variants to build: what the user chose, and what Cutaway pairs where nothing is chosen. Throws variant-missing, no-pair, and
 * dockerfile-invalid for an edited text that cannot be built.
 */
export function choosePair(project: Project, choice: PairChoice): { before: Variant; after: Variant } {
  return { before: side(project, 'before', choice.before), after: side(project, 'after', choice.after) }
}

function side({ pairing, ...project }: Project, role: VariantRole, choice: VariantChoice | undefined): Variant {
  if (choice === undefined) {
    if (pairing.kind === 'pair') return pairing[role]
    throw new EngineError({ code: 'no-pair', file: pairing.path, problem: pairing.problem })
  }
  const { variant, diagnostics } = chooseSide({ pairing, ...project }, role, choice)
  const error = diagnostics.find(({ severity }) => severity === 'error')
  if (error) throw invalidDockerfile(variantFile(variant), error)
  return variant
}
