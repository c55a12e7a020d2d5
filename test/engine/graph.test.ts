import { describe, expect, test } from 'vitest'
import { matchSteps } from '../../electron/core/build/match-steps'
import type { Vertex } from '../../electron/core/build/vertex'
import { reachableStages, stageGraph } from '../../electron/core/dockerfile/graph'
import { parseStages, type StagedDockerfile } from '../../electron/core/dockerfile/stages'
import { stageSteps } from '../../electron/core/dockerfile/steps'
import type { EngineClient } from '../../electron/engine/docker/client'
import { buildText, engineOrSkip } from '../support/engine'

const engine = await engineOrSkip()

const dockerfile = `ARG BASE=debian:bookworm
FROM \${BASE} AS Tools
RUN echo tools > /tools
FROM tools AS compile
WORKDIR /work
COPY Dockerfile .
RUN echo compiled > /work/program
FROM debian:bookworm AS unused
RUN echo never > /never
FROM debian:bookworm
RUN echo docs > /docs
FROM compile AS check
RUN --mount=type=bind,from=tools,source=/tools,target=/mnt/tools cat /mnt/tools > /checked
FROM scratch AS final
COPY --from=COMPILE /work/program /program
COPY --from=3 /docs /docs
COPY --from=check /checked /checked
CMD ["/program"]
`

/** Which stage takes from which, as the builder's trace has it: a step's inputs that are steps of another stage. */
function tracedEdges(staged: StagedDockerfile, vertices: ReadonlyMap<string, Vertex>): string[] {
  const { stages } = staged
  const reached = reachableStages(stages, stages.length - 1)
  const steps = stages.filter(({ index }) => reached.has(index)).flatMap(stageSteps)
  const matches = matchSteps(steps, stages, vertices, '')
  const owner = new Map<string, number>()
  steps.forEach((step, at) => {
    // A base image's vertex is of no stage, because one serves all that stand on it.
    if (step.keyword !== 'FROM' && matches[at]) owner.set(matches[at].digest, step.stageIndex)
  })
  const edges = steps.flatMap((step, at) =>
    (matches[at]?.inputs ?? []).flatMap((input) => {
      const from = owner.get(input)
      return from === undefined || from === step.stageIndex ? [] : [`${from} -> ${step.stageIndex}`]
    }),
  )
  return [...new Set(edges)].sort()
}

describe.skipIf(engine === undefined)('the stage graph', () => {
  test('has the edges that the builder has, for names in any case, numbers, mounts and stages on stages', async () => {
    const client = engine!.client as EngineClient
    const staged = parseStages(dockerfile).value
    const vertices = new Map<string, Vertex>()
    const { imageId, events } = await buildText(client, dockerfile)
    await client.removeImage(imageId)
    for (const event of events)
      if (event.kind === 'vertex')
        vertices.set(event.digest, { ...event, startedMs: undefined, completedMs: undefined, elapsedMs: 0 })
    const { nodes, edges } = stageGraph(staged)
    const reachable = new Set(nodes.filter((node) => node.kind === 'stage' && node.reachable).map(({ id }) => id))
    const ours = edges
      .filter(({ from, to }) => reachable.has(from) && reachable.has(to))
      .map(({ from, to }) => `${from.slice(6)} -> ${to.slice(6)}`)
    expect(tracedEdges(staged, vertices)).toEqual([...new Set(ours)].sort())
    expect(ours).toHaveLength(6)
    expect(vertices.size).toBeGreaterThan(8)
    expect([...vertices.values()].some(({ name }) => name.includes('never'))).toBe(false)
  })
})
