import { assertNever } from '../diagnostic'
import type { GraphNode, StageGraph } from '../dockerfile/graph'

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
