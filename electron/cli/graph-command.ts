import { type GraphNode, type StageGraph, stageGraph } from '../core/dockerfile/graph'
import { openProject } from '../engine/project/open-project'
import { asJson, type Command, exactly, fromHere } from './command'

/** `graph <folder>`: the stages of each Dockerfile and what gives files to what. */
export const run: Command = async (call) => {
  const [folder] = exactly(call, 1)
  const { dockerfiles } = await openProject(fromHere(folder!))
  const files = dockerfiles.map(({ path, staged }) => ({ path, graph: stageGraph(staged) }))
  const output = call.flags.json
    ? asJson({ schemaVersion: 1, files })
    : `${files.map(({ path, graph }) => [path, ...graphLines(graph)].join('\n')).join('\n\n')}\n`
  return { output, exitCode: 0 }
}

/** Each stage with what it takes from others; what the image does not need is said so. */
function graphLines({ nodes, edges }: StageGraph): string[] {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const label = (node: GraphNode | undefined): string =>
    node?.kind === 'stage' ? node.label : node?.kind === 'image' ? node.reference : 'scratch'
  return nodes.flatMap((node) => {
    if (node.kind !== 'stage') return []
    const note = node.isTarget ? ' (becomes the image)' : node.reachable ? '' : ' (not needed, not built)'
    const verbs = { base: 'stands on', copy: 'copies from', mount: 'mounts' }
    const own = edges.filter(({ to }) => to === node.id)
    return [
      `  ${label(node)}${note}`,
      ...own.map(({ kind, from, line }) => `    line ${line}: ${verbs[kind]} ${label(byId.get(from))}`),
    ]
  })
}
