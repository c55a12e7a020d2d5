import { stageGraph } from '../core/dockerfile/graph'
import { graphSvg } from '../core/report/graph-svg'
import { graphText } from '../core/report/graph-text'
import { openProject } from '../engine/project/open-project'
import { asJson, type Command, fromHere, shareable } from './command'

/** `graph <folder>`: the stages of each Dockerfile and what gives files to what. */
export const run: Command = async (call) => {
  const [folder] = call.arguments
  const { dockerfiles } = await openProject(fromHere(folder!))
  const graphs = dockerfiles.map(({ path, staged }) => ({ path, graph: stageGraph(staged) }))
  const { files } = shareable(call, { files: graphs })
  if (call.flags.json) return { output: asJson({ schemaVersion: 1, files }), exitCode: 0 }
  if (call.flags.svg) return { output: graphSvg(files.map(({ path, graph }) => ({ title: path, graph }))), exitCode: 0 }
  const texts = files.map(({ path, graph }) => `${path}\n${graphText(graph)}`)
  return { output: `${texts.join('\n\n')}\n`, exitCode: 0 }
}
