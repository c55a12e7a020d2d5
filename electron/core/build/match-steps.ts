import { canonicalReference } from '../dockerfile/reference'
import type { Stage } from '../dockerfile/stages'
import type { Step } from '../dockerfile/steps'
import type { Vertex } from './vertex'
import { readVertexName } from './vertex-name'

/**
 * For each step the vertex that runs it. A vertex has no source line: its name gives stage, number and keyword. One FROM
 * vertex serves every stage on that base, and equal steps of two stages are one vertex, named after either.
 */
export function matchSteps(
  steps: readonly Step[],
  stages: readonly Stage[],
  vertices: ReadonlyMap<string, Vertex>,
  prefix: string,
): readonly (Vertex | undefined)[] {
  const named = new Map<string, Vertex>()
  const bases = new Map<string, Vertex>()
  const byText = new Map<string, Vertex[]>()
  for (const vertex of vertices.values()) {
    const name = readVertexName(vertex.name)
    const base = /^(?:\[[^\]]*\]\s+)?(?:CACHED\s+)?FROM\s+(\S+)/.exec(vertex.name)
    if (base) bases.set(canonicalReference(base[1]!.replace(/@sha256:.*$/, '')), vertex)
    if (name.kind !== 'step') continue
    named.set(`${name.stage ?? ''}|${name.number}|${keywordOf(name.text)}`, vertex)
    byText.set(vertex.inputs[0] ?? '', [...(byText.get(vertex.inputs[0] ?? '') ?? []), vertex])
  }
  const matches: (Vertex | undefined)[] = []
  steps.forEach((step, at) => {
    const stage = stages[step.stageIndex]!
    const labels = [
      prefix + stage.label,
      ...(stage.name === undefined && stages.length === 1 && prefix === '' ? [''] : []),
    ]
    const own = labels.map((label) => named.get(`${label}|${step.number}|${step.keyword}`)).find((vertex) => vertex)
    if (own) matches[at] = own
    else if (step.keyword === 'FROM' && stage.base.kind === 'image')
      matches[at] = bases.get(canonicalReference(stage.base.reference.replace(/@sha256:.*$/, '')))
    else {
      const previous = step.number > 1 && steps[at - 1]?.stageIndex === step.stageIndex ? matches[at - 1] : undefined
      matches[at] = previous && byText.get(previous.digest)?.find((vertex) => isSameText(vertex, step))
    }
  })
  return matches
}

const keywordOf = (text: string): string => text.split(/\s/, 1)[0]!.toUpperCase()

function isSameText(vertex: Vertex, step: Step): boolean {
  const name = readVertexName(vertex.name)
  return name.kind === 'step' && normal(name.text).startsWith(normal(step.text.replace(/ …$/, '')))
}

const normal = (text: string): string => text.replace(/\\\n/g, ' ').replace(/\s+/g, ' ').trim()
