import type { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import tar from 'tar-stream'

export interface Unpacked {
  readonly type: string
  readonly seconds: number
  /** Text, or where a link leads. */
  readonly content: string
}

/** The members of a tar by name. */
export async function unpack(stream: Readable): Promise<Record<string, Unpacked>> {
  const extract = tar.extract()
  const found: Record<string, Unpacked> = {}
  extract.on('entry', (header, body, next) => {
    let content = header.linkname ?? ''
    body.on('data', (chunk) => {
      content += String(chunk)
    })
    body.on('end', () => {
      const { mtime } = { mtime: header.mtime!.getTime() / 1000, ...(header.pax ?? {}) }
      const seconds = Number(mtime)
      found[header.name] = { type: header.type ?? 'file', seconds, content }
      next()
    })
  })
  await pipeline(stream, extract as unknown as Writable)
  return found
}
