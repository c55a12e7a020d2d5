import type { StageGraph } from '../../electron/core/dockerfile/graph'
import type { StageLayout } from '../../electron/core/dockerfile/graph-layout'

/** Where an arrow key leads from a node: right and left along its edges, up and down among the nodes of its column. */
export function nodeTowards(graph: StageGraph, { nodes }: StageLayout, from: string, key: string): string | undefined {
  if (key === 'ArrowRight') return graph.edges.find((edge) => edge.from === from)?.to
  if (key === 'ArrowLeft') return graph.edges.find((edge) => edge.to === from)?.from
  const step = { ArrowDown: 1, ArrowUp: -1 }[key]
  const here = nodes.find(({ id }) => id === from)
  if (step === undefined || here === undefined) return undefined
  const column = nodes.filter(({ x }) => x === here.x).sort((a, b) => a.y - b.y)
  return column[column.indexOf(here) + step]?.id
}
