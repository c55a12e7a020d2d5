import type { GraphEdge, StageGraph } from './graph'

export interface PlacedNode {
  readonly id: string
  readonly x: number
  readonly y: number
}

/** An edge, or several of one kind between the same two nodes, drawn as one line. */
export interface PlacedEdge extends Omit<GraphEdge, 'line'> {
  /** Lines of the Dockerfile that make it. */
  readonly lines: readonly number[]
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
  const merged = mergeParallel(graph.edges)
  const edges = merged.map((edge) => {
    // Edges arrive in the order of where they come from, so that they do not cross at the end.
    const arriving = merged.filter((other) => other.to === edge.to)
    const order = arriving.toSorted((a, b) => placed.get(a.from)!.y - placed.get(b.from)!.y)
    return placeEdge(edge, placed.get(edge.from)!, placed.get(edge.to)!, {
      nth: order.indexOf(edge),
      of: arriving.length,
    })
  })
  const right = Math.max(...nodes.map((node) => node.x), 0) + nodeSize.width + margin
  const bottom = Math.max(...nodes.map((node) => node.y), 0) + nodeSize.height + gap.y / 2 + margin
  return { width: right, height: bottom, nodes, edges }
}

type MergedEdge = Omit<PlacedEdge, 'path' | 'labelX' | 'labelY'>

function mergeParallel(edges: readonly GraphEdge[]): MergedEdge[] {
  const merged = new Map<string, MergedEdge & { readonly lines: number[] }>()
  for (const { line, ...edge } of edges) {
    const key = `${edge.kind} ${edge.from} ${edge.to}`
    const known = merged.get(key)
    if (known) known.lines.push(line)
    else merged.set(key, { ...edge, lines: [line] })
  }
  return [...merged.values()]
}

/** Where an edge ends among those that arrive at the same node. */
interface Arrival {
  readonly nth: number
  readonly of: number
}

/** A curve to the next column; past other columns through the lane below the row it comes from, so that it crosses no node. */
function placeEdge(edge: MergedEdge, from: PlacedNode, to: PlacedNode, { nth, of }: Arrival): PlacedEdge {
  const x1 = from.x + nodeSize.width
  const y1 = from.y + nodeSize.height / 2
  const x2 = to.x
  const y2 = to.y + (nodeSize.height * (nth + 1)) / (of + 1)
  const half = gap.x / 2
  const curve = (a: readonly [number, number], b: readonly [number, number]): string => {
    const bend = Math.max(24, (b[0] - a[0]) / 2)
    return `C${a[0] + bend} ${a[1]} ${b[0] - bend} ${b[1]} ${b[0]} ${b[1]}`
  }
  const end = [x2 - 7, y2] as const
  const lane = from.y + nodeSize.height + gap.y / 2
  const path =
    x2 - x1 <= gap.x
      ? `M${x1} ${y1} ${curve([x1, y1], end)}`
      : `M${x1} ${y1} ${curve([x1, y1], [x1 + half, lane])} L${x2 - gap.x} ${lane} ${curve([x2 - gap.x, lane], end)}`
  return { ...edge, path, labelX: x2 - half, labelY: nth === 0 && of > 1 ? y2 - 9 : y2 + 15 }
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
