import type { LineSpan } from '../diagnostic'
import { flagValue, type Instruction, parseDockerfile } from './parse'
import { canonicalReference } from './reference'
import { instructionSources, resolveSource, type Stage, type StageBase, type StagedDockerfile } from './stages'
import { argumentWords } from './words'

export type GraphNode =
  /** The files that are sent to the builder: the project's, or those of a named context. */
  | { readonly kind: 'context'; readonly id: string; readonly reachable: boolean; readonly name: string | undefined }
  /** What an ADD fetches. */
  | { readonly kind: 'remote'; readonly id: string; readonly reachable: boolean; readonly url: string }
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

/**
 * `from` gives files to `to`: as its base, by COPY --from, by RUN --mount, from the context, from a URL, or by a trigger that a stage left
 * for those that stand on it.
 */
export interface GraphEdge {
  readonly kind: 'base' | 'copy' | 'mount' | 'context' | 'remote' | 'onbuild'
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

/** The named contexts that are folders and that building `target` needs, each with the line that names it. */
export function folderContexts({ stages }: StagedDockerfile, target: number): { name: string; line: number }[] {
  return [...reachableStages(stages, target)].flatMap((index) => {
    const stage = stages[index]!
    const inputs = [{ base: stage.base, line: stage.from.span.startLine }, ...sourcesOf(stage, stages)]
    return inputs.flatMap(({ base, line }) => (base.kind === 'context' ? [{ name: base.name, line }] : []))
  })
}

/** Nodes in file order, what gives files before the stage that first uses it; edges in line order, one from the context to each stage. */
export function stageGraph(staged: StagedDockerfile, target = staged.stages.length - 1): StageGraph {
  const { stages } = staged
  const reached = reachableStages(stages, target)
  const nodes = new Map<string, GraphNode>()
  const edges: GraphEdge[] = []
  const give = (node: GraphNode): string => {
    const known = nodes.get(node.id)
    if (known === undefined || (node.reachable && !known.reachable)) nodes.set(node.id, node)
    return node.id
  }
  const giveBase = (base: StageBase, reachable: boolean): string => {
    const id = baseId(base)
    if (base.kind === 'image') return give({ kind: 'image', id, reachable, reference: base.reference })
    if (base.kind === 'context') return give({ kind: 'context', id, reachable, name: base.name })
    return base.kind === 'scratch' ? give({ kind: 'scratch', id, reachable }) : id
  }
  for (const stage of stages) {
    const reachable = reached.has(stage.index)
    const to = `stage:${stage.index}`
    const own: GraphEdge[] = [
      { kind: 'base', from: giveBase(stage.base, reachable), to, line: stage.from.span.startLine },
    ]
    for (const { base, line, kind } of sourcesOf(stage, stages))
      own.push({ kind, from: giveBase(base, reachable), to, line })
    const context = stage.instructions.find(takesContext)
    if (context)
      own.push({
        kind: 'context',
        from: give({ kind: 'context', id: 'context', reachable, name: undefined }),
        to,
        line: context.span.startLine,
      })
    for (const { url, line } of fetched(stage))
      own.push({ kind: 'remote', from: give({ kind: 'remote', id: `remote:${url}`, reachable, url }), to, line })
    edges.push(...own.sort((a, b) => a.line - b.line))
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
      : base.kind === 'context'
        ? `context:${base.name}`
        : `image:${canonicalReference(base.reference)}`

interface StageInput {
  readonly base: StageBase
  readonly line: number
  readonly kind: 'copy' | 'mount' | 'onbuild'
}

/** What the stage's own instructions take from others, and the triggers of the stage that it stands on. */
function sourcesOf(stage: Stage, stages: readonly Stage[]): StageInput[] {
  const parent = stage.base.kind === 'stage' ? stages[stage.base.index] : undefined
  const triggers = (parent?.instructions ?? []).flatMap((instruction) => {
    if (instruction.keyword !== 'ONBUILD') return []
    return parseDockerfile(instruction.argumentText).value.instructions.map((trigger) => ({
      trigger,
      span: instruction.span,
    }))
  })
  const input = (kind: StageInput['kind'], name: string, line: number): StageInput => ({
    base: resolveSource(name, stage, stages),
    line,
    kind,
  })
  return [
    ...triggers.flatMap(({ trigger, span }) =>
      instructionSources(trigger).map((name) => input('onbuild', name, span.startLine)),
    ),
    ...stage.instructions.flatMap((instruction) =>
      instructionSources(instruction).map((name) =>
        input(instruction.keyword === 'COPY' ? 'copy' : 'mount', name, instruction.span.startLine),
      ),
    ),
  ]
}

/** Whether an instruction reads files that are sent to the builder. */
function takesContext(instruction: Instruction): boolean {
  const { keyword, flags } = instruction
  if (keyword === 'RUN')
    return flags.some(
      ({ name, value }) =>
        name === 'mount' && !/(^|,)from=/.test(value) && (/(^|,)type=bind/.test(value) || !/(^|,)type=/.test(value)),
    )
  if (keyword !== 'COPY' && keyword !== 'ADD') return false
  if (flagValue(instruction, 'from') !== undefined) return false
  const words = sourceWords(instruction)
  return words.length === 0 ? !instruction.hasHeredoc : words.some((word) => !isUrl(word))
}

const fetched = ({ instructions }: Stage): { url: string; line: number }[] =>
  instructions
    .filter(({ keyword }) => keyword === 'ADD')
    .flatMap((instruction) =>
      sourceWords(instruction)
        .filter(isUrl)
        .map((url) => ({ url, line: instruction.span.startLine })),
    )

/** All but the destination; here-documents are no files. */
const sourceWords = ({ argumentText }: Instruction): string[] =>
  argumentWords(argumentText)
    .slice(0, -1)
    .filter((word) => !word.startsWith('<<'))

const isUrl = (word: string): boolean => /^(https?|git|ftp|ssh):\/\/|^git@/.test(word)
