import { existsSync } from 'node:fs'
import type { ImageIndex } from '../core/image/image-index'
import { makeInspectReport, textInspect } from '../core/report/inspect-report'
import { openArchive } from '../engine/images/open-archive'
import { type EngineSource, readImages } from '../engine/images/read-images'
import { indexCacheFolder } from '../engine/setup/data-directory'
import { ensureEngine } from '../engine/setup/private-engine'
import { DiskIndexCache } from '../engine/store/index-cache'
import { asJson, type Command, type CommandCall, exactly, fromHere, UsageError } from './command'

const engineSources: Readonly<Record<string, EngineSource>> = {
  'tar-split': 'tar-split',
  'content-store': 'content-store',
  export: 'export-stream',
}

/** `inspect <image | archive | layout folder>`: a file or folder of that name comes before an image of the engine. */
export const run: Command = async (call) => {
  const [image] = exactly(call, 1)
  const { source, json } = call.flags
  if (source !== undefined && source !== 'archive' && engineSources[source] === undefined)
    throw new UsageError(`--source ${source}`)
  const path = fromHere(image!)
  const isFile = source === 'archive' || (source === undefined && existsSync(path))
  const index = isFile
    ? (await openArchive(path, { platform: call.flags.platform }, call)).index
    : await readFromEngine(image!, call)
  const report = makeInspectReport(index)
  return { output: json ? asJson(report) : textInspect(report), exitCode: 0 }
}

async function readFromEngine(image: string, { flags, signal, print }: CommandCall): Promise<ImageIndex> {
  const { client } = await ensureEngine({ onMessage: print })
  const cache = flags['no-cache'] ? undefined : new DiskIndexCache(indexCacheFolder())
  const source = flags.source === undefined ? undefined : engineSources[flags.source]
  const [index] = await readImages(client, [image], { signal, source, cache })
  return index!
}
