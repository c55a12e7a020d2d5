import { existsSync } from 'node:fs'
import { EngineError } from '../core/failure'
import { formatBytes } from '../core/format'
import { type FileContent, type FileRequest, readArchivedFile, readEngineFile } from '../engine/images/file-content'
import { openArchive } from '../engine/images/open-archive'
import { ensureEngine } from '../engine/setup/private-engine'
import { type Command, type CommandCall, fromHere } from './command'

const limitBytes = 2 ** 30

/** `read <image | archive | layout> <path>`: the bytes of one file. */
export const run: Command = async (call) => {
  const [image, path] = call.arguments
  const file = await readFrom(image!, { path: path!, limitBytes, signal: call.signal }, call)
  if (file.contentBytes > limitBytes) {
    const problem = `it has ${formatBytes(file.contentBytes)}, and ${formatBytes(limitBytes)} is the limit`
    throw new EngineError({ code: 'file-unreadable', path: file.path, problem })
  }
  return { output: file.bytes, isVerbatim: true, exitCode: 0 }
}

async function readFrom(image: string, request: FileRequest, call: CommandCall): Promise<FileContent> {
  const path = fromHere(image)
  if (existsSync(path))
    return readArchivedFile(await openArchive(path, { platform: call.flags.platform }, call), request)
  const { client } = await ensureEngine({ onMessage: call.print })
  const found = await client.inspectImage(image)
  if (found === undefined) throw new EngineError({ code: 'image-missing', reference: image })
  return readEngineFile(client, found.imageId, request)
}
