import { existsSync } from 'node:fs'
import { EngineError } from '../core/failure'
import type { ImageIndex, IndexSource } from '../core/image/image-index'
import { type InspectReport, makeInspectReport } from '../core/report/inspect-report'
import { readArchiveFile } from '../engine/images/archive-file'
import { readImages } from '../engine/images/read-images'
import { indexCacheFolder } from '../engine/setup/data-directory'
import { ensureEngine } from '../engine/setup/private-engine'
import { DiskIndexCache } from '../engine/store/index-cache'

export const forcedSources: Readonly<Record<string, IndexSource>> = {
  'tar-split': 'tar-split',
  export: 'export-stream',
}

export interface InspectCommand {
  /** A reference or id of an image of the engine, or the path of an archive. */
  readonly image: string
  readonly path: string
  readonly source: string | undefined
  readonly platform: string | undefined
  /** False neither reads nor writes the index cache. */
  readonly usesCache: boolean
  readonly signal: AbortSignal
  readonly print: (line: string) => void
}

/** Reads one image and says what it is made of. A file of that name comes before an image of the engine. */
export async function inspectImage(command: InspectCommand): Promise<InspectReport> {
  const { source, signal } = command
  const isFile = source === 'archive' || (source === undefined && existsSync(command.path))
  return makeInspectReport(
    isFile
      ? await readArchiveFile(command.path, { platform: command.platform }, { signal })
      : await readFromEngine(command),
  )
}

async function readFromEngine({ image, source, usesCache, signal, print }: InspectCommand): Promise<ImageIndex> {
  const { client } = await ensureEngine({ onMessage: print })
  const found = await client.inspectImage(image)
  if (found === undefined) throw new EngineError({ code: 'image-missing', reference: image })
  const cache = usesCache ? new DiskIndexCache(indexCacheFolder()) : undefined
  const forced = source === undefined ? undefined : forcedSources[source]
  const [index] = await readImages(client, [found.imageId], { signal, source: forced, cache })
  return index!
}
