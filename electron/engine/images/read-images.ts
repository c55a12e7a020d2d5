import { EngineError } from '../../core/failure'
import type { ImageIndex, IndexSource } from '../../core/image/image-index'
import type { EngineClient } from '../docker/client'
import type { IndexCache } from '../store/index-cache'
import { type ReadOptions, readByExport } from './export-stream'
import { readByTarSplit, TarSplitUnavailable } from './tar-split-source'

export interface ReadImagesOptions extends ReadOptions {
  readonly cache?: IndexCache | undefined
  /** Undefined chooses: layer metadata where the engine gives it out, else the export. */
  readonly source?: IndexSource | undefined
}

/** Indexes images of an engine; `source` of each index says how. A failure of the fast source falls back without losing the job. */
export async function readImages(
  client: EngineClient,
  imageIds: readonly string[],
  options: ReadImagesOptions,
): Promise<ImageIndex[]> {
  if (options.source === 'export-stream') return readByExport(client, imageIds, options)
  try {
    return await readByTarSplit(client, imageIds, options)
  } catch (error) {
    if (!(error instanceof TarSplitUnavailable)) throw error
    if (options.source === 'tar-split')
      throw new EngineError(
        { code: 'source-unavailable', source: 'tar-split', detail: error.message },
        { cause: error },
      )
    return readByExport(client, imageIds, options)
  }
}
