import type { LineSpan } from '../diagnostic'
import { canonicalReference } from './reference'
import { instructionSources, resolveSource, type Stage, type StageBase, type StagedDockerfile } from './stages'

export type GraphNode =
  | { readonly kind: 'scratch'; readonly id: string; readonly reachable: boolean }
  | { readonly kind: 'image'; readonly id: string; readonly reachable: boolean; readonly reference: string }
  | {
      readonly kind: 'stage'
      readonly id: string
      readonly reachable: boolean
      readonly index: number
      readonly label: string
      readonly isTarget: boolean
      readonly span: LineSpan
    }

/** `from` gives files to `to`: as its base, by COPY --from, or by RUN --mount. */
export interface GraphEdge {
  readonly kind: 'base' | 'copy' | 'mount'
  readonly from: string
  readonly to: string
  readonly line: number
}

export interface StageGraph {
  readonly nodes: readonly GraphNode[]
  readonly edges: readonly GraphEdge[]
}

/** The stages that building `target` runs, the target itself included. The builder skips all others. */
export function reachableStages(stages: readonly Stage[], target: number): ReadonlySet<number> {
  const reached = new Set<number>()
  const visit = (index: number): void => {
    const stage = stages[index]
    if (stage === undefined || reached.has(index)) return
    reached.add(index)
    if (stage.base.kind === 'stage') visit(stage.base.index)
    for (const source of sourcesOf(stage, stages)) if (source.base.kind === 'stage') visit(source.base.index)
  }
  visit(target)
  return reached
}

/** The images of other registries or engines that building `target` needs, each with the first line that names it. */
export function externalImages(staged: StagedDockerfile, target: number): { reference: string; line: number }[] {
  const { stages } = staged
  const found = new Map<string, { reference: string; line: number }>()
  const add = (base: StageBase, line: number): void => {
    if (base.kind !== 'image') return
    const key = canonicalReference(base.reference)
    if (!found.has(key)) found.set(key, { reference: base.reference, line })
  }
  for (const index of [...reachableStages(stages, target)].sort((a, b) => a - b)) {
    const stage = stages[index]!
    add(stage.base, stage.from.span.startLine)
    for (const { base, line } of sourcesOf(stage, stages)) add(base, line)
  }
  return [...found.values()]
}

/** Nodes in file order, images before the stage that first uses them; edges in line order. */
export function stageGraph(staged: StagedDockerfile, target = staged.stages.length - 1): StageGraph {
  const { stages } = staged
  const reached = reachableStages(stages, target)
  const nodes = new Map<string, GraphNode>()
  const edges: GraphEdge[] = []
  const addBase = (base: StageBase, reachable: boolean): string => {
    const id = baseId(base)
    const known = nodes.get(id)
    if (base.kind !== 'stage' && (known === undefined || (reachable && !known.reachable)))
      nodes.set(
        id,
        base.kind === 'image'
          ? { kind: 'image', id, reachable, reference: base.reference }
          : { kind: 'scratch', id, reachable },
      )
    return id
  }
  for (const stage of stages) {
    const reachable = reached.has(stage.index)
    const to = `stage:${stage.index}`
    edges.push({ kind: 'base', from: addBase(stage.base, reachable), to, line: stage.from.span.startLine })
    for (const { base, line, kind } of sourcesOf(stage, stages))
      edges.push({ kind, from: addBase(base, reachable), to, line })
    const { index, label, span } = stage
    nodes.set(to, { kind: 'stage', id: to, reachable, index, label, isTarget: index === target, span })
  }
  return { nodes: [...nodes.values()], edges }
}

const baseId = (base: StageBase): string =>
  base.kind === 'stage'
    ? `stage:${base.index}`
    : base.kind === 'scratch'
      ? 'scratch'
      : `image:${canonicalReference(base.reference)}`

function sourcesOf(
  stage: Stage,
  stages: readonly Stage[],
): { base: StageBase; line: number; kind: 'copy' | 'mount' }[] {
  return stage.instructions.flatMap((instruction) =>
    instructionSources(instruction).map((name) => ({
      base: resolveSource(name, stage, stages),
      line: instruction.span.startLine,
      kind: instruction.keyword === 'COPY' ? ('copy' as const) : ('mount' as const),
    })),
  )
}
