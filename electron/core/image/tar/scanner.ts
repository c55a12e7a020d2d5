import { archiveProblem, blockBytes, isZeroBlock, type RawHeader, readHeader, readText } from './header'
import { type PaxRecords, readPaxRecords } from './pax'

export interface TarEntry extends Omit<RawHeader, 'sparse'> {
  /** SCHILY.xattr.* records: name without the prefix, to its raw value. */
  readonly xattrs: ReadonlyMap<string, string>
}

interface FoundEntry {
  readonly entry: TarEntry
  /** Bytes of content in the archive; a sparse file has more. */
  readonly storedBytes: number
}

export interface TarSink {
  entry(entry: TarEntry): void
  /** Bytes `[from, to)` of `chunk` belong to the last entry. */
  content(chunk: Uint8Array, from: number, to: number): void
  entryEnd(): void
}

/** Go's archive/tar, with which engines unpack layers, reads no more either. */
const largestMetadata = 1 << 20
const noRecords: PaxRecords = new Map()

/**
 * Reads a tar of any dialect (v7, ustar, PAX, GNU) while it arrives, holding one header at a time. With
 * `hasContent: false` the content of entries is left out, their padding is not: that is what tar-split keeps.
 * Throws archive-invalid on damage.
 */
export class TarScanner {
  readonly #sink: TarSink
  readonly #hasContent: boolean
  #block = new Uint8Array(blockBytes)
  #blockFill = 0
  #offset = 0
  #state: 'header' | 'content' | 'metadata' | 'padding' | 'done' = 'header'
  #left = 0
  #padding = 0
  #metadata: { readonly type: string; readonly bytes: Uint8Array; fill: number } | undefined
  #pax: PaxRecords = noRecords
  #longName: string | undefined
  #sparseEntry: FoundEntry | undefined
  #longLink: string | undefined

  constructor(sink: TarSink, options: { readonly hasContent: boolean } = { hasContent: true }) {
    this.#sink = sink
    this.#hasContent = options.hasContent
  }

  /** Bytes taken so far; while the sink hears of an entry, the place where its content begins. */
  get offset(): number {
    return this.#offset
  }

  push(chunk: Uint8Array): void {
    let at = 0
    while (at < chunk.length && this.#state !== 'done') {
      if (this.#state === 'header') at = this.#takeHeader(chunk, at)
      else at = this.#takeBody(chunk, at)
    }
    this.#offset += chunk.length - at
  }

  /** To be called after the last chunk: an archive that stops in the middle of an entry is damaged. */
  end(): void {
    const isWhole = this.#state === 'done' || (this.#state === 'header' && this.#blockFill === 0 && !this.#sparseEntry)
    if (!isWhole && !(this.#state === 'padding'))
      throw archiveProblem('it ends in the middle of an entry', this.#offset)
  }

  #takeHeader(chunk: Uint8Array, at: number): number {
    const available = chunk.length - at
    if (this.#blockFill === 0 && available >= blockBytes) {
      this.#offset += blockBytes
      this.#header(chunk, at)
      return at + blockBytes
    }
    const taken = Math.min(blockBytes - this.#blockFill, available)
    this.#block.set(chunk.subarray(at, at + taken), this.#blockFill)
    this.#blockFill += taken
    this.#offset += taken
    if (this.#blockFill === blockBytes) {
      this.#blockFill = 0
      this.#header(this.#block, 0)
    }
    return at + taken
  }

  #header(block: Uint8Array, at: number): void {
    if (!this.#sparseEntry && isZeroBlock(block, at)) {
      this.#state = 'done'
      return
    }
    if (this.#sparseEntry) {
      // A block of a sparse file's map; the last byte but 7 says whether another one follows.
      if (block[at + 504] === 0) this.#startEntry(this.#sparseEntry)
      return
    }
    const header = readHeader(block, at, this.#offset - blockBytes)
    if ('xgLK'.includes(header.type)) {
      if (header.contentBytes > largestMetadata) throw archiveProblem('an extended header is too large', this.#offset)
      this.#metadata = { type: header.type, bytes: new Uint8Array(header.contentBytes), fill: 0 }
      this.#startBody(header.contentBytes, 'metadata')
      return
    }
    const found = this.#complete(header)
    if (header.sparse?.isExtended) this.#sparseEntry = found
    else this.#startEntry(found)
  }

  #startEntry({ entry, storedBytes }: FoundEntry): void {
    this.#sparseEntry = undefined
    this.#sink.entry(entry)
    const bytes = hasBody(entry.type) ? storedBytes : 0
    this.#startBody(this.#hasContent ? bytes : 0, 'content', bytes)
  }

  #startBody(bytes: number, state: 'content' | 'metadata', paddedFor = bytes): void {
    this.#left = bytes
    this.#padding = (blockBytes - (paddedFor % blockBytes)) % blockBytes
    this.#state = state
    if (bytes === 0) this.#bodyEnd()
  }

  #takeBody(chunk: Uint8Array, at: number): number {
    const taken = Math.min(this.#left, chunk.length - at)
    if (this.#state === 'content') this.#sink.content(chunk, at, at + taken)
    else if (this.#state === 'metadata') {
      this.#metadata!.bytes.set(chunk.subarray(at, at + taken), this.#metadata!.fill)
      this.#metadata!.fill += taken
    }
    this.#left -= taken
    this.#offset += taken
    if (this.#left === 0) this.#bodyEnd()
    return at + taken
  }

  #bodyEnd(): void {
    if (this.#state === 'content') this.#sink.entryEnd()
    else if (this.#state === 'metadata') this.#takeMetadata()
    if (this.#state !== 'padding' && this.#padding > 0) {
      this.#left = this.#padding
      this.#state = 'padding'
    } else this.#state = 'header'
  }

  /** Records for all entries that follow ('g') are ignored, as engines do. */
  #takeMetadata(): void {
    const { type, bytes } = this.#metadata!
    this.#metadata = undefined
    if (type === 'x') this.#pax = readPaxRecords(bytes, this.#offset)
    else if (type === 'L') this.#longName = readText(bytes, 0, bytes.length)
    else if (type === 'K') this.#longLink = readText(bytes, 0, bytes.length)
  }

  #complete(header: RawHeader): FoundEntry {
    const pax = this.#pax
    const storedBytes = this.#paxNumber(pax, 'size') ?? header.contentBytes
    const entry: TarEntry = {
      name: pax.get('GNU.sparse.name') ?? pax.get('path') ?? this.#longName ?? header.name,
      linkName: pax.get('linkpath') ?? this.#longLink ?? header.linkName,
      type: header.type,
      contentBytes: this.#sparseBytes(pax) ?? header.sparse?.contentBytes ?? storedBytes,
      mode: header.mode,
      uid: this.#paxNumber(pax, 'uid') ?? header.uid,
      gid: this.#paxNumber(pax, 'gid') ?? header.gid,
      mtime: Math.floor(this.#paxNumber(pax, 'mtime') ?? header.mtime),
      xattrs: pax.size === 0 ? noXattrs : xattrsOf(pax),
    }
    this.#pax = noRecords
    this.#longName = this.#longLink = undefined
    return { entry, storedBytes }
  }

  /** A sparse file's length with its holes; less than that is stored. */
  #sparseBytes(pax: PaxRecords): number | undefined {
    return pax.size === 0
      ? undefined
      : (this.#paxNumber(pax, 'GNU.sparse.realsize') ?? this.#paxNumber(pax, 'GNU.sparse.size'))
  }

  #paxNumber(pax: PaxRecords, key: string): number | undefined {
    const text = pax.get(key)
    if (text === undefined || text === '') return undefined
    const value = Number(text)
    const isFine = Number.isFinite(value) && (key === 'mtime' || (Number.isSafeInteger(value) && value >= 0))
    if (!isFine) throw archiveProblem(`the PAX record ${key} is not a number`, this.#offset)
    return value
  }
}

/** Links, devices and folders carry no content, whatever their size field says. */
const hasBody = (type: string): boolean => !'123456'.includes(type)

const xattrPrefix = 'SCHILY.xattr.'
const noXattrs: ReadonlyMap<string, string> = new Map()

function xattrsOf(pax: PaxRecords): ReadonlyMap<string, string> {
  let found: Map<string, string> | undefined
  for (const [key, value] of pax)
    if (key.startsWith(xattrPrefix)) (found ??= new Map()).set(key.slice(xattrPrefix.length), value)
  return found ?? noXattrs
}
