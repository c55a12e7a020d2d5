// Headless Chromium over --remote-debugging-pipe (file descriptors 3 and 4), with flat sessions.
import { spawn } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** One attached target; emits the protocol's events by name. */
class Session extends EventEmitter {
  constructor(connection, id) {
    super()
    this.connection = connection
    this.id = id
  }

  send(method, params = {}) {
    return this.connection.send(method, params, this.id)
  }

  /** For messages whose failure means that the page is gone already. */
  post(method, params) {
    this.send(method, params).catch(() => undefined)
  }
}

class Connection extends EventEmitter {
  #lastId = 0
  #waiting = new Map()
  #sessions = new Map()
  #writer

  constructor(writer, reader) {
    super()
    this.#writer = writer
    let rest = Buffer.alloc(0)
    reader.on('data', (chunk) => {
      rest = Buffer.concat([rest, chunk])
      for (let end = rest.indexOf(0); end >= 0; end = rest.indexOf(0)) {
        this.#receive(JSON.parse(rest.subarray(0, end).toString()))
        rest = rest.subarray(end + 1)
      }
    })
  }

  send(method, params = {}, sessionId = undefined) {
    const id = ++this.#lastId
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject, method })
      this.#writer.write(`${JSON.stringify({ id, method, params, sessionId })}\0`)
    })
  }

  async attach(targetId) {
    const { sessionId } = await this.send('Target.attachToTarget', { targetId, flatten: true })
    const session = new Session(this, sessionId)
    this.#sessions.set(sessionId, session)
    return session
  }

  #receive({ id, method, params, error, result, sessionId }) {
    if (id !== undefined) {
      const waiting = this.#waiting.get(id)
      this.#waiting.delete(id)
      if (error) waiting?.reject(new Error(`${waiting.method}: ${error.message}`))
      else waiting?.resolve(result)
      return
    }
    if (method === 'Target.detachedFromTarget') this.#sessions.get(params.sessionId)?.emit('detached')
    const target = sessionId === undefined ? this : this.#sessions.get(sessionId)
    target?.emit(method, params)
  }
}

const places = [process.env.CUTAWAY_CHROMIUM, '/usr/bin/chromium-headless-shell', '/usr/bin/chromium']

export async function launchChromium({ flags, onDevTools }) {
  const binary = places.find((path) => path && existsSync(path))
  if (!binary) throw new Error('electron stand-in: no Chromium; install chromium-headless-shell')
  const profile = mkdtempSync(join(tmpdir(), 'electron-stand-in-'))
  const fixed = [
    '--headless=new',
    '--remote-debugging-pipe',
    `--user-data-dir=${profile}`,
    '--no-first-run',
    '--no-startup-window',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--disable-extensions',
    '--disable-dev-shm-usage',
    '--block-new-web-contents',
    '--force-color-profile=srgb',
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  ]
  const child = spawn(binary, [...fixed, ...flags], { stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'] })
  child.stderr.setEncoding('utf8').on('data', (text) => {
    for (const line of text.split('\n')) if (line.startsWith('DevTools listening on ')) onDevTools(line)
  })
  child.stdio[3].on('error', () => undefined) // Chromium is gone; its exit event says so
  const end = () => {
    child.kill('SIGKILL')
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
  }
  process.on('exit', end)
  const connection = new Connection(child.stdio[3], child.stdio[4])
  await connection.send('Browser.getVersion')
  return { connection, child }
}
