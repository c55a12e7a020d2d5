import { createCRC64 } from 'hash-wasm'
import type { Checksum } from '../../core/image/layer-table'

/** CRC-64/ISO, the checksum that tar-split keeps for every file, so indexes of all sources compare. */
export async function createChecksum(): Promise<Checksum> {
  const crc = await createCRC64('d800000000000000')
  crc.init()
  return {
    update: (chunk, from, to) => {
      crc.update(chunk.subarray(from, to))
    },
    take: () => {
      const digest = crc.digest('binary')
      crc.init()
      const view = new DataView(digest.buffer, digest.byteOffset)
      return [view.getUint32(0), view.getUint32(4)]
    },
  }
}
