import type { GraphNode, StageGraph } from '../dockerfile/graph'
import { layoutStages, nodeSize, type PlacedEdge } from '../dockerfile/graph-layout'
import { formatBytes } from '../format'
import { printableLine } from '../printable'
import { edgeLabel, nodeLabel } from './graph-text'

const titleHeight = 30
const letterWidth = 7

export interface DrawnGraph {
  readonly title: string
  readonly graph: StageGraph
  /** Measured sizes, where there are any: by line what a COPY --from moved, by node id what a node holds. */
  readonly lineBytes?: ReadonlyMap<number, number>
  readonly nodeBytes?: Readonly<Record<string, number>>
}

/** One drawing of the stage graphs of several Dockerfiles, one below the other, that needs nothing but itself. */
export function graphSvg(files: readonly DrawnGraph[]): string {
  let top = 0
  let width = 0
  const parts = files.map(({ title, graph, lineBytes, nodeBytes }) => {
    const layout = layoutStages(graph)
    const nodes = layout.nodes.map(({ id, x, y }) =>
      drawNode(graph.nodes.find((node) => node.id === id)!, { x, y }, nodeBytes?.[id]),
    )
    const part = `<g transform="translate(0 ${top})"><text x="6" y="20" font-weight="bold">${escaped(title)}</text><g transform="translate(0 ${titleHeight})">${layout.edges.map(drawEdge).join('')}${layout.edges.map((edge) => drawLabel(edge, edgeLabel(edge, lineBytes))).join('')}${nodes.join('')}</g></g>`
    top += layout.height + titleHeight
    width = Math.max(width, layout.width, title.length * letterWidth + 12)
    return part
  })
  const marker =
    '<marker id="arrow" viewBox="0 0 8 8" refX="1" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0 L8 4 L0 8 z" fill="#5b6472"/></marker>'
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${top}" viewBox="0 0 ${width} ${top}" font-family="system-ui, sans-serif" font-size="12"><defs>${marker}</defs><rect width="100%" height="100%" fill="#ffffff"/>${parts.join('')}</svg>\n`
}

const dashes = { base: '', copy: '6 4', mount: '2 3', context: '', remote: '', onbuild: '6 2 2 2' }
function drawEdge({ kind, path }: PlacedEdge): string {
  const dash = dashes[kind] === '' ? '' : ` stroke-dasharray="${dashes[kind]}"`
  return `<path d="${path}" fill="none" stroke="#5b6472" stroke-width="1.5"${dash} marker-end="url(#arrow)"/>`
}

/** Above all lines, which it interrupts. */
function drawLabel({ labelX, labelY }: PlacedEdge, text: string): string {
  if (text === '') return ''
  const halo = 'stroke="#ffffff" stroke-width="4" paint-order="stroke"'
  return `<text x="${labelX}" y="${labelY}" text-anchor="middle" font-size="10" fill="#5b6472" ${halo}>${text}</text>`
}

function drawNode(node: GraphNode, { x, y }: { x: number; y: number }, bytes: number | undefined): string {
  const opacity = node.reachable ? '' : ' opacity="0.45"'
  const fill = node.kind === 'stage' ? (node.isTarget ? '#e3f4ea' : '#ffffff') : '#f1f3f6'
  const note =
    node.kind === 'stage'
      ? node.isTarget
        ? 'becomes the image'
        : node.reachable
          ? `line ${node.span.startLine}`
          : 'not needed'
      : notes[node.kind]
  const label = nodeLabel(node)
  const most = Math.floor((nodeSize.width - 20) / letterWidth)
  const shown = label.length > most ? `${label.slice(0, most - 1)}…` : label
  return `<g${opacity}><title>${escaped(label)}</title><rect x="${x}" y="${y}" width="${nodeSize.width}" height="${nodeSize.height}" rx="8" fill="${fill}" stroke="#9aa5b5"/><text x="${x + 10}" y="${y + 28}" font-weight="bold">${escaped(shown)}</text><text x="${x + 10}" y="${y + 48}" fill="#5b6472">${note}${bytes === undefined ? '' : ` · ${formatBytes(bytes)}`}</text></g>`
}

const notes = { image: 'base image', scratch: 'an empty image', context: 'your files', remote: 'fetched' }

/** Most control characters must not be in XML, escaped or not. */
const escaped = (text: string): string =>
  printableLine(text).replace(/[&<>"]/g, (char) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[char]!)
