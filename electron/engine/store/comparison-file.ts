import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import {
  packComparison,
  type SavedComparison,
  SavedProblem,
  savedDigestBytes,
  savedMagic,
  unpackComparison,
} from '../../core/compare/saved-comparison'
import { EngineError } from '../../core/failure'
import { unreadable } from '../unreadable'
import { comparisonIn, htmlStart } from './report-file'

// A saved comparison is a file of its own, or stands in a report.

const magic = Buffer.from(savedMagic)
/** Millions of entries in many layers; more is a bomb. */
const largestBytes = 1 << 30

export async function comparisonFile(comparison: SavedComparison): Promise<Uint8Array> {
  const packed = await promisify(gzip)(packComparison(comparison))
  return Buffer.concat([magic, digestOf(packed), packed])
}

/** Undefined for a file of another kind. Throws comparison-invalid, path-unreadable. */
export async function readComparisonFile(path: string, mostBytes = largestBytes): Promise<SavedComparison | undefined> {
  const bytes = await readMarked(path)
  if (bytes === undefined) return undefined
  const packed = bytes.subarray(magic.length + savedDigestBytes)
  const invalid = (problem: string, cause?: unknown): EngineError =>
    new EngineError({ code: 'comparison-invalid', path, problem }, { cause })
  if (!digestOf(packed).equals(bytes.subarray(magic.length, magic.length + savedDigestBytes)))
    throw invalid('it is damaged, or not all of it is there')
  const unpacked = await promisify(gunzip)(packed, { maxOutputLength: mostBytes }).catch((cause) => {
    throw invalid('it cannot be unpacked', cause)
  })
  try {
    return unpackComparison(new Uint8Array(unpacked))
  } catch (cause) {
    throw cause instanceof SavedProblem ? invalid(cause.message, cause) : cause
  }
}

/** The whole file where it begins as a saved comparison does, or what a report has of one. */
async function readMarked(path: string): Promise<Buffer | undefined> {
  try {
    const file = await open(path)
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(magic.length))
      if (bytesRead < magic.length) return undefined
      if (buffer.equals(magic)) return Buffer.concat([buffer, await file.readFile()])
      return buffer.equals(htmlStart) ? comparisonIn(await file.readFile()) : undefined
    } finally {
      await file.close()
    }
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code === 'EISDIR' || code === 'ENOENT') return undefined // an image layout, or for others to say
    throw unreadable(path, cause)
  }
}

const digestOf = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest()
