import { decodeUtf8 } from '../utf8'

/** What a package's header says (https://rpm-software-management.github.io/rpm/manual/format_header.html). */
export interface RpmHeader {
  readonly name: string
  readonly version: string
  readonly release: string
  readonly epoch: number | undefined
  readonly architecture: string
  readonly license: string
  readonly sourceRpm: string
  readonly files: readonly string[]
}

const tag = {
  name: 1000,
  version: 1001,
  release: 1002,
  epoch: 1003,
  license: 1014,
  architecture: 1022,
  sourceRpm: 1044,
  folderOfFile: 1116,
  fileName: 1117,
  folder: 1118,
}

interface Entry {
  readonly offset: number
  readonly count: number
}

/** A header as the database keeps it, without the magic of a package file. Undefined for what is none; never throws. */
export function readRpmHeader(blob: Uint8Array): RpmHeader | undefined {
  if (blob.length < 8) return undefined
  const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength)
  const [entries, dataBytes] = [view.getUint32(0), view.getUint32(4)]
  const data = 8 + entries * 16
  if (data + dataBytes > blob.length) return undefined
  const index = new Map<number, Entry>()
  for (let at = 8; at < data; at += 16)
    index.set(view.getUint32(at), { offset: data + view.getUint32(at + 8), count: view.getUint32(at + 12) })
  const texts = (wanted: number): string[] => readTexts(blob, index.get(wanted))
  const text = (wanted: number): string => texts(wanted)[0] ?? ''
  const numbers = (wanted: number): number[] => readNumbers(view, index.get(wanted))
  const folders = texts(tag.folder)
  const folderOf = numbers(tag.folderOfFile)
  return {
    name: text(tag.name),
    version: text(tag.version),
    release: text(tag.release),
    epoch: numbers(tag.epoch)[0],
    architecture: text(tag.architecture),
    license: text(tag.license),
    sourceRpm: text(tag.sourceRpm),
    files: texts(tag.fileName).map((name, at) => `${folders[folderOf[at] ?? -1] ?? '/'}${name}`),
  }
}

/** Texts one after another, each with a zero byte behind it. */
function readTexts(blob: Uint8Array, entry: Entry | undefined): string[] {
  const found: string[] = []
  let at = entry?.offset ?? blob.length
  for (let left = entry?.count ?? 0; left > 0 && at < blob.length; left--) {
    const zero = blob.indexOf(0, at)
    const end = zero < 0 ? blob.length : zero
    found.push(decodeUtf8(blob, at, end))
    at = end + 1
  }
  return found
}

function readNumbers(view: DataView, entry: Entry | undefined): number[] {
  if (entry === undefined) return []
  const fits = Math.max(0, Math.min(entry.count, Math.floor((view.byteLength - entry.offset) / 4)))
  return Array.from({ length: fits }, (_, at) => view.getUint32(entry.offset + at * 4))
}
