// webContents and the page behind it: navigation, custom protocols, IPC and the preload script.
import { EventEmitter } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const world = 'Electron Isolated Context'
const suffix = 'electron-stand-in.test'
const secret = `bridge${Math.random().toString(36).slice(2)}`
const bridge = readFileSync(join(import.meta.dirname, 'page-bridge.js'), 'utf8')

/** Protocol handlers by scheme. Chromium knows no custom ones, so app://bundle/ is https://bundle.app.<suffix>/ inside. */
export const protocolHandlers = new Map()
/** ipcMain.handle by channel. */
export const ipcHandlers = new Map()
/** What the app asked the system to do: [api, ...arguments]. */
export const recorded = []

const toReal = (url) =>
  url.replace(/^([a-z]+):\/\/([^/]+)/, (all, scheme, host) =>
    protocolHandlers.has(scheme) ? `https://${host}.${scheme}.${suffix}` : all,
  )
const fromReal = (url) =>
  url.replace(new RegExp(`^https://([^/]+)\\.([a-z]+)\\.${suffix.replaceAll('.', '\\.')}`), '$2://$1')

export const preventable = (fields) => {
  const event = { ...fields, defaultPrevented: false, preventDefault: () => (event.defaultPrevented = true) }
  return event
}

const encode = (value) =>
  JSON.stringify(value, (_key, part) =>
    part instanceof Uint8Array ? { bytes64: Buffer.from(part).toString('base64') } : part,
  )

export class WebContents extends EventEmitter {
  #url = ''
  #session
  #context
  #mainFrame
  #ownNavigations = new Set()
  #onPopUp = () => ({ action: 'allow' })
  #isGone = false

  constructor(connection, preferences) {
    super()
    if (!preferences.contextIsolation || !preferences.sandbox || preferences.nodeIntegration)
      throw new Error('electron stand-in: only sandboxed, isolated pages are modelled')
    const contents = this
    this.mainFrame = {
      get url() {
        return contents.#url
      },
    }
    this.opened = this.#open(connection, preferences)
  }

  async #open(connection, { preload }) {
    const { targetId } = await connection.send('Target.createTarget', { url: 'about:blank', newWindow: true })
    this.targetId = targetId
    const session = await connection.attach(targetId)
    this.#session = session
    session.on('detached', () => this.emit('target-gone'))
    session.on('Runtime.executionContextCreated', ({ context }) => {
      if (context.name === world) this.#context = context.id
    })
    session.on('Runtime.bindingCalled', (event) => this.#onInvoke(event))
    session.on('Debugger.paused', (event) => this.#onPaused(event))
    session.on('Fetch.requestPaused', (event) => this.#onRequest(event).catch(() => undefined))
    session.on('Page.frameNavigated', ({ frame }) => {
      if (!frame.parentId) this.#url = fromReal(frame.url)
    })
    session.on('Page.loadEventFired', () => this.#url !== 'about:blank' && this.emit('did-finish-load'))
    session.on('Page.windowOpen', ({ url }) => {
      const { action } = this.#onPopUp({ url: fromReal(url) })
      recorded.push(['window.open', fromReal(url), action])
    })
    const { frameTree } = await session.send('Page.getFrameTree')
    this.#mainFrame = frameTree.frame.id
    const script = readFileSync(preload, 'utf8')
    await Promise.all([
      ...['Page', 'Runtime', 'Debugger', 'DOM'].map((domain) => session.send(`${domain}.enable`)),
      session.send('Fetch.enable', {
        patterns: [{ urlPattern: `https://*.${suffix}/*` }, { resourceType: 'Document' }],
      }),
      session.send('Runtime.addBinding', { name: 'standInSend', executionContextName: world }),
      this.#inject(`bridgeWorlds('${secret}', 'page', 'preload')`),
      this.#inject(`if (location.href !== 'about:blank') runPreload('${secret}', (require) => {\n${script}\n})`, world),
    ])
  }

  #inject(call, worldName) {
    return this.#session.send('Page.addScriptToEvaluateOnNewDocument', {
      source: `(() => {${bridge};${call}})()`,
      worldName,
    })
  }

  async loadURL(url) {
    await this.opened
    const loaded = new Promise((resolve) => this.once('did-finish-load', resolve))
    this.#ownNavigations.add(toReal(url))
    const { errorText } = await this.#session.send('Page.navigate', { url: toReal(url) })
    if (errorText) throw new Error(`${errorText} loading ${url}`)
    await loaded
  }

  send(channel, ...args) {
    if (!this.#isGone) this.#tell({ channel, args })
  }

  setWindowOpenHandler(handler) {
    this.#onPopUp = handler
  }

  getURL() {
    return this.#url
  }

  gone() {
    this.#isGone = true
  }

  #tell(message) {
    const expression = `standInReceive(${JSON.stringify(encode(message))})`
    if (this.#context !== undefined) this.#session.post('Runtime.evaluate', { expression, contextId: this.#context })
  }

  async #onInvoke({ payload }) {
    const { id, channel, args } = JSON.parse(payload)
    try {
      const handler = ipcHandlers.get(channel)
      if (!handler) throw new Error(`No handler registered for '${channel}'`)
      this.#tell({ id, value: await handler({ sender: this, senderFrame: this.mainFrame }, ...args) })
    } catch (error) {
      this.#tell({ id, error: `Error invoking remote method '${channel}': ${error}` })
    }
  }

  async #onPaused({ callFrames: [frame] }) {
    const evaluate = (expression, returnByValue) =>
      this.#session.send('Debugger.evaluateOnCallFrame', { callFrameId: frame.callFrameId, expression, returnByValue })
    try {
      if (frame.functionName !== 'standInFilePath') return
      const { result } = await evaluate('_file', false)
      const { path } = await this.#session.send('DOM.getFileInfo', { objectId: result.objectId })
      await evaluate(`void (answer.path = ${JSON.stringify(path)})`, true)
    } finally {
      this.#session.post('Debugger.resume')
    }
  }

  async #onRequest({ requestId, request, resourceType, frameId }) {
    const url = fromReal(request.url)
    const isNavigation = resourceType === 'Document' && frameId === this.#mainFrame
    if (isNavigation && !this.#ownNavigations.delete(request.url)) {
      const event = preventable({ url })
      this.emit('will-navigate', event)
      if (event.defaultPrevented) return this.#session.send('Fetch.failRequest', { requestId, errorReason: 'Aborted' })
    }
    const handler = protocolHandlers.get(url.slice(0, url.indexOf(':')))
    if (!handler) return this.#session.send('Fetch.continueRequest', { requestId })
    const response = await handler(new Request(url, { method: request.method, headers: request.headers }))
    const headers = [...response.headers].map(([name, value]) => ({ name, value }))
    const body = Buffer.from(await response.arrayBuffer()).toString('base64')
    await this.#session.send('Fetch.fulfillRequest', {
      requestId,
      responseCode: response.status,
      responseHeaders: headers,
      body,
    })
  }
}
