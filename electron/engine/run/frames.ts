import type { Duplex } from 'node:stream'

/** Sends what an attached container writes to where it belongs: 8 bytes of header (1 or 2, then a length), then the bytes. */
export function readFrames(stream: Duplex, take: (stream: 'stdout' | 'stderr', bytes: Buffer) => void): Promise<void> {
  let header = Buffer.alloc(0)
  let left = 0
  let target: 'stdout' | 'stderr' = 'stdout'
  stream.on('data', (chunk: Buffer) => {
    for (let at = 0; at < chunk.length; ) {
      if (left === 0) {
        const part = chunk.subarray(at, at + 8 - header.length)
        header = Buffer.concat([header, part])
        at += part.length
        if (header.length < 8) return
        target = header[0] === 2 ? 'stderr' : 'stdout'
        left = header.readUInt32BE(4)
        header = Buffer.alloc(0)
        continue
      }
      const bytes = chunk.subarray(at, at + left)
      left -= bytes.length
      at += bytes.length
      take(target, bytes)
    }
  })
  return new Promise((resolve) => {
    stream.once('close', resolve)
    stream.once('end', resolve)
    stream.once('error', () => resolve()) // the run is judged by what the engine says of the container
  })
}
