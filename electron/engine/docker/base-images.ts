import { EngineError } from '../../core/failure'
import type { EngineClient } from './client'
import { PullError, type PullProgress, pullImage } from './pull'

/** Label of images that Cutaway made from Debian packages in place of one it could not pull. */
export const standInLabel = 'dev.cutaway.standin'

export interface NeededImage {
  readonly reference: string
  /** Where a Dockerfile asks for it. */
  readonly file: string
  readonly line: number
}

export interface BaseImage {
  readonly reference: string
  readonly isStandIn: boolean
}

export interface BaseImageOptions {
  readonly signal: AbortSignal
  readonly onPull: (reference: string, progress: PullProgress | undefined) => void
  /** Makes a stand-in when the registry is out of reach; undefined where that is not allowed or not possible. */
  readonly makeStandIn?: ((reference: string) => Promise<boolean>) | undefined
}

/** Sees to it that the engine has a base image. Throws base-image-unavailable with the line that asks for it. */
export async function ensureBaseImage(
  client: EngineClient,
  needed: NeededImage,
  options: BaseImageOptions,
): Promise<BaseImage> {
  const { reference } = needed
  const present = await client.inspectImage(reference)
  if (present) return { reference, isStandIn: standInLabel in present.labels }
  options.onPull(reference, undefined)
  try {
    const onProgress = (progress: PullProgress): void => options.onPull(reference, progress)
    await pullImage(client, reference, { signal: options.signal, onProgress })
    return { reference, isStandIn: false }
  } catch (error) {
    if (!(error instanceof PullError)) throw error
    if (error.reason === 'registry-unreachable' && (await options.makeStandIn?.(reference)))
      return { reference, isStandIn: true }
    const { file, line } = needed
    const failure = {
      code: 'base-image-unavailable',
      image: reference,
      file,
      line,
      reason: error.reason,
      detail: error.message,
    } as const
    throw new EngineError(failure, { cause: error })
  }
}
