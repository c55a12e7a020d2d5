import { existsSync } from 'node:fs'
import type { ImageIndex } from '../core/image/image-index'
import type { Examination } from '../core/surface/examine'
import { examineArchive, examineEngineImage } from '../engine/images/examine-images'
import { openArchive } from '../engine/images/open-archive'
import { type EngineSource, readImages } from '../engine/images/read-images'
import { sweepInBackground } from '../engine/life/sweep'
import { indexCacheFolder } from '../engine/setup/data-directory'
import { ensureEngine } from '../engine/setup/private-engine'
import { DiskIndexCache } from '../engine/store/index-cache'
import { type CommandCall, fromHere, orList, UsageError } from './command'

const engineSources: Readonly<Record<string, EngineSource>> = {
  'tar-split': 'tar-split',
  'content-store': 'content-store',
  export: 'export-stream',
}

export interface OpenedImage {
  readonly index: ImageIndex
  /** Looks into its files. */
  readonly examine: () => Promise<Examination>
}

/** The image that a command names: a file or folder of that name comes before an image of the engine. */
export async function openImage(image: string, call: CommandCall): Promise<OpenedImage> {
  const { source, platform } = call.flags
  const { signal } = call
  if (source !== undefined && source !== 'archive' && engineSources[source] === undefined)
    throw new UsageError(`--source must be ${orList([...Object.keys(engineSources), 'archive'])}`)
  const path = fromHere(image)
  if (source === 'archive' || (source === undefined && existsSync(path))) {
    const archive = await openArchive(path, { platform }, call)
    return { index: archive.index, examine: () => examineArchive(archive, signal) }
  }
  const { client } = await ensureEngine({ onMessage: call.print })
  sweepInBackground(client)
  const cache = call.flags['no-cache'] ? undefined : new DiskIndexCache(indexCacheFolder())
  const chosen = source === undefined ? undefined : engineSources[source]
  const [index] = await readImages(client, [image], { signal, source: chosen, cache })
  return { index: index!, examine: () => examineEngineImage(client, index!, signal) }
}
