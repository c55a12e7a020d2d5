// app: paths, life cycle, single instance.
import { execFileSync } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, unlinkSync, watch, writeFileSync } from 'node:fs'
import { url as inspectorUrl } from 'node:inspector'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { preventable, recorded } from './web-contents.mjs'

const { root, manifest } = globalThis.standIn
export const windows = new Set()

class App extends EventEmitter {
  name = manifest.productName ?? manifest.name
  isPackaged = false
  /** Chromium runs already; Playwright's switches are for a real Electron. */
  commandLine = { appendSwitch: () => undefined }
  #paths = new Map()
  #ready = deferred()
  #lock
  #isQuitting = false

  whenReady() {
    return this.#ready.promise
  }

  isReady() {
    return this.#ready.isSettled === true
  }

  /** Playwright holds the ready event back until it has attached, by replacing emit. */
  becomeReady() {
    this.#ready.isSettled = true
    this.#ready.resolve()
    this.emit('ready', {}, {})
  }

  getName() {
    return this.name
  }

  getVersion() {
    return manifest.version
  }

  getAppPath() {
    return root
  }

  getPath(name) {
    const userData = join(process.env.XDG_CONFIG_HOME ?? join(homedir(), '.config'), this.name)
    const path =
      this.#paths.get(name) ?? { userData, home: homedir(), temp: tmpdir(), logs: join(userData, 'logs') }[name]
    if (path === undefined) throw new Error(`Failed to get '${name}' path`)
    return path
  }

  setPath(name, path) {
    this.#paths.set(name, path)
  }

  enableSandbox() {
    recorded.push(['app.enableSandbox'])
  }

  quit() {
    if (this.#isQuitting) return
    this.#isQuitting = true
    if (this.#isPrevented('before-quit')) return
    for (const window of [...windows]) window.close()
    if (this.#isPrevented('will-quit')) return
    this.exit(0)
  }

  /** An app that prevents its end is asked again by the next quit. */
  #isPrevented(name) {
    const event = preventable({})
    this.emit(name, event)
    if (event.defaultPrevented) this.#isQuitting = false
    return event.defaultPrevented
  }

  exit(code = 0) {
    if (this.#lock) rmSync(this.#lock, { force: true })
    // With a debugger attached Node waits for it to leave, beside a worker thread for ever; a signal to itself waits too.
    if (inspectorUrl() !== undefined) {
      process.emit('exit', code)
      execFileSync('kill', ['-9', String(process.pid)])
    }
    process.exit(code)
  }

  /** A lock file holds the owner's process id; a second instance leaves its arguments in a message file. */
  requestSingleInstanceLock() {
    const folder = join(this.getPath('userData'), 'instance')
    mkdirSync(folder, { recursive: true })
    const lock = join(folder, 'lock')
    if (isOwned(lock)) {
      const message = join(folder, `${process.pid}`)
      writeFileSync(`${message}.part`, JSON.stringify({ argv: process.argv, directory: process.cwd() }))
      renameSync(`${message}.part`, `${message}.message`)
      return false
    }
    writeFileSync(lock, String(process.pid))
    this.#lock = lock
    watch(folder, () => this.#readMessages(folder)).unref()
    return true
  }

  #readMessages(folder) {
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.message'))) {
      const { argv, directory } = JSON.parse(readFileSync(join(folder, file), 'utf8'))
      unlinkSync(join(folder, file))
      this.emit('second-instance', {}, argv, directory)
    }
  }
}

function deferred() {
  const parts = {}
  parts.promise = new Promise((resolve) => {
    parts.resolve = resolve
  })
  return parts
}

function isOwned(lock) {
  try {
    const pid = Number(readFileSync(lock, 'utf8'))
    process.kill(pid, 0)
    return pid !== process.pid
  } catch {
    return false // no lock, or its owner is gone
  }
}

export const app = new App()
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => app.quit())
