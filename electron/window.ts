import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { app, BrowserWindow, type Rectangle, screen, shell } from 'electron'
import { isTrustedPage } from './ipc/electron-host'

export interface WindowOptions {
  readonly preload: string
  readonly url: string
  readonly developmentUrl: string | undefined
}

/** The one window, where it was last time if that place is still on a screen. */
export function createWindow({ preload, url, developmentUrl }: WindowOptions): BrowserWindow {
  const window = new BrowserWindow({
    width: 1440,
    height: 900,
    minWidth: 1100,
    minHeight: 700,
    ...savedBounds(),
    show: false,
    title: 'Cutaway',
    backgroundColor: '#0f1420',
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
    },
  })
  window.once('ready-to-show', () => window.show())
  window.on('close', () => saveBounds(window))
  const { webContents } = window
  webContents.on('will-navigate', (event) => {
    if (!isTrustedPage(event.url, developmentUrl)) event.preventDefault()
  })
  webContents.on('will-attach-webview', (event) => event.preventDefault())
  webContents.setWindowOpenHandler(({ url: target }) => {
    if (URL.canParse(target) && new URL(target).protocol === 'https:') void shell.openExternal(target)
    return { action: 'deny' }
  })
  void window.loadURL(url)
  return window
}

const statePath = (): string => join(app.getPath('userData'), 'window.json')

function saveBounds(window: BrowserWindow): void {
  mkdirSync(dirname(statePath()), { recursive: true })
  writeFileSync(statePath(), JSON.stringify(window.getNormalBounds()))
}

function savedBounds(): Partial<Rectangle> {
  try {
    const { x, y, width, height } = JSON.parse(readFileSync(statePath(), 'utf8')) as Rectangle
    const isVisible = screen.getAllDisplays().some(({ workArea }) => {
      const overlapX = x < workArea.x + workArea.width && x + width > workArea.x
      return overlapX && y < workArea.y + workArea.height && y + height > workArea.y
    })
    return isVisible ? { x, y, width, height } : { width, height }
  } catch {
    return {} // first start, or a damaged file: the default size
  }
}
