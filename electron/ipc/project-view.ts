import { BuildProgress } from '../core/build/build-progress'
import { stageGraph } from '../core/dockerfile/graph'
import { findProblems } from '../core/findings/find-problems'
import type { Finding } from '../core/findings/finding'
import { type Variant, variantFile } from '../core/variants/variant'
import type { Project } from '../engine/project/open-project'
import type { ProjectView, VariantView } from './contract'

/** A project as the renderer sees it: texts and graphs, no parse trees. */
export function projectView({ folder, name, dockerfiles, pairing }: Project): ProjectView {
  const common = { folder, name, dockerfiles: dockerfiles.map((file) => file.path) }
  if (pairing.kind === 'unpaired')
    return {
      ...common,
      variants: undefined,
      problem: { code: 'no-pair', file: pairing.path, problem: pairing.problem },
    }
  const view = (variant: Variant): VariantView => {
    const { files } = dockerfiles.find(({ path }) => path === variant.path)!
    return variantView(variant, findProblems(variant.staged, variant.target, files))
  }
  const variants = { before: view(pairing.before), after: view(pairing.after) }
  return { ...common, variants, problem: undefined }
}

function variantView(variant: Variant, findings: readonly Finding[]): VariantView {
  return {
    role: variant.role,
    name: variant.name,
    file: variantFile(variant),
    isDerived: variant.derivation !== undefined,
    text: variant.staged.dockerfile.text,
    graph: stageGraph(variant.staged, variant.target),
    steps: new BuildProgress(variant, '').snapshot().steps,
    reasons: variant.reasons,
    findings,
  }
}
