import type { VariantRole } from '../../electron/core/variants/variant'
import type { ProjectView, VariantView } from '../../electron/ipc/views'
import type { Page } from './page'
import type { Workspace } from './workspace'

// Which two variants are compared, and the user's own texts for them.

const roles: readonly VariantRole[] = ['before', 'after']
const pauseMs = 180

/** Takes another of the project's offers for one side, with the text that the user wrote for it before. */
export async function chooseVariant(page: Page, role: VariantRole, id: string): Promise<void> {
  // The draft is kept; asking about it later would take the choice back.
  clearTimeout(page.pendingEdits.get(role)?.timer)
  page.pendingEdits.delete(role)
  const { project, drafts } = page.workspace.get()
  if (project) await ask(page, role, { folder: project.folder, id, text: drafts.get(draftKey(project.folder, id)) })
}

/** Keeps what the user typed, and asks about it when they pause. */
export function editVariant(page: Page, role: VariantRole, { id, text }: Pick<VariantView, 'id' | 'text'>): void {
  const { project, drafts } = page.workspace.get()
  if (!project) return
  page.workspace.change({ drafts: new Map(drafts).set(draftKey(project.folder, id), text) })
  clearTimeout(page.pendingEdits.get(role)?.timer)
  page.pendingEdits.set(role, { timer: setTimeout(() => void chooseVariant(page, role, id), pauseMs), id })
}

/** Before another project takes the place of this one; the drafts stay. */
export function dropPendingEdits({ pendingEdits }: Page): void {
  for (const { timer } of pendingEdits.values()) clearTimeout(timer)
  pendingEdits.clear()
}

/** Asks now about what was typed last, on either side, and waits for what was asked before. */
export async function settleEdits(page: Page): Promise<void> {
  await Promise.all([...page.pendingEdits].map(([role, { id }]) => chooseVariant(page, role, id)))
  while (page.openChoices.size > 0) await Promise.all(page.openChoices)
}

/** Back to the text of the folder, or of the derivation. */
export async function revertVariant(page: Page, role: VariantRole, id: string): Promise<void> {
  const { project, drafts } = page.workspace.get()
  if (!project) return
  const kept = new Map(drafts)
  kept.delete(draftKey(project.folder, id))
  page.workspace.change({ drafts: kept })
  await chooseVariant(page, role, id)
}

/** Hands the text to the user as a file; the browser or the shell asks where it goes. */
export function saveVariant({ browser }: Page, { text, name }: Pick<VariantView, 'text' | 'name'>): void {
  browser.saveAs(`Dockerfile.${name}`, new Blob([text], { type: 'text/plain' }))
}

/** What a build is told of one side. */
export const choiceOf = ({ id, text, isEdited }: VariantView): { id: string; text?: string } =>
  isEdited ? { id, text } : { id }

/** What a build is told of an offer, with the user's own text for it. */
export function choiceFor({ workspace }: Page, folder: string, id: string): { id: string; text?: string } {
  const text = workspace.get().drafts.get(draftKey(folder, id))
  return text === undefined ? { id } : { id, text }
}

/** After a folder was read again: the user's choices, where they are still offered. */
export async function keepChoices(page: Page, previous: ProjectView | undefined): Promise<void> {
  const { project, drafts } = page.workspace.get()
  if (!project) return
  for (const role of roles) {
    const isSame = previous?.folder === project.folder
    const id = isSame ? previous.variants[role].id : project.variants[role].id
    const isOffered = project.offers.some((offer) => offer.id === id)
    const isOther = id !== project.variants[role].id || drafts.has(draftKey(project.folder, id))
    if (isOffered && isOther) await chooseVariant(page, role, id)
  }
}

/** The newest text of a side: the user's own, which may not be answered yet, else what was given. */
export function newestText({ project, drafts }: Workspace, { id, text }: VariantView): string {
  return drafts.get(draftKey(project?.folder ?? '', id)) ?? text
}

const draftKey = (folder: string, id: string): string => `${folder}\n${id}`

interface Question {
  readonly folder: string
  readonly id: string
  readonly text: string | undefined
}

/** Asks about one side; a build waits until the answer is in the state. */
async function ask(page: Page, role: VariantRole, question: Question): Promise<void> {
  const asked = takeAnswer(page, role, question)
  page.openChoices.add(asked)
  try {
    await asked
  } finally {
    page.openChoices.delete(asked)
  }
}

/** Only the answer to the newest question about a side counts. */
async function takeAnswer({ api, workspace, questions }: Page, role: VariantRole, question: Question): Promise<void> {
  const { folder, id, text } = question
  const choice = text === undefined ? { id } : { id, text }
  const reply = await questions[role].ask(api.request('variant.view', { path: folder, role, choice }))
  const { project } = workspace.get()
  if (reply === undefined || project?.folder !== folder) return
  if (!reply.ok) return workspace.change({ variantFailure: reply.failure })
  const variants = { ...project.variants, [role]: reply.value }
  workspace.change({ project: { ...project, variants }, variantFailure: undefined })
}
