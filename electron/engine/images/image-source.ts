import { contentNotSaved } from '../../core/compare/saved-comparison'
import { EngineError } from '../../core/failure'
import type { ImageIndex } from '../../core/image/image-index'
import { nodePath } from '../../core/image/path-tree'
import { EngineClient } from '../docker/client'
import type { Endpoint } from '../docker/endpoints'
import type { IndexCache } from '../store/index-cache'
import { type ExaminedImages, examineArchive, examineEngineImage, examineImages } from './examine-images'
import type { ReadOptions } from './export-stream'
import { readArchivedFile, readEngineFile } from './file-content'
import { type OpenedArchive, openArchive } from './open-archive'
import { readImages } from './read-images'

/** Where an image is: with an engine, or saved in a file or folder. */
export type ImageSource =
  | { readonly kind: 'engine'; readonly endpoint: Endpoint; readonly reference: string }
  | { readonly kind: 'archive'; readonly path: string }

/** An indexed image, and the way back to its files. */
export interface SourcedImage {
  readonly index: ImageIndex
  /** `saved`: only the index is kept, and no content. */
  readonly source: ImageSource | { readonly kind: 'saved' }
  /** Undefined for an image of an engine. */
  readonly archive: OpenedArchive | undefined
}

export interface ReadSourcesOptions extends ReadOptions {
  readonly cache: IndexCache
  readonly readsEngineFiles: boolean
}

/** Indexes two images, wherever they are; two of one engine are read together, one that stands on both sides once. Throws what readImages and openArchive throw. */
export async function readSources(
  sources: readonly [ImageSource, ImageSource],
  options: ReadSourcesOptions,
): Promise<[SourcedImage, SourcedImage]> {
  const [before, after] = sources
  if (isSame(before, after)) {
    const image = await readSource(before, options)
    return [image, image]
  }
  if (before.kind === 'engine' && after.kind === 'engine' && before.endpoint.address === after.endpoint.address) {
    const references = [before.reference, after.reference]
    const [one, two] = await readImages(new EngineClient(before.endpoint), references, options)
    return [
      { index: one!, source: before, archive: undefined },
      { index: two!, source: after, archive: undefined },
    ]
  }
  return [await readSource(before, options), await readSource(after, options)]
}

function isSame(one: ImageSource, two: ImageSource): boolean {
  if (one.kind === 'archive') return two.kind === 'archive' && one.path === two.path
  return two.kind === 'engine' && one.reference === two.reference && one.endpoint.address === two.endpoint.address
}

async function readSource(source: ImageSource, options: ReadSourcesOptions): Promise<SourcedImage> {
  if (source.kind === 'archive') {
    const archive = await openArchive(source.path, {}, options)
    return { index: archive.index, source, archive }
  }
  const [index] = await readImages(new EngineClient(source.endpoint), [source.reference], options)
  return { index: index!, source, archive: undefined }
}

/** Looks into the files of both. What keeps an image from running is asked of images of an engine only; see examineImages. */
export async function examineSources(
  before: SourcedImage,
  after: SourcedImage,
  signal: AbortSignal,
): Promise<ExaminedImages> {
  if (before !== after && before.source.kind === 'engine' && after.source.kind === 'engine')
    return examineImages(new EngineClient(before.source.endpoint), before.index, after.index, signal)
  const examine = async ({ index, source, archive }: SourcedImage): Promise<ExaminedImages['before']> => {
    if (source.kind === 'saved')
      throw new EngineError({
        code: 'bad-input',
        problem: 'it was saved before the files were looked into, and does not hold them',
      })
    if (source.kind === 'engine') return examineEngineImage(new EngineClient(source.endpoint), index, signal)
    return { ...(await examineArchive(archive!, signal)), findings: [] }
  }
  const ofBefore = await examine(before)
  return { before: ofBefore, after: before === after ? ofBefore : await examine(after) }
}

/** The content of a node of the root file system, or its beginning. Throws what readEngineFile and readArchivedFile throw. */
export async function readSourceFile(
  { index, source, archive }: SourcedImage,
  node: number,
  options: { readonly limitBytes: number; readonly signal: AbortSignal },
): Promise<Uint8Array> {
  const path = `/${nodePath(index.rootfs, node)}`
  if (source.kind === 'saved') throw new EngineError(contentNotSaved(path))
  const request = { ...options, path }
  const found =
    source.kind === 'engine'
      ? await readEngineFile(new EngineClient(source.endpoint), index.imageId, request)
      : await readArchivedFile(archive!, request)
  return found.bytes
}

/** The engine that has both images, for what needs them run. Throws bad-input where they are not in one. */
export function sharedEngine(before: SourcedImage, after: SourcedImage): EngineClient {
  if (before.source.kind === 'engine' && after.source.kind === 'engine')
    if (before.source.endpoint.address === after.source.endpoint.address)
      return new EngineClient(before.source.endpoint)
  throw new EngineError({ code: 'bad-input', problem: 'a saved image cannot be run; load it into an engine first' })
}
