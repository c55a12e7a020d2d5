import { BuildProgress } from '../core/build/build-progress'
import { stageGraph } from '../core/dockerfile/graph'
import type { Failure } from '../core/failure'
import type { ChosenVariant } from '../core/variants/offers'
import type { Pairing } from '../core/variants/pair'
import { type VariantRole, variantFile } from '../core/variants/variant'
import { chooseSide, type VariantChoice } from '../engine/project/choose-pair'
import { judgeVariant } from '../engine/project/judge-variant'
import { brokenProblem, type Project } from '../engine/project/open-project'
import type { ProjectView, VariantView } from './views'

/** A project as the renderer sees it: texts and graphs, no parse trees. */
export function projectView(project: Project): ProjectView {
  const { folder, name, dockerfiles, broken, offers, pairing } = project
  const id = (role: VariantRole): string => {
    if (pairing.kind === 'pair') return pairing[role].id
    return role === 'before' ? pairing.path : `copy:${pairing.path}`
  }
  const view = (role: VariantRole): VariantView => sideView(project, role, { id: id(role) })
  return {
    folder,
    name,
    dockerfiles: [...dockerfiles, ...broken].map((file) => file.path),
    offers: offers.variants.map((offer) => ({ id: offer.id, title: offer.title, file: offer.path })),
    refused: offers.refused,
    variants: { before: view('before'), after: view('after') },
    problem: brokenProblem(project)?.failure ?? pairProblem(pairing),
  }
}

function pairProblem(pairing: Pairing): Failure | undefined {
  return pairing.kind === 'pair' ? undefined : { code: 'no-pair', file: pairing.path, problem: pairing.problem }
}

/** One side of a project under a choice. Throws variant-missing. */
export function sideView(project: Project, role: VariantRole, choice: VariantChoice): VariantView {
  return variantView(project, chooseSide(project, role, choice))
}

/** A variant as the renderer sees it. */
export function variantView(project: Project, { variant, diagnostics }: ChosenVariant): VariantView {
  const { offers } = project
  const { role, id, name, staged, target, reasons } = variant
  const { text } = staged.dockerfile
  return {
    role,
    id,
    name,
    file: variantFile(variant),
    isDerived: variant.derivation !== undefined,
    isEdited:
      variant.derivation === 'edit' &&
      offers.variants.find((offer) => offer.id === id)!.staged.dockerfile.text !== text,
    text,
    graph: stageGraph(staged, target),
    steps: new BuildProgress(variant, '').snapshot().steps,
    instructions: staged.stages.flatMap(({ index: stageIndex, from, instructions }) =>
      [from, ...instructions].map((each) => ({ stageIndex, line: each.span.startLine, text: each.text })),
    ),
    reasons,
    diagnostics,
    findings: judgeVariant(project, variant),
  }
}
