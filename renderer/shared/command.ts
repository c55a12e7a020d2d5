import { pressText } from './key-press'
import type { Page, PageState } from './page'

/** Something the user can ask for by name or by key: the palette, the list of keys and the keys themselves come from it. */
export interface Command {
  readonly id: string
  readonly label: string
  /** Key presses that run it everywhere; see pressOf. */
  readonly keys: readonly string[]
  /** Key presses that run it while map or table has the focus (WCAG 2.1.4: letters act nowhere else). */
  readonly explorerKeys: readonly string[]
  /** How its keys are shown, where their names alone do not say it. */
  readonly keyText: string | undefined
  /** Where it is listed: in the palette, in the list of keys, or in both. */
  readonly isInPalette: boolean
  readonly isInKeyList: boolean
  /** The Dockerfile editor has the same key, and keeps it while it has the focus. */
  readonly yieldsToEditor: boolean
  readonly isEnabled: (state: PageState) => boolean
  /** `press` is the key that asked for it; empty where it was asked for by name. */
  readonly run: (page: Page, press: string) => void
}

type Optional = 'keys' | 'explorerKeys' | 'keyText' | 'isInPalette' | 'isInKeyList' | 'yieldsToEditor'
type CommandInput = Omit<Command, Optional> & Partial<Pick<Command, Optional>>

/** A command of these parts. */
export const command = (input: CommandInput): Command => ({
  keys: [],
  explorerKeys: [],
  keyText: undefined,
  isInPalette: true,
  isInKeyList: true,
  yieldsToEditor: false,
  ...input,
})

/** The keys of a command as the page shows them: "Ctrl+F or /"; undefined where it has none. */
export function keysText({ keys, explorerKeys, keyText }: Command): string | undefined {
  const presses = [...keys, ...explorerKeys]
  if (presses.length === 0) return undefined
  return keyText ?? presses.map(pressText).join(' or ')
}

/** Several commands may share a key: the first that can run has it. False where none can. */
export function runFirst(page: Page, press: string, commands: readonly Command[]): boolean {
  const found = commands.find(({ isEnabled }) => isEnabled(page.state.get()))
  found?.run(page, press)
  return found !== undefined
}
