import { type Glob, GlobRun, type GlobSyntax, parseGlob } from './glob'

/** Decides which paths of a build context are left out. Paths use `/` and are relative to the context. */
export interface IgnoreRules {
  readonly ignores: (path: string) => boolean
  /** Whether a `!` pattern may bring back something inside this ignored folder. */
  readonly mayKeepInside: (folder: string) => boolean
}

export interface IgnoreProblem {
  readonly line: number
  readonly problem: string
}

interface Rule {
  readonly isNegated: boolean
  readonly glob: Glob
}

/** Every path is matched against every wildcard pattern, character by character. Files that people write stay far below. */
const mostWildcardLength = 32 << 10

/**
 * Parses an ignore file as Docker does (https://docs.docker.com/build/concepts/context/#dockerignore-files): the last pattern that matches a
 * path or one of its parent folders decides. Matching takes time proportional to pattern and path, whatever the pattern.
 */
export function parseIgnoreRules(text: string, syntax: GlobSyntax = {}): IgnoreRules | IgnoreProblem {
  const rules: Rule[] = []
  let wildcardLength = 0
  for (const [index, line] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    if (line.startsWith('#')) continue
    const trimmed = line.trim()
    const isNegated = trimmed.startsWith('!')
    const pattern = cleanPattern(isNegated ? trimmed.slice(1).trim() : trimmed, syntax)
    if (pattern === '') continue
    const glob = parseGlob(pattern, syntax)
    if ('problem' in glob) return { line: index + 1, problem: glob.problem }
    if (glob.literal === undefined) wildcardLength += pattern.length
    if (wildcardLength > mostWildcardLength) return { line: index + 1, problem: tooManyWildcards }
    rules.push({ isNegated, glob })
  }
  const negated = rules.filter((rule) => rule.isNegated)
  return {
    ignores: (path) => rules.findLast(({ glob }) => matchesPathOrParent(glob, path))?.isNegated === false,
    mayKeepInside: (folder) => negated.some(({ glob }) => mayMatchInside(glob, folder)),
  }
}

const tooManyWildcards = `the patterns with wildcards are longer than ${mostWildcardLength >> 10} KiB in total`

/** `.` and `..` resolved, no slash at either end, as Go's filepath.Clean followed by Docker's own trimming. */
function cleanPattern(pattern: string, { isWindows = false }: GlobSyntax): string {
  if (pattern === '') return ''
  const slashes = isWindows ? pattern.replaceAll('\\', '/') : pattern
  const isRooted = slashes.startsWith('/')
  const parts: string[] = []
  for (const part of slashes.split('/')) {
    if (part === '' || part === '.') continue
    if (part !== '..') parts.push(part)
    else if (parts.length > 0 && parts.at(-1) !== '..') parts.pop()
    else if (!isRooted) parts.push(part)
  }
  // Docker matches `.` and `/` against no path of a context.
  return parts.join('/')
}

function matchesPathOrParent(glob: Glob, path: string): boolean {
  if (glob.literal !== undefined) return isSameOrInside(path, glob.literal)
  const [first] = glob.tokens
  if (first?.kind === 'char' && !path.startsWith(first.char)) return false
  const run = new GlobRun(glob)
  for (const char of path) {
    if (char === '/' && run.isMatch) return true
    run.step(char)
    if (run.isDead) return false
  }
  return run.isMatch
}

function mayMatchInside(glob: Glob, folder: string): boolean {
  if (glob.literal !== undefined) return isSameOrInside(glob.literal, folder) || isSameOrInside(folder, glob.literal)
  const run = new GlobRun(glob)
  for (const char of `${folder}/`) {
    if (char === '/' && run.isMatch) return true
    run.step(char)
  }
  return !run.isDead
}

const isSameOrInside = (path: string, folder: string): boolean =>
  path.startsWith(folder) && (path.length === folder.length || path[folder.length] === '/')
