import type { Page } from '../shared/page'
import type { Theme } from '../shared/workspace'

const next: Record<Theme, Theme> = { system: 'light', light: 'dark', dark: 'system' }

/** Shows the page in the theme that was chosen before. */
export function restoreTheme(page: Page): void {
  show(page, page.browser.savedTheme())
}

/** Goes from the system's theme to the light one, to the dark one, and round; the choice is kept. */
export function nextTheme(page: Page): void {
  const theme = next[page.workspace.get().theme]
  page.browser.saveTheme(theme)
  show(page, theme)
}

function show({ browser, workspace }: Page, theme: Theme): void {
  browser.applyTheme(theme)
  workspace.change({ theme })
}
