// The module 'electron' for the main process, as far as Cutaway uses it. Anything else throws.
import { EventEmitter } from 'node:events'
import { app, windows } from './app.mjs'
import { ipcHandlers, preventable, protocolHandlers, recorded, WebContents } from './web-contents.mjs'

let chromium

export class BrowserWindow extends EventEmitter {
  #bounds
  #isGone = false
  #isMinimized = false

  constructor({ x = 0, y = 0, width = 800, height = 600, webPreferences = {} }) {
    super()
    this.#bounds = { x, y, width, height }
    this.webContents = new WebContents(chromium.connection, webPreferences)
    this.webContents.once('did-finish-load', () => this.emit('ready-to-show'))
    this.webContents.once('target-gone', () => this.#gone())
    windows.add(this)
  }

  static getAllWindows() {
    return [...windows]
  }

  loadURL(url) {
    return this.webContents.loadURL(url)
  }

  show() {
    recorded.push(['window.show'])
  }

  focus() {
    recorded.push(['window.focus'])
  }

  isMinimized() {
    return this.#isMinimized
  }

  restore() {
    this.#isMinimized = false
  }

  isDestroyed() {
    return this.#isGone
  }

  getNormalBounds() {
    return { ...this.#bounds }
  }

  setBounds(bounds) {
    Object.assign(this.#bounds, bounds)
  }

  close() {
    if (this.#isGone) return
    const event = preventable({})
    this.emit('close', event)
    if (event.defaultPrevented) return
    const { targetId } = this.webContents
    this.#gone()
    chromium.connection.send('Target.closeTarget', { targetId }).catch(() => undefined)
  }

  #gone() {
    if (this.#isGone) return
    this.#isGone = true
    this.webContents.gone()
    windows.delete(this)
    this.emit('closed')
    if (windows.size === 0) app.emit('window-all-closed')
  }
}

export const ipcMain = { handle: (channel, handler) => ipcHandlers.set(channel, handler) }

export const protocol = {
  registerSchemesAsPrivileged: (schemes) => {
    if (app.isReady()) throw new Error('registerSchemesAsPrivileged must be called before the app is ready')
    recorded.push(['protocol.registerSchemesAsPrivileged', schemes])
  },
  handle: (scheme, handler) => protocolHandlers.set(scheme, handler),
}

export const session = {
  defaultSession: {
    setPermissionRequestHandler: (handler) => recorded.push(['session.setPermissionRequestHandler', handler]),
    setPermissionCheckHandler: (handler) => recorded.push(['session.setPermissionCheckHandler', handler]),
  },
}

export const dialog = {
  showOpenDialog: async (...args) => {
    recorded.push(['dialog.showOpenDialog', args.at(-1)])
    return { canceled: true, filePaths: [] }
  },
}

export const shell = { openExternal: async (url) => void recorded.push(['shell.openExternal', url]) }

export class Menu {
  items = []
  static #applicationMenu = null

  static buildFromTemplate(template) {
    const menu = new Menu()
    menu.items = template.map((item) => ({
      ...item,
      submenu: Array.isArray(item.submenu) ? Menu.buildFromTemplate(item.submenu) : undefined,
    }))
    return menu
  }

  static setApplicationMenu(menu) {
    Menu.#applicationMenu = menu
  }

  static getApplicationMenu() {
    return Menu.#applicationMenu
  }

  getMenuItemById(id) {
    for (const item of this.items) {
      const found = item.id === id ? item : item.submenu?.getMenuItemById(id)
      if (found) return found
    }
    return null
  }
}

const workArea = { x: 0, y: 0, width: 1920, height: 1040 }
export const screen = { getAllDisplays: () => [{ id: 1, bounds: { ...workArea, height: 1080 }, workArea }] }

export { app }

const modelled = { app, BrowserWindow, dialog, ipcMain, Menu, protocol, recorded, screen, session, shell }

/** For CommonJS, and for tests through Playwright's evaluate. */
export const electronModule = new Proxy(modelled, {
  get(target, name) {
    if (name in target || typeof name === 'symbol' || name === 'then' || name === '__esModule') return target[name]
    throw new Error(`electron stand-in: ${String(name)} is not modelled`)
  },
})

export function start(launched) {
  chromium = launched
  chromium.child.on('exit', () => app.exit(1))
}

export const becomeReady = () => app.becomeReady()
