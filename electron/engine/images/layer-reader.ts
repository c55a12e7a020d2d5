import { createGunzip, type Gunzip } from 'node:zlib'
import { type Checksum, type LayerTable, LayerTableBuilder } from '../../core/image/layer-table'
import { archiveProblem } from '../../core/image/tar/header'
import { TarScanner } from '../../core/image/tar/scanner'
import { createChecksum } from './checksum'

/** Takes one layer's tar as it arrives, plain or gzip, and gives its table. */
export interface LayerReader {
  readonly isCompressed: boolean
  write(bytes: Uint8Array): void
  /** Resolves when the reader can take more. */
  settle(): Promise<void>
  end(): Promise<LayerTable>
}

export type LayerFormat = 'tar' | 'gzip'

/** What a blob is, judged by its first bytes; undefined for anything that is no layer. Throws for a form that cannot be read. */
export function layerFormat(start: Uint8Array): LayerFormat | undefined {
  if (start[0] === 0x1f && start[1] === 0x8b) return 'gzip'
  if (start[0] === 0x28 && start[1] === 0xb5 && start[2] === 0x2f && start[3] === 0xfd)
    throw archiveProblem('it has a layer compressed with zstd, which Cutaway cannot read yet')
  // A layer that changes nothing is a tar of zero blocks only.
  if (start.length === 512 && start.every((byte) => byte === 0)) return 'tar'
  const isUstar = start.length >= 262 && Buffer.from(start.subarray(257, 262)).toString('latin1') === 'ustar'
  return isUstar ? 'tar' : undefined
}

export function readPlainLayer(checksum: Checksum): LayerReader {
  const table = new LayerTableBuilder(checksum)
  const scanner = new TarScanner(table)
  return {
    isCompressed: false,
    write: (bytes) => scanner.push(bytes),
    settle: async () => undefined,
    end: async () => {
      scanner.end()
      return table.finish()
    },
  }
}

export function readGzipLayer(): LayerReader {
  const gunzip = createGunzip()
  const table = scanStream(gunzip)
  // The failure is reported by end(); until then nobody waits for it.
  table.catch(() => undefined)
  return {
    isCompressed: true,
    write: (bytes) => {
      gunzip.write(Buffer.from(bytes))
    },
    settle: () => drained(gunzip),
    end: () => {
      gunzip.end()
      return table
    },
  }
}

async function scanStream(stream: AsyncIterable<Uint8Array>): Promise<LayerTable> {
  const table = new LayerTableBuilder(await createChecksum())
  const scanner = new TarScanner(table)
  try {
    for await (const chunk of stream) scanner.push(chunk)
  } catch (cause) {
    const isZlib = String((cause as NodeJS.ErrnoException).code).startsWith('Z_')
    throw isZlib ? Object.assign(archiveProblem('a compressed layer is damaged'), { cause }) : cause
  }
  scanner.end()
  return table.finish()
}

function drained(gunzip: Gunzip): Promise<void> {
  if (!gunzip.writableNeedDrain) return Promise.resolve()
  return new Promise((resolve) => {
    const done = (): void => {
      gunzip.off('drain', done).off('close', done)
      resolve()
    }
    gunzip.on('drain', done).on('close', done)
  })
}
