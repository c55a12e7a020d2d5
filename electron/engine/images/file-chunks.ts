import { open } from 'node:fs/promises'
import { EngineError } from '../../core/failure'
import { unreadable } from '../unreadable'

const chunkBytes = 1 << 20

export interface ChunkRange {
  readonly offset?: number
  /** Undefined reads to the end. */
  readonly length?: number
  readonly signal: AbortSignal
}

/**
 * The bytes of a file, read ahead by one chunk while the last one is worked on, in two buffers that are used in turn: a chunk is
 * valid until the next one is asked for. Throws path-unreadable, also for a file that is gone since it was opened first; cancelled.
 */
export async function* fileChunks(path: string, range: ChunkRange): AsyncIterable<Uint8Array> {
  try {
    yield* chunksOf(path, range)
  } catch (cause) {
    throw (cause as NodeJS.ErrnoException).code === undefined ? cause : unreadable(path, cause)
  }
}

async function* chunksOf(path: string, { offset = 0, length, signal }: ChunkRange): AsyncIterable<Uint8Array> {
  const file = await open(path)
  try {
    const end = length === undefined ? Number.POSITIVE_INFINITY : offset + length
    const buffers = [Buffer.allocUnsafeSlow(chunkBytes), Buffer.allocUnsafeSlow(chunkBytes)] as const
    let at = offset
    let turn = 0
    const read = (): Promise<{ bytesRead: number; buffer: Buffer }> => {
      const next = file.read(buffers[turn++ % 2]!, 0, Math.min(chunkBytes, end - at), at)
      next.catch(() => undefined) // reported when it is awaited, which an early end does not do
      return next
    }
    let pending = read()
    for (;;) {
      const { bytesRead, buffer } = await pending
      if (signal.aborted) throw new EngineError({ code: 'cancelled' })
      if (bytesRead === 0) return
      at += bytesRead
      pending = read()
      yield buffer.subarray(0, bytesRead)
    }
  } finally {
    await file.close()
  }
}
