/** What the loader needs to know of a program or library (https://refspecs.linuxfoundation.org/elf/elf.pdf, gABI chapter 5). */
export interface ElfFile {
  /** As image configs name it; undefined for one that none of them names. */
  readonly architecture: string | undefined
  /** Path of the loader; undefined for a static program and for most libraries. */
  readonly interpreter: string | undefined
  /** Names of the libraries that it asks for. */
  readonly needed: readonly string[]
  /** Folders to search before all others, `$ORIGIN` not replaced. */
  readonly rpath: readonly string[]
  /** Folders to search after LD_LIBRARY_PATH; where there are some, rpath does not count. */
  readonly runpath: readonly string[]
}

const architectures: Readonly<Record<number, string>> = {
  3: '386',
  21: 'ppc64le',
  22: 's390x',
  40: 'arm',
  62: 'amd64',
  183: 'arm64',
  243: 'riscv64',
  258: 'loong64',
}

const segment = { load: 1, dynamic: 2, interpreter: 3 }
const tag = { needed: 1, strtab: 5, strsz: 10, rpath: 15, runpath: 29 }

export const isElf = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x7f && bytes[1] === 0x45 && bytes[2] === 0x4c && bytes[3] === 0x46

/** Undefined for what is no ELF file, or a damaged one; never throws. */
export function readElf(bytes: Uint8Array): ElfFile | undefined {
  if (!isElf(bytes)) return undefined
  try {
    return new ElfReader(bytes).read()
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

interface Segment {
  readonly type: number
  readonly offset: number
  readonly address: number
  readonly size: number
}

class ElfReader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  readonly #is64: boolean
  readonly #isLittle: boolean

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#is64 = bytes[4] === 2
    this.#isLittle = bytes[5] !== 2
  }

  read(): ElfFile {
    const segments = this.#segments()
    const interpreter = segments.find(({ type }) => type === segment.interpreter)
    const entries = this.#dynamic(segments.find(({ type }) => type === segment.dynamic))
    const table = entries.find(([name]) => name === tag.strtab)?.[1]
    const home = segments.find(
      ({ type, address, size }) =>
        type === segment.load && table !== undefined && table >= address && table < address + size,
    )
    const strings = home && table !== undefined ? home.offset + table - home.address : undefined
    const texts = (wanted: number): string[] =>
      strings === undefined
        ? []
        : entries.filter(([name]) => name === wanted).map(([, value]) => this.#text(strings + value))
    const folders = (wanted: number): string[] =>
      texts(wanted).flatMap((text) => text.split(':').filter((each) => each !== ''))
    return {
      architecture: architectures[this.#view.getUint16(18, this.#isLittle)],
      interpreter: interpreter && this.#text(interpreter.offset),
      needed: texts(tag.needed),
      rpath: folders(tag.rpath),
      runpath: folders(tag.runpath),
    }
  }

  #segments(): Segment[] {
    const start = this.#word(this.#is64 ? 32 : 28)
    const size = this.#view.getUint16(this.#is64 ? 54 : 42, this.#isLittle)
    const count = this.#view.getUint16(this.#is64 ? 56 : 44, this.#isLittle)
    return Array.from({ length: count }, (_, at) => {
      const from = start + at * size
      const [offset, address, bytes] = this.#is64 ? [8, 16, 32] : [4, 8, 16]
      return {
        type: this.#view.getUint32(from, this.#isLittle),
        offset: this.#word(from + offset!),
        address: this.#word(from + address!),
        size: this.#word(from + bytes!),
      }
    })
  }

  /** Tags and values up to the end mark. */
  #dynamic(found: Segment | undefined): [number, number][] {
    if (found === undefined) return []
    const step = this.#is64 ? 8 : 4
    const entries: [number, number][] = []
    for (let at = found.offset; at + 2 * step <= found.offset + found.size; at += 2 * step) {
      const name = this.#word(at)
      if (name === 0) break
      entries.push([name, this.#word(at + step)])
    }
    return entries
  }

  #text(from: number): string {
    const end = this.#bytes.indexOf(0, from)
    if (from < 0 || from >= this.#bytes.length || end < 0) throw new RangeError('a text outside the file')
    return String.fromCharCode(...this.#bytes.subarray(from, Math.min(end, from + 4096)))
  }

  #word(at: number): number {
    return this.#is64 ? Number(this.#view.getBigUint64(at, this.#isLittle)) : this.#view.getUint32(at, this.#isLittle)
  }
}
