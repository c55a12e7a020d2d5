import { type BrowserWindow, ipcMain, protocol } from 'electron'
import type { HostEvent } from './contract'
import type { Backend } from './handlers'
import { fileAt, type PageFiles, readPage } from './static-files'

export const appScheme = 'app'
export const appOrigin = `${appScheme}://bundle`

/** Must be called before the app is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: appScheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ])
}

/** Serves the built renderer as app://bundle/. */
export function serveRenderer(folder: string): void {
  let files: Promise<PageFiles> | undefined
  protocol.handle(appScheme, async (request) => {
    const { host, pathname } = new URL(request.url)
    files ??= readPage(folder)
    const { status, headers, body } = fileAt(await files, host === 'bundle' ? pathname : '/missing')
    return new Response(new Uint8Array(body), { status, headers: { ...headers } })
  })
}

/** Whether a page is ours: the bundle, or the development server that was named at start. */
export function isTrustedPage(url: string, developmentUrl: string | undefined): boolean {
  if (!URL.canParse(url)) return false
  const { protocol: scheme, host, origin } = new URL(url)
  if (scheme === `${appScheme}:` && host === 'bundle') return true
  return developmentUrl !== undefined && origin === new URL(developmentUrl).origin
}

/** Carries the contract over Electron IPC; only the main frame of our own page is answered. */
export function serveIpc(backend: Backend, developmentUrl: string | undefined): void {
  ipcMain.handle('cutaway:request', (event, name: unknown, input: unknown) => {
    const frame = event.senderFrame
    const isOurs = frame !== null && frame === event.sender.mainFrame && isTrustedPage(frame.url, developmentUrl)
    if (!isOurs) return { ok: false, failure: { code: 'bad-input', problem: 'the sender is not the app' } }
    return backend.handle(String(name), input)
  })
}

export function sendEvent(window: BrowserWindow | undefined, event: HostEvent): void {
  if (window && !window.isDestroyed()) window.webContents.send('cutaway:event', event)
}
