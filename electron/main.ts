import { join } from 'node:path'
import { app, type BrowserWindow, dialog, session } from 'electron'
import { endWithStarter } from './end-on-signal'
import { setWatchdogScript, watchdogFlag } from './engine/life/watchdog'
import { RemoteImageStore } from './engine/store/remote-store'
import { appOrigin, registerAppScheme, sendEvent, serveIpc, serveRenderer } from './ipc/electron-host'
import { createBackend } from './ipc/handlers'
import { setMenu } from './menu'
import { startPath } from './start-path'
import { createWindow } from './window'

// Its place for settings can be chosen while the app is not packaged, so that tests do not share one.
if (!app.isPackaged && process.env.CUTAWAY_USER_DATA) app.setPath('userData', process.env.CUTAWAY_USER_DATA)

const developmentUrl = app.isPackaged ? undefined : process.env.ELECTRON_RENDERER_URL
const resources = app.isPackaged ? process.resourcesPath : join(import.meta.dirname, '../../resources')
const invokedFrom = process.env.INIT_CWD ?? process.cwd()
let window: BrowserWindow | undefined
let ending: Promise<void> | undefined

setWatchdogScript(new URL('./watchdog.js', import.meta.url))
registerAppScheme()
app.enableSandbox()

const backend = createBackend({
  host: 'electron',
  version: app.getVersion(),
  initialPath: startPath(process.argv, app.isPackaged, invokedFrom),
  resources,
  reportPage: join(import.meta.dirname, '../report/report.html'),
  store: new RemoteImageStore(new URL('./worker.js', import.meta.url)),
  emit: (event) => sendEvent(window, event),
  choosePath,
  log: (text) => console.error(text),
})

const dialogs = {
  folder: { title: 'Open project folder', properties: ['openDirectory' as const] },
  file: {
    title: 'Open saved image or comparison',
    properties: ['openFile' as const],
    filters: [
      { name: 'Saved images and comparisons', extensions: ['tar', 'cutaway', 'html'] },
      { name: 'All files', extensions: ['*'] },
    ],
  },
}

async function choosePath(what: 'folder' | 'file'): Promise<string | undefined> {
  const options = dialogs[what]
  const { canceled, filePaths } = window
    ? await dialog.showOpenDialog(window, options)
    : await dialog.showOpenDialog(options)
  return canceled ? undefined : filePaths[0]
}

function openWindow(): void {
  const preload = join(import.meta.dirname, '../preload/preload.cjs')
  window = createWindow({ preload, url: developmentUrl ?? `${appOrigin}/index.html`, developmentUrl })
  window.on('closed', () => {
    window = undefined
  })
}

function openPath(path: string | undefined): void {
  if (window?.isMinimized()) window.restore()
  window?.focus()
  if (path !== undefined) sendEvent(window, { kind: 'open', path })
}

/** Ends builds and runs after the last window has closed, so that no window is left that does not answer. */
function endWork(): Promise<void> {
  ending ??= backend.dispose().catch((error) => console.error(error))
  return ending
}

/** Nobody knows what else is broken, so the app ends its work and itself. */
function crash(error: unknown): void {
  console.error(error)
  void endWork().finally(() => app.exit(70))
}

if (process.argv.includes(watchdogFlag)) {
  app.dock?.hide()
  await import('./watchdog')
} else if (!app.requestSingleInstanceLock()) app.quit()
else {
  process.on('uncaughtException', crash)
  // Such as a page that is closed while it loads. Nothing else is broken, so the app goes on.
  process.on('unhandledRejection', (reason) => console.error(reason))
  endWithStarter(() => app.quit())
  app.on('second-instance', (_event, argv, directory) => openPath(startPath(argv, app.isPackaged, directory)))
  app.on('open-file', (event, path) => {
    event.preventDefault()
    openPath(path)
  })
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })
  app.on('will-quit', (event) => {
    event.preventDefault()
    void endWork().finally(() => app.exit(0))
  })
  app.whenReady().then(() => {
    session.defaultSession.setPermissionRequestHandler((_contents, _permission, decide) => decide(false))
    session.defaultSession.setPermissionCheckHandler(() => false)
    serveRenderer(join(import.meta.dirname, '../renderer'))
    serveIpc(backend, developmentUrl)
    setMenu({
      openFolder: () => void choosePath('folder').then(openPath),
      openFile: () => void choosePath('file').then(openPath),
    })
    app.on('activate', () => {
      if (window === undefined) openWindow()
    })
    openWindow()
  })
}
