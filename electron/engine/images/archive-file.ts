import { createReadStream } from 'node:fs'
import { EngineError } from '../../core/failure'
import type { ImageIndex } from '../../core/image/image-index'
import { type ArchiveChoice, archiveImage } from './archive-images'
import { ArchiveReader } from './archive-reader'

/** Indexes a saved image: a docker-archive, or an image layout in a tar. Throws path-unreadable, archive-invalid, cancelled. */
export async function readArchiveFile(
  path: string,
  choice: ArchiveChoice,
  { signal }: { readonly signal: AbortSignal },
): Promise<ImageIndex> {
  const reader = await ArchiveReader.create()
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20, signal })) await reader.push(chunk)
  } catch (cause) {
    if (signal.aborted) throw new EngineError({ code: 'cancelled' }, { cause })
    if (cause instanceof EngineError) throw cause
    throw new EngineError({ code: 'path-unreadable', path, detail: (cause as Error).message }, { cause })
  }
  return archiveImage(reader.finish(), choice)
}
