import { execFile } from 'node:child_process'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')

export interface Finished {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** Runs the built command line to its end. */
export function cutaway(args: readonly string[], environment: Record<string, string> = {}): Promise<Finished> {
  return new Promise((resolve) => {
    const options = { cwd: root, env: { ...process.env, INIT_CWD: root, ...environment }, maxBuffer: 64 << 20 }
    const child = execFile(process.execPath, ['out/main/cli.js', ...args], options, (_error, out, err) =>
      resolve({ code: child.exitCode ?? -1, out, err }),
    )
  })
}
