/** What to put into an ELF file. */
export interface ElfParts {
  readonly machine?: number
  readonly interpreter?: string
  readonly needed?: readonly string[]
  readonly rpath?: string
  readonly runpath?: string
  readonly bits?: 32 | 64
  readonly isBig?: boolean
  /** Address of the first byte. */
  readonly base?: number
}

/** A small ELF file: header, program headers, texts, dynamic section. It isn't one that could be started. */
export function makeElf(parts: ElfParts = {}): Uint8Array {
  const { machine = 62, interpreter, needed = [], rpath, runpath, bits = 64, isBig = false, base = 0x1000 } = parts
  const is64 = bits === 64
  const word = is64 ? 8 : 4
  const headerSize = is64 ? 64 : 52
  const segmentSize = is64 ? 56 : 32
  const texts: string[] = ['']
  const place = (text: string): number => {
    const at = texts.reduce((sum, each) => sum + each.length + 1, 0)
    texts.push(text)
    return at
  }
  const interpreterAt = interpreter === undefined ? undefined : place(interpreter)
  const entries: (readonly [number, number])[] = needed.map((name) => [1, place(name)])
  if (rpath !== undefined) entries.push([15, place(rpath)])
  if (runpath !== undefined) entries.push([29, place(runpath)])
  const strings = Buffer.from(`${texts.join('\0')}\0`, 'latin1')
  const hasDynamic = entries.length > 0
  const segmentCount = 1 + (interpreterAt === undefined ? 0 : 1) + (hasDynamic ? 1 : 0)
  const stringsAt = headerSize + segmentCount * segmentSize
  const dynamicAt = stringsAt + strings.length
  if (hasDynamic) entries.push([5, base + stringsAt], [0, 0])
  // Behind the end mark, so nobody may read it.
  if (hasDynamic) entries.push([1, 0])
  const total = dynamicAt + entries.length * 2 * word
  const bytes = new Uint8Array(total)
  const view = new DataView(bytes.buffer)
  const put = (at: number, value: number): void => {
    if (is64) view.setBigUint64(at, BigInt(value), !isBig)
    else view.setUint32(at, value, !isBig)
  }
  bytes.set([0x7f, 0x45, 0x4c, 0x46, is64 ? 2 : 1, isBig ? 2 : 1, 1])
  view.setUint16(18, machine, !isBig)
  put(is64 ? 32 : 28, headerSize)
  view.setUint16(is64 ? 54 : 42, segmentSize, !isBig)
  view.setUint16(is64 ? 56 : 44, segmentCount, !isBig)
  let nth = 0
  const segment = (type: number, offset: number, size: number): void => {
    const from = headerSize + nth++ * segmentSize
    view.setUint32(from, type, !isBig)
    put(from + (is64 ? 8 : 4), offset)
    put(from + (is64 ? 16 : 8), base + offset)
    put(from + (is64 ? 32 : 16), size)
  }
  segment(1, 0, total)
  if (interpreterAt !== undefined) segment(3, stringsAt + interpreterAt, interpreter!.length + 1)
  if (hasDynamic) segment(2, dynamicAt, entries.length * 2 * word)
  bytes.set(strings, stringsAt)
  entries.forEach(([tag, value], at) => {
    put(dynamicAt + at * 2 * word, tag)
    put(dynamicAt + at * 2 * word + word, value)
  })
  return bytes
}
