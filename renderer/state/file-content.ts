import type { EntryDetail } from '../../electron/core/compare/facts'
import type { ResidueFile } from '../../electron/core/surface/residue'
import type { VariantRole } from '../../electron/core/variants/variant'
import type { Reply } from '../../electron/ipc/contract'
import { api } from '../api'
import { asText } from '../layout/file-text'
import { saveAs } from '../save-as'
import { newId } from './new-id'

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

/** Asks for a file, or its beginning. */
type Ask = (limitBytes: number) => Promise<Reply<Uint8Array>>

/** How far an engine is with exporting an image. */
export interface ReadBytes {
  readonly readBytes: number
  readonly expectedBytes: number
}

interface Side {
  readonly node: number
  readonly side: VariantRole
}

const askEntry =
  (comparisonId: string, { node, side }: Side): Ask =>
  (limitBytes) =>
    api.request('comparison.file', { jobId: newId(), comparisonId, node, side, limitBytes })

const askHidden =
  (comparisonId: string, side: VariantRole, { layer, node }: ResidueFile, jobId: string = newId()): Ask =>
  (limitBytes) =>
    api.request('comparison.hidden', { jobId, comparisonId, side, layer, node, limitBytes })

export const fileName = (path: string): string => path.split('/').at(-1) || 'file'

/** One side of a file; undefined where the side has no file there. */
export async function readSide(
  comparisonId: string,
  detail: EntryDetail,
  place: Side,
): Promise<Reply<SideContent> | undefined> {
  const entry = detail[place.side]
  if (entry === undefined || (entry.kind !== 'file' && entry.kind !== 'symlink')) return undefined
  return read(askEntry(comparisonId, place), entry.kind === 'file' ? entry.contentBytes : undefined)
}

/** Reads a hidden file and tells how far it is; gives what ends it, when nobody waits for it any more. */
export function readHidden(
  comparisonId: string,
  { side, file }: { readonly side: VariantRole; readonly file: ResidueFile },
  listener: { readonly onRead: (progress: ReadBytes) => void; readonly onReply: (reply: Reply<SideContent>) => void },
): () => void {
  const jobId = newId()
  const unsubscribe = api.onEvent((event) => {
    if (event.kind === 'job' && event.jobId === jobId && event.progress.kind === 'read') listener.onRead(event.progress)
  })
  let isWanted = true
  void read(askHidden(comparisonId, side, file, jobId), file.contentBytes).then((reply) => {
    if (isWanted) listener.onReply(reply)
  })
  return () => {
    isWanted = false
    unsubscribe()
    void api.request('job.cancel', { jobId })
  }
}

/** Hands the user a copy of the whole file. */
export const saveSide = (comparisonId: string, detail: EntryDetail, place: Side): Promise<Reply<undefined>> =>
  save(askEntry(comparisonId, place), detail.path, detail[place.side]?.contentBytes ?? 0)

export const saveHidden = (comparisonId: string, side: VariantRole, file: ResidueFile): Promise<Reply<undefined>> =>
  save(askHidden(comparisonId, side, file), file.path, file.contentBytes)

async function read(ask: Ask, contentBytes: number | undefined): Promise<Reply<SideContent>> {
  const reply = await ask(shownBytes)
  if (!reply.ok) return reply
  const bytes = reply.value
  const isCut = bytes.length === shownBytes && contentBytes !== shownBytes
  return { ok: true, value: { bytes, isCut, contentBytes, text: asText(bytes, !isCut) } }
}

async function save(ask: Ask, path: string, contentBytes: number): Promise<Reply<undefined>> {
  if (contentBytes > savedBytes)
    return { ok: false, failure: { code: 'file-unreadable', path, problem: 'it is larger than 268 MB' } }
  const reply = await ask(savedBytes)
  if (!reply.ok) return reply
  saveAs(fileName(path), new Blob([reply.value as Uint8Array<ArrayBuffer>]))
  return { ok: true, value: undefined }
}
