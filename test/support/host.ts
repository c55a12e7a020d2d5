import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')

export interface Started {
  readonly child: ChildProcess
  /** What it printed so far, on both streams. */
  readonly printed: () => string
  /** Exit code and signal. */
  readonly ended: Promise<readonly [code: number | null, signal: string | null]>
}

/** Starts a program in the project's folder. */
export function startProgram(program: string, args: readonly string[]): Started {
  const child = spawn(program, args, { cwd: root, env: { ...process.env, INIT_CWD: root } })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += chunk))
  const ended = once(child, 'exit') as Promise<[number | null, string | null]>
  return { child, printed: () => text, ended }
}

export interface WebHost extends Started {
  /** The value of a request's reply. Throws with the failure. */
  ask<T>(name: string, input: object): Promise<T>
}

/** Starts the web host as `npm start` does, without a browser. */
export async function startHost(): Promise<WebHost> {
  const started = startProgram(process.execPath, ['out/main/web.js'])
  let url: RegExpExecArray | null = null
  while (url === null) {
    await Promise.race([once(started.child.stdout!, 'data'), started.ended])
    if (started.child.exitCode !== null) throw new Error(started.printed())
    url = /(http:\S+)\/#token=(\S+)/.exec(started.printed())
  }
  const [, origin, token] = url
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' }
  return {
    ...started,
    async ask(name, input) {
      const reply = await fetch(`${origin}/api/${name}`, { method: 'POST', headers, body: JSON.stringify(input) })
      if (reply.headers.get('Content-Type') !== 'application/json') return (await reply.text()) as never
      const { ok, value, failure } = (await reply.json()) as { ok: boolean; value: never; failure: unknown }
      if (!ok) throw new Error(`${name}: ${JSON.stringify(failure)}`)
      return value
    },
  }
}
