import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { Socket } from 'node:net'
import { Duplex, type Readable, type Writable } from 'node:stream'
import { neutralFolder } from '../home-directory'
import type { EngineAddress } from './engine-address'
import { oneLine } from './unreachable'

type SshAddress = Extract<EngineAddress, { kind: 'ssh' }>

/** `ssh` ended without success; the message is its own last line. */
export class SshError extends Error {}

const connectTimeoutSeconds = 10
/** How long a connection without a request is kept for the next one. */
const idleMs = 5000
/** Standard error may still hold the reason when the process is gone. */
const lastWordsMs = 500
/** How long a program that was asked to end may take. */
const endMs = 2000

/**
 * The arguments of `ssh`. Known hosts, keys, agents and jump hosts are the user's own configuration; what would need an answer at a
 * terminal fails instead.
 */
export function sshArguments({ host, user, port, socket }: SshAddress): string[] {
  return [
    '-T',
    '-o',
    'BatchMode=yes',
    '-o',
    `ConnectTimeout=${connectTimeoutSeconds}`,
    ...(user === undefined ? [] : ['-l', user]),
    ...(port === undefined ? [] : ['-p', String(port)]),
    '--',
    host,
    'docker',
    ...(socket === undefined ? [] : ['--host', `unix://${socket}`]),
    'system',
    'dial-stdio',
  ]
}

/**
 * One connection to an engine on another machine: the standard streams of `ssh`. It has what Node's HTTP agent asks of a socket that it
 * keeps for later. Fails with SshError; the process ends with the connection.
 */
export class SshConnection extends Duplex {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>
  #words = ''
  #idleTimer: NodeJS.Timeout | undefined
  #lastWordsTimer: NodeJS.Timeout | undefined

  constructor(address: SshAddress) {
    super({ allowHalfOpen: true })
    // Its own session: Ctrl+C must reach Cutaway only, which may still have to cancel a build over this connection. Windows has none.
    const child = spawn('ssh', sshArguments(address), {
      stdio: ['pipe', 'pipe', 'pipe'],
      cwd: neutralFolder,
      detached: process.platform !== 'win32',
      windowsHide: true,
    })
    this.#child = child
    child.on('error', (error: NodeJS.ErrnoException) =>
      this.destroy(error.code === 'ENOENT' ? new SshError('the program ssh was not found') : error),
    )
    child.stdin.on('error', () => undefined) // it has ended; why is told by its exit
    child.stdout.on('error', (error) => this.destroy(error))
    child.stderr.on('error', () => undefined)
    child.stdout.on('data', (chunk: Buffer) => {
      if (!this.push(chunk)) child.stdout.pause()
    })
    child.stderr.on('data', (chunk: Buffer) => {
      this.#words = (this.#words + chunk.toString('utf8')).slice(-4096)
    })
    // A shared connection that stays in the background (ControlPersist) may hold standard error open, so "close" might never come.
    child.once('exit', (code, signal) => this.#endSoon(code, signal))
    child.once('close', (code, signal) => this.#ended(code, signal))
  }

  override _read(): void {
    this.#child.stdout.resume()
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    // When ssh has ended, its reason comes with "close"; EPIPE says nothing.
    this.#child.stdin.write(chunk, () => done())
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#child.stdin.end(() => done())
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    clearTimeout(this.#idleTimer)
    clearTimeout(this.#lastWordsTimer)
    this.#child.stdin.destroy()
    this.#child.stdout.destroy()
    this.#child.stderr.destroy()
    this.#end()
    done(error)
  }

  /** A program in the place of ssh may ignore SIGTERM, and must keep neither itself nor this process alive. */
  #end(): void {
    const child = this.#child
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill()
    child.unref()
    const timer = setTimeout(() => child.kill('SIGKILL'), endMs).unref()
    child.once('exit', () => clearTimeout(timer))
  }

  /** As long as the reader wants nothing, the pipe may still hold a part of the reply. */
  #endSoon(code: number | null, signal: NodeJS.Signals | null): void {
    if (this.destroyed) return
    this.#lastWordsTimer = setTimeout(() => {
      if (this.#child.stdout.isPaused()) this.#endSoon(code, signal)
      else this.#ended(code, signal)
    }, lastWordsMs)
  }

  #ended(code: number | null, signal: NodeJS.Signals | null): void {
    clearTimeout(this.#lastWordsTimer)
    if (this.destroyed) return
    if (code === 0) {
      this.push(null)
      return
    }
    const said = this.#words.split('\n').filter((line) => line.trim() !== '')
    const reason = said.at(-1) ?? `ssh ended with ${code === null ? signal : `status ${code}`}`
    this.destroy(new SshError(oneLine(reason).replace(/\.$/, '')))
  }

  /** In use again. */
  ref(): this {
    clearTimeout(this.#idleTimer)
    this.#child.ref()
    for (const stream of this.#streams()) stream.ref()
    return this
  }

  /** Not in use: it keeps no process alive, and ends after some seconds. */
  unref(): this {
    this.#child.unref()
    for (const stream of this.#streams()) stream.unref()
    this.#idleTimer = setTimeout(() => this.destroy(), idleMs).unref()
    return this
  }

  setKeepAlive(): this {
    return this
  }

  setNoDelay(): this {
    return this
  }

  setTimeout(): this {
    return this
  }

  /** Pipes are sockets, which can be told not to keep the process alive. */
  #streams(): readonly Socket[] {
    return [this.#child.stdin, this.#child.stdout, this.#child.stderr].filter((stream) => stream instanceof Socket)
  }
}
