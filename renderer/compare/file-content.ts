import type { EntryDetail } from '../../electron/core/compare/facts'
import type { Failure } from '../../electron/core/failure'
import type { ResidueFile } from '../../electron/core/surface/residue'
import type { VariantRole } from '../../electron/core/variants/variant'
import type { CutawayApi, Reply } from '../../electron/ipc/contract'
import { asText } from '../shared/file-text'
import type { EntryFileContent, OpenedFile, SideContent } from '../shared/jobs'
import { newId } from '../shared/new-id'
import type { Page } from '../shared/page'
import { comparedIn, selectedOrigin } from '../shared/selectors'

/** What is shown of a file at most. */
const shownBytes = 2 * 1024 * 1024
const savedBytes = 256 * 1024 * 1024

type OpenedEntry = Extract<OpenedFile, { kind: 'entry' }>
type OpenedHidden = Extract<OpenedFile, { kind: 'hidden' }>

/** Asks for a file, or its beginning. */
type Ask = (limitBytes: number) => Promise<Reply<Uint8Array>>

/** Opens a file in a window of its own, and reads it. */
export async function openFile(page: Page, opened: OpenedFile): Promise<void> {
  if (page.jobs.file.slot.get().kind === 'running') void page.jobs.file.cancel()
  await page.jobs.file.start(opened, (id) =>
    opened.kind === 'entry' ? readEntry(page.api, opened, id) : readHidden(page.api, opened, id),
  )
}

/** Closes the window of a file; nobody waits for its content any more. */
export function closeFile({ jobs }: Page): void {
  void jobs.file.cancel()
  jobs.file.reset()
}

/** Opens the selected file; false where no file is selected. */
export function openSelected(page: Page): boolean {
  const node = selectedOrigin(page.state.get())
  const compared = comparedIn(page.state.get())
  if (node === undefined || !compared || compared.tree.isFolder[node] === 1) return false
  void openFile(page, { kind: 'entry', comparisonId: compared.view.comparisonId, node })
  return true
}

/** Opens a file that a later layer hides. */
export function openHidden(page: Page, side: VariantRole, file: ResidueFile): void {
  const comparisonId = comparedIn(page.state.get())?.view.comparisonId
  if (comparisonId !== undefined) void openFile(page, { kind: 'hidden', comparisonId, side, file })
}

/** All that is known of one entry of the union tree. */
export async function entryDetail({ api, state }: Page, node: number): Promise<EntryDetail | undefined> {
  const comparisonId = comparedIn(state.get())?.view.comparisonId
  if (comparisonId === undefined) return undefined
  const reply = await api.request('comparison.entry', { comparisonId, node })
  return reply.ok ? reply.value : undefined
}

export const fileName = (path: string): string => path.split('/').at(-1) || 'file'

/** Both sides one after the other: an engine may have to export an image for each. */
async function readEntry(api: CutawayApi, opened: OpenedEntry, id: string): Promise<Reply<EntryFileContent>> {
  const reply = await api.request('comparison.entry', { comparisonId: opened.comparisonId, node: opened.node })
  if (!reply.ok) return reply
  const detail = reply.value
  const before = await readSide(askEntry(api, opened, 'before', id), detail.before)
  const isSame = detail.before?.checksum !== undefined && detail.before.checksum === detail.after?.checksum
  const after = isSame ? before : await readSide(askEntry(api, opened, 'after', id), detail.after)
  return { ok: true, value: { kind: 'entry', detail, before, after } }
}

async function readHidden(api: CutawayApi, opened: OpenedHidden, id: string) {
  const reply = await read(askHidden(api, opened, id), opened.file.contentBytes)
  return reply.ok ? { ok: true as const, value: { kind: 'hidden' as const, content: reply.value } } : reply
}

/** One side of a file; undefined where the side has no file there. */
async function readSide(ask: Ask, entry: EntryDetail['before']): Promise<Reply<SideContent> | undefined> {
  if (entry === undefined || (entry.kind !== 'file' && entry.kind !== 'symlink')) return undefined
  return read(ask, entry.kind === 'file' ? entry.contentBytes : undefined)
}

async function read(ask: Ask, contentBytes: number | undefined): Promise<Reply<SideContent>> {
  const reply = await ask(shownBytes)
  if (!reply.ok) return reply
  const bytes = reply.value
  const isCut = bytes.length === shownBytes && contentBytes !== shownBytes
  return { ok: true, value: { bytes, isCut, contentBytes, text: asText(bytes, !isCut) } }
}

const askEntry =
  (api: CutawayApi, { comparisonId, node }: OpenedEntry, side: VariantRole, jobId: string): Ask =>
  (limitBytes) =>
    api.request('comparison.file', { jobId, comparisonId, node, side, limitBytes })

const askHidden =
  (api: CutawayApi, { comparisonId, side, file: { layer, node } }: OpenedHidden, jobId: string): Ask =>
  (limitBytes) =>
    api.request('comparison.hidden', { jobId, comparisonId, side, layer, node, limitBytes })

/** Hands the user a copy of one side of a whole file; returns why that could not be done. */
export function saveEntry(
  page: Page,
  opened: OpenedEntry,
  { detail, side }: { readonly detail: EntryDetail; readonly side: VariantRole },
): Promise<Failure | undefined> {
  const ask = askEntry(page.api, opened, side, newId())
  return save(page, ask, { path: detail.path, contentBytes: detail[side]?.contentBytes ?? 0 })
}

/** Hands the user a copy of a file that a later layer hides; returns why that could not be done. */
export const saveHidden = (page: Page, opened: OpenedHidden): Promise<Failure | undefined> =>
  save(page, askHidden(page.api, opened, newId()), opened.file)

async function save(
  { browser }: Page,
  ask: Ask,
  { path, contentBytes }: { readonly path: string; readonly contentBytes: number },
): Promise<Failure | undefined> {
  if (contentBytes > savedBytes) return { code: 'file-unreadable', path, problem: 'it is larger than 268 MB' }
  const reply = await ask(savedBytes)
  if (!reply.ok) return reply.failure
  browser.saveAs(fileName(path), new Blob([reply.value as Uint8Array<ArrayBuffer>]))
  return undefined
}
