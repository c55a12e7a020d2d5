import { spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { EngineError } from '../../core/failure'

/** Runs a program to its end without a shell. Throws with its own error lines, or else the last line it printed, when it fails. */
export function runCommand(program: string, args: readonly string[], signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    // In English, so that its words can be recognized.
    const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' }
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: environment,
      ...(signal ? { signal } : {}),
    })
    let tail = ''
    const keep = (chunk: Buffer): void => {
      tail = (tail + chunk.toString('utf8')).slice(-8000)
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    child.on('error', (error) => reject(signal?.aborted ? new EngineError({ code: 'cancelled' }) : error))
    child.on('close', (code) => {
      if (code === 0) resolve()
      else if (signal?.aborted) reject(new EngineError({ code: 'cancelled' }))
      else reject(new Error(`${program} ended with ${code}: ${lastWords(tail)}`))
    })
  })
}

/** apt marks its errors with "E:", dpkg with its name. */
function lastWords(text: string): string {
  const lines = text.trim().split('\n')
  const errors = lines.filter((line) => /^(E|dpkg: error): /.test(line))
  return errors.length === 0 ? (lines.at(-1) ?? '') : errors.join(' ')
}

/** The standard output of a program as a stream; its failure destroys the stream. */
export function commandOutput(program: string, args: readonly string[]): Readable {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'] })
  child.on('error', (error) => child.stdout.destroy(error))
  child.on('close', (code) => {
    if (code !== 0) child.stdout.destroy(new Error(`${program} ended with ${code}`))
  })
  return child.stdout
}
