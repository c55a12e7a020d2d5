import { stat } from 'node:fs/promises'
import { EngineError } from '../../core/failure'
import { type ImageIndex, makeImageIndex } from '../../core/image/image-index'
import { archiveProblem } from '../../core/image/tar/header'
import { unreadable } from '../unreadable'
import type { ArchiveContent, ArchivedImage, LayerLocation } from './archive-content'
import { ArchiveReader } from './archive-reader'
import { dockerArchiveImage } from './docker-archive'
import { fileChunks } from './file-chunks'
import { imageLayoutImage } from './image-layout'
import { LayoutFolder } from './layout-folder'

export interface ArchiveChoice {
  /** A tag of a docker-archive with several images. */
  readonly reference?: string | undefined
  /** `linux/arm64`; undefined takes this machine's, else the first. */
  readonly platform?: string | undefined
}

export interface OpenedArchive {
  readonly index: ImageIndex
  /** Where each layer lies, in config order. */
  readonly locations: readonly LayerLocation[]
}

/**
 * Indexes a saved image: a docker-archive or an image layout, as a tar or a folder, layers plain or compressed. Throws
 * path-unreadable, archive-invalid, cancelled.
 */
export async function openArchive(
  path: string,
  choice: ArchiveChoice,
  { signal }: { readonly signal: AbortSignal },
): Promise<OpenedArchive> {
  try {
    const folder = (await stat(path)).isDirectory() ? new LayoutFolder(path, signal) : undefined
    const image = await archiveImage(folder ?? (await readTar(path, signal)), choice)
    const locations = image.layers.map(({ offset, storedBytes }, at): LayerLocation => {
      const file = folder === undefined ? path : folder.pathOf(image.layerPaths[at]!)
      return { file, offset, storedBytes }
    })
    return { index: makeImageIndex(image), locations }
  } catch (cause) {
    if (signal.aborted) throw new EngineError({ code: 'cancelled' }, { cause })
    if (cause instanceof EngineError || (cause as NodeJS.ErrnoException).code === undefined) throw cause
    throw unreadable(path, cause)
  }
}

async function readTar(path: string, signal: AbortSignal): Promise<ArchiveContent> {
  const reader = await ArchiveReader.create()
  for await (const chunk of fileChunks(path, { signal })) await reader.push(chunk)
  return reader.finish()
}

/** The image of an archive in either form. Throws archive-invalid. */
export async function archiveImage(content: ArchiveContent, choice: ArchiveChoice): Promise<ArchivedImage> {
  if ((await content.document('manifest.json')) !== undefined)
    return dockerArchiveImage(content, choice.reference, 'docker-archive')
  if ((await content.document('index.json')) !== undefined)
    return imageLayoutImage(content, choice.platform, 'image-layout')
  throw archiveProblem('it has neither manifest.json nor index.json, so it is no image archive')
}
