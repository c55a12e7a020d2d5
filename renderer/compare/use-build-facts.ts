import { useMemo } from 'react'
import type { VariantRole } from '../../electron/core/variants/variant'
import { jobAbout, resultOf } from '../shared/job'
import { buildIn, comparisonOfBuild } from '../shared/selectors'
import { usePageState } from '../shared/use-page'
import { type LayerRange, layerQuery, layersByLine } from '../treemap/layer-query'

/** The layers that each line of a built Dockerfile made; undefined until the images of the build are read. */
export function useLineLayers(role: VariantRole): ReadonlyMap<number, LayerRange> | undefined {
  const variant = usePageState((state) => buildIn(state)?.subject.variants[role])
  const view = usePageState(comparisonOfBuild)
  return useMemo(() => {
    if (!view?.layerOrigins || !variant) return undefined
    const origins = view.layerOrigins[role]
    const baseLayers = view.facts[role].base?.layers ?? 0
    return layersByLine(role, { origins, graph: variant.graph, baseLayers })
  }, [view, variant, role])
}

export interface BuildSizes {
  /** By line: what it put into its stage. */
  readonly lineBytes: ReadonlyMap<number, number>
  /** By id of a node of the graph. */
  readonly nodeBytes: Readonly<Record<string, number>>
}

/** What is measured by now of a build: the stages as the engine counts them, the layers of the image as its index does. */
export function useBuildSizes(role: VariantRole): BuildSizes {
  const measured = usePageState((state) => {
    const buildId = buildIn(state)?.id
    return buildId === undefined ? undefined : resultOf(jobAbout(state.jobs.stages, { buildId }))
  })
  const view = usePageState(comparisonOfBuild)
  return useMemo(() => {
    const { lineBytes: ofStages = {}, nodeBytes = {} } = measured?.[role] ?? {}
    const lineBytes = new Map(Object.entries(ofStages).map(([line, bytes]) => [Number(line), bytes]))
    for (const [at, origin] of (view?.layerOrigins?.[role] ?? []).entries())
      if (origin) lineBytes.set(origin.line, view!.facts[role].layers[at]!.unpackedBytes)
    return { lineBytes, nodeBytes }
  }, [measured, view, role])
}

/** The line whose layers are searched for. */
export function useFoundLine(lines: ReadonlyMap<number, LayerRange> | undefined): number | undefined {
  const query = usePageState((state) => state.explorer.query)
  return useMemo(() => [...(lines ?? [])].find(([, range]) => layerQuery(range) === query)?.[0], [lines, query])
}
