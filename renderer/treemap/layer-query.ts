import type { LayerOrigin } from '../../electron/core/build/layer-origins'
import type { StageGraph } from '../../electron/core/dockerfile/graph'
import type { Side } from './regroup'

/** Layers of one side that lie one on the other; places from 0, both included. */
export interface LayerRange {
  readonly side: Side
  readonly first: number
  readonly last: number
}

/** The words of a search that find the files of some layers. */
export const layerQuery = ({ side, first, last }: LayerRange): string =>
  `layer:${side}:${first + 1}${last > first ? `-${last + 1}` : ''}`

/** The inverse of layerQuery, for a search that asks for layers and nothing else. */
export function layersOfQuery(query: string): LayerRange | undefined {
  const found = /^layer:(?:(before|after):)?(\d+)(?:-(\d+))?$/i.exec(query.trim())
  if (!found) return undefined
  const [, side, first, last = first] = found
  return {
    side: side?.toLowerCase() === 'after' ? 'after' : 'before',
    first: Number(first) - 1,
    last: Number(last) - 1,
  }
}

/** For each line of a built Dockerfile that made layers of its image which they are; the base image's stand at the last FROM of an image. */
export function layersByLine(
  side: Side,
  {
    origins,
    graph,
    baseLayers,
  }: {
    readonly origins: readonly (LayerOrigin | null)[]
    readonly graph: StageGraph
    /** How many layers are known to be the base image's. */
    readonly baseLayers: number
  },
): Map<number, LayerRange> {
  const lines = new Map<number, LayerRange>()
  for (const [at, origin] of origins.entries())
    if (origin) lines.set(origin.line, { side, first: lines.get(origin.line)?.first ?? at, last: at })
  const from = baseLine(graph)
  if (from !== undefined && baseLayers > 0) lines.set(from, { side, first: 0, last: baseLayers - 1 })
  return lines
}

/** The FROM that names the image on which the target stands. */
function baseLine(graph: StageGraph): number | undefined {
  let at = graph.nodes.find((node) => node.kind === 'stage' && node.isTarget)?.id
  for (let steps = 0; at !== undefined && steps <= graph.nodes.length; steps++) {
    const edge = graph.edges.find(({ kind, to }) => kind === 'base' && to === at)
    const base = graph.nodes.find(({ id }) => id === edge?.from)
    if (base?.kind !== 'stage') return base?.kind === 'image' ? edge?.line : undefined
    at = base.id
  }
  return undefined
}
