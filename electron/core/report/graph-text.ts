import { assertNever } from '../diagnostic'
import type { GraphEdge, GraphNode, StageGraph } from '../dockerfile/graph'
import { formatBytes } from '../format'

/** Each stage with what it takes from others, a line each; what the image does not need is said so. */
export function graphText({ nodes, edges }: StageGraph): string {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const lines = nodes.flatMap((node) => {
    if (node.kind !== 'stage') return []
    const note = node.isTarget ? ' (becomes the image)' : node.reachable ? '' : ' (not needed, not built)'
    const own = edges.filter(({ to }) => to === node.id)
    return [
      `  ${node.label}${note}`,
      ...own.map(({ kind, from, line }) => `    line ${line}: ${edgeVerbs[kind]} ${nodeLabel(byId.get(from)!)}`),
    ]
  })
  return lines.join('\n')
}

const edgeVerbs = {
  base: 'stands on',
  copy: 'copies from',
  mount: 'mounts',
  context: 'takes files of',
  remote: 'fetches',
  onbuild: 'is told by its base to copy from',
}

/** What a node is called where there is room for one line. */
export function nodeLabel(node: GraphNode): string {
  switch (node.kind) {
    case 'stage':
      return node.label
    case 'image':
      return node.reference
    case 'remote':
      return node.url
    case 'context':
      return node.name === undefined ? 'the project' : `context ${node.name}`
    case 'scratch':
      return 'scratch'
    default:
      return assertNever(node)
  }
}

const edgeLabels: Readonly<Record<GraphEdge['kind'], string>> = {
  base: '',
  context: '',
  copy: 'COPY --from',
  mount: 'RUN --mount',
  remote: 'ADD',
  onbuild: 'ONBUILD',
}

interface LabelledEdge extends Pick<GraphEdge, 'kind'> {
  readonly lines: readonly number[]
}

/** What stands beside an edge: its instruction, or the bytes that crossed where those of all its lines are known; '' for none. */
export function edgeLabel({ kind, lines }: LabelledEdge, lineBytes?: ReadonlyMap<number, number>): string {
  const bytes = kind === 'copy' ? lines.map((line) => lineBytes?.get(line)) : []
  if (bytes.length > 0 && !bytes.includes(undefined))
    return `COPY ${formatBytes(bytes.reduce<number>((sum, each) => sum + each!, 0))}`
  if (lines.length === 1 || edgeLabels[kind] === '') return edgeLabels[kind]
  return `${lines.length} × ${edgeLabels[kind].split(' ', 1)[0]}`
}
