import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { BuildEvent } from '../../core/build/build-event'
import { BuildProgress } from '../../core/build/build-progress'
import type { BuildSnapshot } from '../../core/build/build-snapshot'
import { diagnoseBuild } from '../../core/build/diagnose'
import { externalImages, folderContexts } from '../../core/dockerfile/graph'
import { EngineError, type Failure } from '../../core/failure'
import { formatBytes } from '../../core/format'
import { planBuilds, type VariantBuild } from '../../core/variants/build-plan'
import {
  type Variant,
  type VariantDraft,
  type VariantRole,
  variantFile,
  variantLabel,
} from '../../core/variants/variant'
import { ImageLease } from '../life/image-lease'
import { watchOver } from '../life/watchdog'
import { packContext } from '../project/build-context'
import { type BaseImage, ensureBaseImage } from './base-images'
import { runBuild } from './build'
import type { EngineClient } from './client'

export type VariantOutcome =
  | {
      readonly ok: true
      readonly variant: Variant
      readonly imageId: string
      readonly reference: string
      readonly engineBytes: number
      /** Wall time of this build, base image pulls apart, while the other variant built beside it. */
      readonly buildMs: number
      readonly snapshot: BuildSnapshot
    }
  | { readonly ok: false; readonly variant: Variant; readonly failure: Failure; readonly snapshot: BuildSnapshot }

export interface BuildOutcome {
  readonly bases: readonly BaseImage[]
  readonly variants: readonly VariantOutcome[]
}

export interface BuildVariantsOptions {
  readonly folder: string
  readonly noCache: boolean
  readonly signal: AbortSignal
  /** One line about base images and stand-ins. */
  readonly onMessage: (message: string) => void
  /** After every change; the reducer also knows the logs. */
  readonly onProgress: (role: VariantRole, progress: BuildProgress, event: BuildEvent) => void
  readonly makeStandIn?: ((reference: string) => Promise<boolean>) | undefined
  /** Names the image of a variant; by its role where this is not given. */
  readonly referenceOf?: (variant: Variant) => string
  /** Keeps the images until the caller releases it; without it, a later build of the project removes them. */
  readonly lease?: ImageLease
}

/**
 * Builds all variants at once, sharing the engine's cache. A variant that fails is an outcome, the others go on. Throws
 * base-image-unavailable, engine-lost, cancelled ...; after a cancel no image of this call stays behind.
 */
export async function buildVariants(
  client: EngineClient,
  variants: readonly Variant[],
  options: BuildVariantsOptions,
): Promise<BuildOutcome> {
  const { isPodman, name, version } = await client.version()
  if (isPodman) throw new EngineError({ code: 'builder-missing', engine: `${name} ${version}` })
  for (const variant of variants) refuseFolderContexts(variant)
  const bases = await ensureBases(client, variants, options)
  const lease = new ImageLease(client)
  const stopWatching = watchOver(client)
  try {
    const outcomes = await buildLeased(client, variants, { ...options, lease })
    options.lease?.take(lease)
    return { bases, variants: outcomes }
  } finally {
    await lease.release().catch(() => undefined) // an engine that is lost keeps them until the next start
    stopWatching()
  }
}

type LeasedOptions = BuildVariantsOptions & { readonly lease: ImageLease }

async function buildLeased(
  client: EngineClient,
  variants: readonly Variant[],
  options: LeasedOptions,
): Promise<readonly VariantOutcome[]> {
  const builds = planBuilds(variants)
  const results = await Promise.allSettled(builds.map((build) => buildOne(client, build, options)))
  const problem = results.find((result) => result.status === 'rejected')
  const outcomes = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
  if (problem || options.signal.aborted) throw problem?.reason ?? new EngineError({ code: 'cancelled' })
  for (const outcome of outcomes) if (outcome.ok) await moveTag(client, outcome.imageId, outcome.reference)
  return outcomes
}

/** The engine's API has no way to send a second folder. Throws dockerfile-invalid. */
export function refuseFolderContexts(variant: VariantDraft): void {
  const [first] = folderContexts(variant.staged, variant.target).sort((a, b) => a.line - b.line)
  if (first) {
    const { name, line } = first
    const problem = `the named context “${name}” is a folder, which the engine’s API cannot be given; one that is an image can.`
    throw new EngineError({ code: 'dockerfile-invalid', file: variantFile(variant), line, problem })
  }
}

/** The name under which the image of a variant stays in the engine. */
export const variantReference = (folder: string, role: VariantRole): string => projectReference(folder, role)

/** A name for an image of a project. */
export function projectReference(folder: string, tag: string): string {
  const name =
    folder
      .split(/[\\/]/)
      .at(-1)!
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '') || 'project'
  const id = createHash('sha256').update(folder).digest('hex').slice(0, 8)
  return `cutaway/${name}-${id}:${tag}`
}

async function ensureBases(
  client: EngineClient,
  variants: readonly Variant[],
  options: BuildVariantsOptions,
): Promise<readonly BaseImage[]> {
  const needed = new Map<string, Parameters<typeof ensureBaseImage>[1]>()
  // A file on disk is the better place to name than one derived from it.
  for (const variant of [...variants].sort(
    (a, b) => Number(a.derivation !== undefined) - Number(b.derivation !== undefined),
  ))
    for (const { reference, line } of externalImages(variant.staged, variant.target))
      if (!needed.has(reference)) needed.set(reference, { reference, line, file: variantFile(variant) })
  const bases: BaseImage[] = []
  for (const image of needed.values())
    bases.push(
      await ensureBaseImage(client, image, {
        signal: options.signal,
        makeStandIn: options.makeStandIn,
        onPull: (reference, progress) => {
          const percent = progress?.totalBytes
            ? ` ${Math.floor((100 * progress.currentBytes) / progress.totalBytes)} %`
            : ''
          options.onMessage(`Pulling ${reference} …${percent}`)
        },
      }),
    )
  return bases
}

async function buildOne(client: EngineClient, build: VariantBuild, options: LeasedOptions): Promise<VariantOutcome> {
  const { variant } = build
  const progress = new BuildProgress(variant, build.stagePrefix)
  const context = await packContext({
    project: options.folder,
    context: variant.context,
    dockerfile: build.dockerfile,
    dockerfileText: build.dockerfileText,
    ignoredFor: variant.path,
    onSent: announceLargeContext(options.onMessage),
  })
  const startedMs = performance.now()
  const reference = options.referenceOf?.(variant) ?? variantReference(options.folder, variant.role)
  const labels = { [variantLabel]: reference }
  const { stream, dockerfile } = context
  const { target } = build
  const { args } = variant.staged.inputs
  await runBuild(
    client,
    { context: stream, dockerfile, target, args, noCache: options.noCache, labels, tag: options.lease.next() },
    {
      signal: options.signal,
      onEvent: (event) => {
        progress.apply(event)
        options.onProgress(variant.role, progress, event)
      },
    },
  )
  const buildMs = performance.now() - startedMs
  const snapshot = progress.snapshot()
  if (progress.imageId === undefined) {
    const isInFolder = (path: string): boolean => existsSync(join(options.folder, variant.context, path))
    return { ok: false, variant, failure: diagnoseBuild(progress, build, isInFolder), snapshot }
  }
  const { imageId } = progress
  const engineBytes = (await client.inspectImage(imageId))?.engineBytes ?? 0
  return { ok: true, variant, imageId, reference, engineBytes, buildMs, snapshot }
}

const largeContextBytes = 100e6

/** A large context is the usual reason for a build that does not start. */
function announceLargeContext(onMessage: (message: string) => void): (bytes: number) => void {
  let nextBytes = largeContextBytes
  return (bytes) => {
    if (bytes < nextBytes) return
    nextBytes = bytes + largeContextBytes
    onMessage(
      `The build context is large: ${formatBytes(bytes)} sent so far. A .dockerignore file keeps out what the build does not need.`,
    )
  }
}

/** Removes an image that nothing names. */
async function removeUntagged(client: EngineClient, imageId: string): Promise<void> {
  const image = await client.inspectImage(imageId)
  if (image && image.tags.length === 0) await client.removeImage(imageId)
}

/** The image that had the tag before is removed when nothing else names it; a session that shows it does. */
async function moveTag(client: EngineClient, imageId: string, reference: string): Promise<void> {
  const previous = await client.inspectImage(reference)
  await client.tagImage(imageId, reference)
  if (previous && previous.imageId !== imageId) await removeUntagged(client, previous.imageId)
}
