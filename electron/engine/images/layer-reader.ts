import { createGunzip, type Gunzip } from 'node:zlib'
import { type Checksum, type LayerTable, LayerTableBuilder } from '../../core/image/layer-table'
import { archiveProblem } from '../../core/image/tar/header'
import { TarScanner, type TarSink } from '../../core/image/tar/scanner'
import { createChecksum } from './checksum'
import { ZstdStream } from './zstd-stream'

/** Scans one layer's tar as it arrives, plain or compressed. */
export interface LayerScan {
  write(bytes: Uint8Array): void
  /** Resolves when more can be taken. */
  settle(): Promise<void>
  /** Resolves when all has reached the sink. Throws archive-invalid. */
  end(): Promise<void>
}

export type LayerFormat = 'tar' | 'gzip' | 'zstd'

/** Bytes by which a layer is told from anything else. */
export const formatBytesNeeded = 512

/** A few bytes can stand for any number of zeros; no real layer is as long. */
const longestLayer = 32 * 2 ** 30

/** What a blob is, judged by its first bytes; undefined for anything that is no layer. */
export function layerFormat(start: Uint8Array): LayerFormat | undefined {
  if (start[0] === 0x1f && start[1] === 0x8b) return 'gzip'
  if (start[0] === 0x28 && start[1] === 0xb5 && start[2] === 0x2f && start[3] === 0xfd) return 'zstd'
  // A layer that changes nothing is a tar of zero blocks only.
  if (start.length === formatBytesNeeded && start.every((byte) => byte === 0)) return 'tar'
  const isUstar = start.length >= 262 && Buffer.from(start.subarray(257, 262)).toString('latin1') === 'ustar'
  return isUstar ? 'tar' : undefined
}

/** gzip is unpacked beside the caller, so its sink may come later; the others reach the sink within `write`. */
export function scanLayer(format: 'gzip', sink: TarSink | Promise<TarSink>): LayerScan
export function scanLayer(format: LayerFormat, sink: TarSink): LayerScan
export function scanLayer(format: LayerFormat, sink: TarSink | Promise<TarSink>): LayerScan {
  if (format === 'gzip') return scanGzip(sink)
  const scanner = new TarScanner(sink as TarSink)
  const settle = async (): Promise<void> => undefined
  if (format === 'tar') return { write: (bytes) => scanner.push(bytes), settle, end: async () => scanner.end() }
  const unpack = new ZstdStream(limited((bytes) => scanner.push(bytes)))
  return {
    // A copy, because fzstd holds on to what it cannot unpack yet, and chunks are used again.
    write: (bytes) => unpack.push(new Uint8Array(bytes)),
    settle,
    end: async () => {
      unpack.end()
      scanner.end()
    },
  }
}

function scanGzip(sink: TarSink | Promise<TarSink>): LayerScan {
  const gunzip = createGunzip()
  const done = scanStream(gunzip, sink)
  // The failure is reported by end(); until then nobody waits for it.
  done.catch(() => undefined)
  return {
    write: (bytes) => {
      gunzip.write(Buffer.from(bytes))
    },
    settle: () => drained(gunzip),
    end: () => {
      gunzip.end()
      return done
    },
  }
}

async function scanStream(stream: AsyncIterable<Uint8Array>, sink: TarSink | Promise<TarSink>): Promise<void> {
  const scanner = new TarScanner(await sink)
  const take = limited((bytes) => scanner.push(bytes))
  try {
    for await (const chunk of stream) take(chunk)
  } catch (cause) {
    const isZlib = String((cause as NodeJS.ErrnoException).code).startsWith('Z_')
    throw isZlib ? Object.assign(archiveProblem('a compressed layer is damaged'), { cause }) : cause
  }
  scanner.end()
}

function limited(take: (bytes: Uint8Array) => void): (bytes: Uint8Array) => void {
  let unpackedBytes = 0
  return (bytes) => {
    unpackedBytes += bytes.length
    if (unpackedBytes > longestLayer) throw archiveProblem('a compressed layer unpacks to more than 32 GB')
    take(bytes)
  }
}

function drained(gunzip: Gunzip): Promise<void> {
  if (!gunzip.writableNeedDrain || gunzip.destroyed) return Promise.resolve()
  return new Promise((resolve) => {
    const done = (): void => {
      gunzip.off('drain', done).off('close', done)
      resolve()
    }
    gunzip.on('drain', done).on('close', done)
  })
}

export interface LayerRead {
  readonly table: LayerTable
  readonly isCompressed: boolean
}

/** Collects the table of a layer whose bytes are pushed; `shared` is for scans that are not interleaved with others. */
export function tabulateLayer(format: LayerFormat, shared: Checksum): LayerScan & { finish(): Promise<LayerRead> } {
  if (format !== 'gzip') {
    const table = new LayerTableBuilder(shared)
    const scan = scanLayer(format, table)
    const finish = async (): Promise<LayerRead> => {
      await scan.end()
      return { table: table.finish(), isCompressed: format !== 'tar' }
    }
    return { ...scan, finish }
  }
  const table = createChecksum().then((checksum) => new LayerTableBuilder(checksum))
  const scan = scanLayer('gzip', table)
  const finish = async (): Promise<LayerRead> => {
    await scan.end()
    return { table: (await table).finish(), isCompressed: true }
  }
  return { ...scan, finish }
}

/** Sends a blob's bytes to a sink. Throws archive-invalid for what is no layer. */
export async function scanLayerStream(stream: AsyncIterable<Uint8Array>, sink: TarSink): Promise<void> {
  const { scan } = await startScan(stream, (format) => scanLayer(format, sink))
  await scan.end()
}

/** The table of a blob. Throws archive-invalid. */
export async function readLayerStream(stream: AsyncIterable<Uint8Array>): Promise<LayerRead> {
  const checksum = await createChecksum()
  const { scan } = await startScan(stream, (format) => tabulateLayer(format, checksum))
  return scan.finish()
}

async function startScan<T extends LayerScan>(
  stream: AsyncIterable<Uint8Array>,
  open: (format: LayerFormat) => T,
): Promise<{ format: LayerFormat; scan: T }> {
  let start: Buffer = Buffer.alloc(0)
  let found: { format: LayerFormat; scan: T } | undefined
  const begin = (): { format: LayerFormat; scan: T } => {
    const format = layerFormat(start.subarray(0, formatBytesNeeded))
    if (format === undefined) throw archiveProblem('a layer is neither a tar nor compressed in a known way')
    const begun = { format, scan: open(format) }
    begun.scan.write(start)
    return begun
  }
  for await (const chunk of stream) {
    if (found) found.scan.write(chunk)
    else {
      start = Buffer.concat([start, chunk])
      if (start.length >= formatBytesNeeded) found = begin()
    }
    await found?.scan.settle()
  }
  return found ?? begin()
}
