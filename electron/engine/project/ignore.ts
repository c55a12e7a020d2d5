import { posix } from 'node:path'
import { type IgnoreRules, parseIgnoreRules } from '../../core/context/ignore-rules'
import { EngineError } from '../../core/failure'
import { readTextInside } from './inside'

/**
 * The rules for what a build leaves out of its context: those of `<Dockerfile>.dockerignore` beside the Dockerfile, else of the context's
 * `.dockerignore`; with neither nothing is left out. Paths are relative to the project. Throws what readTextInside throws, and
 * dockerfile-invalid for a malformed pattern.
 */
export async function readIgnoreRules(project: string, context: string, dockerfile: string): Promise<IgnoreRules> {
  for (const file of [`${dockerfile}.dockerignore`, posix.join(context, '.dockerignore')]) {
    const text = await readTextInside(project, file)
    if (text === undefined) continue
    const rules = parseIgnoreRules(text, { isWindows: process.platform === 'win32' })
    if ('ignores' in rules) return rules
    throw new EngineError({ code: 'dockerfile-invalid', file, line: rules.line, problem: `${rules.problem}.` })
  }
  return { ignores: () => false, mayKeepInside: () => false }
}
