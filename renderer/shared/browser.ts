import { saveAs } from './save-as'
import type { Theme } from './workspace'

/** What the page's actions need of the browser; a test gives its own. */
export interface Browser {
  /** Hands the user a file to keep. */
  saveAs(name: string, content: Blob): void
  /** Puts the focus on an element by its id: at once where it exists, else with the next frame, when it is about to be shown. */
  focus(id: string): void
  /** Puts the focus on the element after the one that has it, of these ids, and round. */
  focusNext(ids: readonly string[]): void
  isVisible(): boolean
  /** The theme that the user chose before. */
  savedTheme(): Theme
  saveTheme(theme: Theme): void
  /** Shows the page in this theme. */
  applyTheme(theme: Theme): void
}

const themeKey = 'cutaway-theme'

/** The browser that the page runs in. */
export const browser: Browser = {
  saveAs,
  focus: (id) => {
    const element = document.getElementById(id)
    if (element) element.focus()
    else requestAnimationFrame(() => document.getElementById(id)?.focus())
  },
  focusNext: (ids) => {
    const at = ids.findIndex((id) => document.getElementById(id)?.contains(document.activeElement))
    document.getElementById(ids[(at + 1) % ids.length]!)?.focus()
  },
  isVisible: () => document.visibilityState === 'visible',
  savedTheme: () => {
    const saved = localStorage.getItem(themeKey)
    return saved === 'light' || saved === 'dark' ? saved : 'system'
  },
  saveTheme: (theme) => localStorage.setItem(themeKey, theme),
  applyTheme: (theme) => {
    if (theme === 'system') delete document.documentElement.dataset.theme
    else document.documentElement.dataset.theme = theme
  },
}
