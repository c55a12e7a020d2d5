import type { EntryDetail } from '../../electron/core/compare/facts'
import type { VariantRole } from '../../electron/core/variants/variant'
import type { Reply } from '../../electron/ipc/contract'
import { api } from '../api'
import { asText } from '../layout/file-text'
import { saveAs } from '../save-as'

/** What is shown of a file at most. */
const shownBytes = 2 * 1024 * 1024
const savedBytes = 256 * 1024 * 1024

export interface SideContent {
  readonly bytes: Uint8Array
  /** `bytes` is only the beginning. */
  readonly isCut: boolean
  /** Of the whole file; undefined for what a link leads to. */
  readonly contentBytes: number | undefined
  readonly text: string | undefined
}

const fileOf = (
  comparisonId: string,
  node: number,
  side: VariantRole,
  limitBytes: number,
): Promise<Reply<Uint8Array>> =>
  api.request('comparison.file', { jobId: crypto.randomUUID(), comparisonId, node, side, limitBytes })

/** One side of a file; undefined where the side has no file there. */
export async function readSide(
  comparisonId: string,
  detail: EntryDetail,
  { node, side }: { readonly node: number; readonly side: VariantRole },
): Promise<Reply<SideContent> | undefined> {
  const entry = detail[side]
  if (entry === undefined || (entry.kind !== 'file' && entry.kind !== 'symlink')) return undefined
  const reply = await fileOf(comparisonId, node, side, shownBytes)
  if (!reply.ok) return reply
  const bytes = reply.value
  const contentBytes = entry.kind === 'file' ? entry.contentBytes : undefined
  const isCut = bytes.length === shownBytes && contentBytes !== shownBytes
  return { ok: true, value: { bytes, isCut, contentBytes, text: asText(bytes, !isCut) } }
}

/** Hands the user a copy of the whole file. */
export async function saveSide(
  comparisonId: string,
  detail: EntryDetail,
  { node, side }: { readonly node: number; readonly side: VariantRole },
): Promise<Reply<undefined>> {
  const size = detail[side]?.contentBytes ?? 0
  if (size > savedBytes)
    return { ok: false, failure: { code: 'file-unreadable', path: detail.path, problem: 'it is larger than 268 MB' } }
  const reply = await fileOf(comparisonId, node, side, savedBytes)
  if (!reply.ok) return reply
  saveAs(detail.path.split('/').at(-1) || 'file', new Blob([reply.value as Uint8Array<ArrayBuffer>]))
  return { ok: true, value: undefined }
}
