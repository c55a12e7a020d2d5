import type { ReactElement } from 'react'
import { usePage, usePageState } from '../shared/use-page'
import type { Theme } from '../shared/workspace'
import { nextTheme } from './theme'

const symbol: Record<Theme, string> = { system: '◐', light: '☀', dark: '☾' }

/** Shows the theme; a press takes the next one. */
export function ThemeSwitch(): ReactElement {
  const page = usePage()
  const theme = usePageState((state) => state.workspace.theme)
  return (
    <button
      type="button"
      className="quiet"
      onClick={() => nextTheme(page)}
      title="Change colours"
      aria-label={`Colours: ${theme}`}
    >
      {symbol[theme]} {theme}
    </button>
  )
}
