import { type ReactElement, useState } from 'react'

type Theme = 'system' | 'light' | 'dark'
const next: Record<Theme, Theme> = { system: 'light', light: 'dark', dark: 'system' }
const symbol: Record<Theme, string> = { system: '◐', light: '☀', dark: '☾' }
const key = 'cutaway-theme'

function apply(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
}

const saved = localStorage.getItem(key)
const initial: Theme = saved === 'light' || saved === 'dark' ? saved : 'system'
apply(initial)

export function ThemeSwitch(): ReactElement {
  const [theme, setTheme] = useState(initial)
  const change = (): void => {
    localStorage.setItem(key, next[theme])
    apply(next[theme])
    setTheme(next[theme])
  }
  return (
    <button type="button" className="quiet" onClick={change} title="Change colours" aria-label={`Colours: ${theme}`}>
      {symbol[theme]} {theme}
    </button>
  )
}
