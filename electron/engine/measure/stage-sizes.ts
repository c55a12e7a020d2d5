import { type StageSizes, stepBytes } from '../../core/build/stage-sizes'
import { reachableStages, stageGraph } from '../../core/dockerfile/graph'
import { planBuilds, type VariantBuild } from '../../core/variants/build-plan'
import type { Variant, VariantRole } from '../../core/variants/variant'
import { runBuild } from '../docker/build'
import type { EngineClient } from '../docker/client'
import { ImageLease } from '../life/image-lease'
import { packContext } from '../project/build-context'

export interface MeasureStagesOptions {
  readonly folder: string
  readonly signal: AbortSignal
  readonly onMessage: (text: string) => void
}

/**
 * How large the base images and the stages of two variants are that were built just now: each stage is built once more as a target, which
 * the builder's cache answers, its history is read, and what no name holds is removed. A stage without a name that is built as it lies on
 * disk cannot be a target and is left out. An engine that compresses each image that is built takes long for it, and is asked only where
 * the user wants that: null otherwise. Throws what runBuild and packContext throw.
 */
export async function measureStages(
  client: EngineClient,
  pair: { readonly [R in VariantRole]: Variant },
  { isAsked, ...options }: MeasureStagesOptions & { readonly isAsked: boolean },
): Promise<{ readonly [R in VariantRole]: StageSizes } | null> {
  if (!isAsked && (await client.info()).isContainerd) return null
  const [before, after] = planBuilds([pair.before, pair.after])
  const lease = new ImageLease(client)
  try {
    return {
      before: await measureVariant(client, before!, { ...options, lease }),
      after: await measureVariant(client, after!, { ...options, lease }),
    }
  } finally {
    await lease.release()
  }
}

type LeasedOptions = MeasureStagesOptions & { readonly lease: ImageLease }

async function measureVariant(client: EngineClient, build: VariantBuild, options: LeasedOptions): Promise<StageSizes> {
  const { staged, target } = build.variant
  const nodeBytes: Record<string, number> = {}
  const lineBytes: Record<number, number> = {}
  for (const node of stageGraph(staged, target).nodes) {
    if (node.kind !== 'image' || !node.reachable) continue
    const image = await client.inspectImage(node.reference)
    if (image) nodeBytes[node.id] = image.engineBytes
  }
  for (const index of reachableStages(staged.stages, target)) {
    const { name, label } = staged.stages[index]!
    const stage = build.dockerfileText === undefined ? name : build.stagePrefix + label
    if (stage === undefined && index !== target) continue
    options.onMessage(`Measuring stage ${label} …`)
    const imageId = await buildStage(client, build, index === target ? build.target : stage, options)
    if (imageId === undefined) continue
    nodeBytes[`stage:${index}`] = (await client.inspectImage(imageId))?.engineBytes ?? 0
    Object.assign(lineBytes, stepBytes(await client.history(imageId), staged, index))
  }
  return { nodeBytes, lineBytes }
}

/** The image of a stage; undefined where it cannot be built. */
async function buildStage(
  client: EngineClient,
  { variant, ...build }: VariantBuild,
  target: string | undefined,
  { folder, signal, lease }: LeasedOptions,
): Promise<string | undefined> {
  const { stream, dockerfile } = await packContext({
    project: folder,
    context: variant.context,
    dockerfile: build.dockerfile,
    dockerfileText: build.dockerfileText,
    ignoredFor: variant.path,
  })
  let imageId: string | undefined
  const { args } = variant.staged.inputs
  const request = { context: stream, dockerfile, target, args, noCache: false, labels: {}, tag: lease.next() }
  await runBuild(client, request, {
    signal,
    onEvent: (event) => {
      if (event.kind === 'image') imageId = event.imageId
    },
  })
  return imageId
}
