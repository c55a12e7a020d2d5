import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import dockerignore, { type Ignore } from '@balena/dockerignore'

/** Decides which paths of a context travel to the engine. */
export interface IgnoreRules {
  readonly file: string | undefined
  /** Whether a later `!` rule may bring back something below an ignored folder. */
  readonly hasNegations: boolean
  ignores(path: string): boolean
}

/** Reads `<Dockerfile>.dockerignore`, else `.dockerignore`; with neither nothing is ignored. */
export async function readIgnoreRules(contextFolder: string, dockerfile: string): Promise<IgnoreRules> {
  for (const file of [`${dockerfile}.dockerignore`, '.dockerignore']) {
    const text = await readFile(join(contextFolder, file), 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined
      throw error
    })
    if (text === undefined) continue
    const rules: Ignore = dockerignore({ ignorecase: false }).add(text)
    const kept = new Set([dockerfile, file])
    return {
      file,
      hasNegations: /^\s*!/m.test(text),
      ignores: (path) => !kept.has(path) && rules.ignores(path),
    }
  }
  return { file: undefined, hasNegations: false, ignores: () => false }
}
