import { Decompress } from 'fzstd'
import { archiveProblem } from '../../core/image/tar/header'

/** What `zstd -d` takes without being told to: a header may ask for 2 GB of memory before one byte has come. */
const largestWindow = 128 << 20

/**
 * Unpacks zstd piece by piece, frames one after another. fzstd does the work; frames and blocks are followed beside it
 * (https://datatracker.ietf.org/doc/html/rfc8878#section-3) to refuse a window that is too large before it is allocated.
 * Throws archive-invalid.
 */
export class ZstdStream {
  readonly #unpack: Decompress
  readonly #frames = new FrameGuard()

  constructor(take: (bytes: Uint8Array) => void) {
    this.#unpack = new Decompress((bytes) => take(bytes))
  }

  push(bytes: Uint8Array): void {
    this.#frames.push(bytes)
    this.#run(bytes, false)
  }

  end(): void {
    if (!this.#frames.isBetweenFrames) throw archiveProblem('a compressed layer is cut')
    this.#run(new Uint8Array(0), true)
  }

  #run(bytes: Uint8Array, isLast: boolean): void {
    try {
      this.#unpack.push(bytes, isLast)
    } catch (cause) {
      // fzstd throws plain errors for bad data and lets range errors through; the scanner's own are passed on.
      if ((cause as Error).name === 'EngineError') throw cause
      throw Object.assign(archiveProblem('a compressed layer is damaged'), { cause })
    }
  }
}

const longestHeader = 18

/** Walks frame headers and block headers, keeping only what is left of one. */
class FrameGuard {
  #header = new Uint8Array(longestHeader)
  #fill = 0
  #skip = 0
  #state: 'frame' | 'block' = 'frame'
  #hasChecksum = false

  get isBetweenFrames(): boolean {
    return this.#state === 'frame' && this.#fill === 0 && this.#skip === 0
  }

  push(bytes: Uint8Array): void {
    let at = 0
    while (at < bytes.length) {
      if (this.#skip > 0) {
        const taken = Math.min(this.#skip, bytes.length - at)
        this.#skip -= taken
        at += taken
      } else {
        this.#header[this.#fill++] = bytes[at++]!
        if (this.#fill === this.#needed()) this.#take()
      }
    }
  }

  #needed(): number {
    if (this.#state === 'block') return 3
    if (this.#fill < 5) return 5
    return isSkippable(this.#header) ? 8 : frameHeaderLength(this.#header[4]!)
  }

  #take(): void {
    const header = this.#header
    this.#fill = 0
    const view = new DataView(header.buffer)
    if (this.#state === 'block') {
      const word = header[0]! | (header[1]! << 8) | (header[2]! << 16)
      const isRunLength = ((word >> 1) & 3) === 1
      this.#skip = isRunLength ? 1 : word >> 3
      if ((word & 1) === 0) return
      this.#skip += this.#hasChecksum ? 4 : 0
      this.#state = 'frame'
    } else if (isSkippable(header)) this.#skip = view.getUint32(4, true)
    else {
      if (view.getUint32(0, true) !== 0xfd2fb528) throw archiveProblem('a compressed layer is damaged')
      if (windowOf(header) > largestWindow) throw archiveProblem('a compressed layer asks for too much memory')
      this.#hasChecksum = (header[4]! & 4) !== 0
      this.#state = 'block'
    }
  }
}

const isSkippable = (header: Uint8Array): boolean =>
  (header[0]! & 0xf0) === 0x50 && header[1] === 0x2a && header[2] === 0x4d && header[3] === 0x18

interface Fields {
  readonly isSingleSegment: boolean
  readonly dictionaryLength: number
  readonly sizeLength: number
}

function fieldsOf(descriptor: number): Fields {
  const isSingleSegment = (descriptor & 0x20) !== 0
  return {
    isSingleSegment,
    dictionaryLength: [0, 1, 2, 4][descriptor & 3]!,
    sizeLength: [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6]!,
  }
}

function frameHeaderLength(descriptor: number): number {
  const { isSingleSegment, dictionaryLength, sizeLength } = fieldsOf(descriptor)
  return 5 + (isSingleSegment ? 0 : 1) + dictionaryLength + sizeLength
}

/** Bytes of memory that the frame asks for; for a single segment that is its whole content. */
function windowOf(header: Uint8Array): number {
  const { isSingleSegment, dictionaryLength, sizeLength } = fieldsOf(header[4]!)
  if (!isSingleSegment) {
    const base = 2 ** (10 + (header[5]! >> 3))
    return base + (base / 8) * (header[5]! & 7)
  }
  let size = sizeLength === 2 ? 256 : 0
  for (let at = 0; at < sizeLength; at++) size += header[5 + dictionaryLength + at]! * 256 ** at
  return size
}
