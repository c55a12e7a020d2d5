import type { GraphEdge, StageGraph } from './graph'

export interface PlacedNode {
  readonly id: string
  readonly x: number
  readonly y: number
}

export interface PlacedEdge extends GraphEdge {
  /** SVG path. */
  readonly path: string
  /** Middle of the line, for a label. */
  readonly labelX: number
  readonly labelY: number
}

export interface StageLayout {
  readonly width: number
  readonly height: number
  readonly nodes: readonly PlacedNode[]
  readonly edges: readonly PlacedEdge[]
}

export const nodeSize = { width: 188, height: 72 }
const gap = { x: 80, y: 20 }
const margin = 6

/** Columns by the longest way from a base, bases right before their first user, rows in file order. */
export function layoutStages(graph: StageGraph): StageLayout {
  const column = columns(graph)
  const rows = new Map<number, number>()
  const nodes = graph.nodes.map(({ id }) => {
    const at = column.get(id)!
    const row = rows.get(at) ?? 0
    rows.set(at, row + 1)
    return { id, x: margin + at * (nodeSize.width + gap.x), y: margin + row * (nodeSize.height + gap.y) }
  })
  const placed = new Map(nodes.map((node) => [node.id, node]))
  const edges = graph.edges.map((edge) => {
    const from = placed.get(edge.from)!
    const to = placed.get(edge.to)!
    // Edges arrive in the order of where they come from, so that they do not cross at the end.
    const arriving = graph.edges.filter((other) => other.to === edge.to)
    const count = arriving.length
    const nth = arriving.toSorted((a, b) => placed.get(a.from)!.y - placed.get(b.from)!.y).indexOf(edge)
    const x1 = from.x + nodeSize.width
    const y1 = from.y + nodeSize.height / 2
    const x2 = to.x
    const y2 = to.y + (nodeSize.height * (nth + 1)) / (count + 1)
    const bend = Math.max(24, (x2 - x1) / 2)
    const path = `M${x1} ${y1} C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2 - 7} ${y2}`
    return { ...edge, path, labelX: x2 - gap.x / 2, labelY: nth === 0 && count > 1 ? y2 - 9 : y2 + 15 }
  })
  const right = Math.max(...nodes.map((node) => node.x), 0) + nodeSize.width + margin
  const bottom = Math.max(...nodes.map((node) => node.y), 0) + nodeSize.height + margin
  return { width: right, height: bottom, nodes, edges }
}

function columns(graph: StageGraph): Map<string, number> {
  const column = new Map<string, number>()
  const depth = (id: string): number => {
    const known = column.get(id)
    if (known !== undefined) return known
    column.set(id, 0) // a stage that names itself must not loop
    const before = graph.edges.filter((edge) => edge.to === id).map((edge) => depth(edge.from) + 1)
    const result = Math.max(0, ...before)
    column.set(id, result)
    return result
  }
  for (const { id } of graph.nodes) depth(id)
  for (const { id, kind } of graph.nodes) {
    const users = graph.edges.filter((edge) => edge.from === id).map((edge) => column.get(edge.to)!)
    if (kind !== 'stage' && users.length > 0) column.set(id, Math.min(...users) - 1)
  }
  return column
}
