import type { VariantRole } from '../../electron/core/variants/variant'
import type { ProjectView, VariantView } from '../../electron/ipc/views'
import { api } from '../api'
import { saveAs } from '../save-as'
import { type Workspace, workspace } from './workspace'

// Which two variants are compared, and the user's own texts for them.

const roles: readonly VariantRole[] = ['before', 'after']
const pauseMs = 180

/** What was typed last on a side and is not asked about yet. */
const pending = new Map<VariantRole, { readonly timer: ReturnType<typeof setTimeout>; readonly id: string }>()

/** Takes another of the project's offers for one side, with the text that the user wrote for it before. */
export async function chooseVariant(role: VariantRole, id: string): Promise<void> {
  // The draft is kept; asking about it later would take the choice back.
  clearTimeout(pending.get(role)?.timer)
  pending.delete(role)
  const { project, drafts } = workspace.get()
  if (project) await ask(role, id, drafts.get(draftKey(project.folder, id)))
}

/** Keeps what the user typed, and asks about it when they pause. */
export function editVariant(role: VariantRole, id: string, text: string): void {
  const { project, drafts } = workspace.get()
  if (!project) return
  workspace.change({ drafts: new Map(drafts).set(draftKey(project.folder, id), text) })
  clearTimeout(pending.get(role)?.timer)
  pending.set(role, { timer: setTimeout(() => void chooseVariant(role, id), pauseMs), id })
}

/** Before another project takes the place of this one; the drafts stay. */
export function dropPendingEdits(): void {
  for (const { timer } of pending.values()) clearTimeout(timer)
  pending.clear()
}

/** Asks now about what was typed last, on either side. */
export async function settleEdits(): Promise<void> {
  await Promise.all([...pending].map(([role, { id }]) => chooseVariant(role, id)))
}

/** Back to the text that the folder, or the derivation, gives. */
export async function revertVariant(role: VariantRole, id: string): Promise<void> {
  const { project, drafts } = workspace.get()
  if (!project) return
  const kept = new Map(drafts)
  kept.delete(draftKey(project.folder, id))
  workspace.change({ drafts: kept })
  await chooseVariant(role, id)
}

/** Gives the text to the user as a file; the browser or the shell asks where it goes. */
export function saveVariant({ text, name }: VariantView): void {
  saveAs(`Dockerfile.${name}`, new Blob([text], { type: 'text/plain' }))
}

/** What a build is told of one side. */
export const choiceOf = ({ id, text, isEdited }: VariantView): { id: string; text?: string } =>
  isEdited ? { id, text } : { id }

/** What a build is told of an offer, with the user's own text for it. */
export function choiceFor(folder: string, id: string): { id: string; text?: string } {
  const text = workspace.get().drafts.get(draftKey(folder, id))
  return text === undefined ? { id } : { id, text }
}

/** After a folder was read again: the user's choices, where they are still offered. */
export async function keepChoices(previous: ProjectView | undefined): Promise<void> {
  const { project, drafts } = workspace.get()
  if (!project) return
  for (const role of roles) {
    const isSame = previous?.folder === project.folder
    const id = isSame ? previous.variants[role].id : project.variants[role].id
    const isOffered = project.offers.some((offer) => offer.id === id)
    const isOther = id !== project.variants[role].id || drafts.has(draftKey(project.folder, id))
    if (isOffered && isOther) await chooseVariant(role, id)
  }
}

/** The newest text of a side: the user's own, which may not be answered yet, else what was given. */
export function newestText({ project, drafts }: Workspace, { id, text }: VariantView): string {
  return drafts.get(draftKey(project?.folder ?? '', id)) ?? text
}

const draftKey = (folder: string, id: string): string => `${folder}\n${id}`
const asked: Record<VariantRole, number> = { before: 0, after: 0 }

async function ask(role: VariantRole, id: string, text: string | undefined): Promise<void> {
  const number = ++asked[role]
  const { folder } = workspace.get().project!
  const reply = await api.request('variant.view', {
    path: folder,
    role,
    choice: text === undefined ? { id } : { id, text },
  })
  const { project } = workspace.get()
  if (project?.folder !== folder || number !== asked[role]) return
  if (!reply.ok) return workspace.change({ variantFailure: reply.failure })
  const variants = { ...project.variants, [role]: reply.value }
  workspace.change({ project: { ...project, variants }, variantFailure: undefined })
}
