/** Windows has no escapes, because its separator is the backslash. */
export interface GlobSyntax {
  readonly isWindows?: boolean
}

/** A pattern of an ignore file: Go's filepath.Match with `**` for any number of folders, as Docker reads it. */
export interface Glob {
  /** The one path that it matches, where it has no wildcards. */
  readonly literal: string | undefined
  readonly tokens: readonly Token[]
}

type Token =
  | { readonly kind: 'char'; readonly char: string }
  /** `?` */
  | { readonly kind: 'any' }
  /** `[a-z]` */
  | { readonly kind: 'class'; readonly isNegated: boolean; readonly ranges: readonly (readonly [string, string])[] }
  /** `*` */
  | { readonly kind: 'star' }
  /** `**` before something else: nothing, or any characters up to a slash. */
  | { readonly kind: 'folders' }
  /** `**` at the end. */
  | { readonly kind: 'rest' }

/** Takes a clean pattern apart; the problem says what is malformed. */
export function parseGlob(pattern: string, { isWindows = false }: GlobSyntax = {}): Glob | { problem: string } {
  const tokens: Token[] = []
  const chars = [...pattern]
  for (let at = 0; at < chars.length; at++) {
    const char = chars[at]!
    if (char === '*' && chars[at + 1] === '*') {
      at += chars[at + 2] === '/' ? 2 : 1
      tokens.push({ kind: at === chars.length - 1 ? 'rest' : 'folders' })
    } else if (char === '*') tokens.push({ kind: 'star' })
    else if (char === '?') tokens.push({ kind: 'any' })
    else if (char === '[') {
      const parsed = parseClass(chars, at + 1, isWindows)
      if (parsed === undefined)
        return { problem: `the pattern ${pattern} has a [ that isn’t closed, or an empty range` }
      tokens.push(parsed.token)
      at = parsed.end
    } else if (char === '\\' && !isWindows) {
      const escaped = chars[++at]
      if (escaped === undefined) return { problem: `the pattern ${pattern} ends with a backslash` }
      tokens.push({ kind: 'char', char: escaped })
    } else tokens.push({ kind: 'char', char })
  }
  const isLiteral = tokens.every(({ kind }) => kind === 'char')
  const literal = isLiteral ? tokens.map((token) => (token.kind === 'char' ? token.char : '')).join('') : undefined
  return { literal, tokens }
}

type ClassToken = Extract<Token, { kind: 'class' }>

/** The class that begins after a bracket, and where its closing bracket is. */
function parseClass(
  chars: readonly string[],
  start: number,
  isWindows: boolean,
): { token: ClassToken; end: number } | undefined {
  let at = start
  const isNegated = chars[at] === '^'
  if (isNegated) at++
  const ranges: (readonly [string, string])[] = []
  const take = (): string | undefined => {
    if (chars[at] === '\\' && !isWindows) at++
    return chars[at++]
  }
  while (at < chars.length && chars[at] !== ']') {
    const low = take()
    let high = low
    if (chars[at] === '-' && chars[at + 1] !== ']') {
      at++
      high = take()
    }
    if (low === undefined || high === undefined || codeOf(low) > codeOf(high)) return undefined
    ranges.push([low, high])
  }
  if (at >= chars.length || ranges.length === 0) return undefined
  return { token: { kind: 'class', isNegated, ranges }, end: at }
}

/**
 * Matches one path character by character, with all places of the pattern at which the match may be: no path is looked at twice. State
 * 2n is before token n, state 2n+1 inside a `**` at token n.
 */
export class GlobRun {
  readonly #tokens: readonly Token[]
  #states: number[] = []
  #next: number[] = []
  /** The step in which a state was added last, so that none is added twice. */
  readonly #addedAt: Int32Array
  #step = 0

  constructor({ tokens }: Glob) {
    this.#tokens = tokens
    this.#addedAt = new Int32Array(2 * tokens.length + 2).fill(-1)
    this.#add(0, this.#states)
  }

  /** Whether the pattern matches the characters so far. */
  get isMatch(): boolean {
    return this.#addedAt[2 * this.#tokens.length] === this.#step
  }

  /** Whether the pattern cannot match any more, whatever follows. */
  get isDead(): boolean {
    return this.#states.length === 0
  }

  step(char: string): void {
    const next = this.#next
    next.length = 0
    this.#step++
    for (const state of this.#states) {
      const at = state >> 1
      const token = this.#tokens[at]
      if (token === undefined) continue
      if (token.kind === 'star' || token.kind === 'rest') {
        if (token.kind === 'rest' || char !== '/') this.#add(state, next)
      } else if (token.kind === 'folders') {
        this.#add(2 * at + 1, next)
        if (char === '/') this.#add(2 * at + 2, next)
      } else if (accepts(token, char)) this.#add(2 * at + 2, next)
    }
    this.#next = this.#states
    this.#states = next
  }

  /** Adds a state, and those that it reaches without a character. */
  #add(state: number, states: number[]): void {
    for (let each = state; this.#addedAt[each] !== this.#step; ) {
      this.#addedAt[each] = this.#step
      states.push(each)
      const kind = each % 2 === 0 ? this.#tokens[each >> 1]?.kind : undefined
      if (kind !== 'star' && kind !== 'rest' && kind !== 'folders') return
      each += 2
    }
  }
}

function accepts(token: Exclude<Token, { kind: 'star' | 'folders' | 'rest' }>, char: string): boolean {
  if (token.kind === 'char') return token.char === char
  if (token.kind === 'any') return char !== '/'
  const code = codeOf(char)
  return token.ranges.some(([low, high]) => codeOf(low) <= code && code <= codeOf(high)) !== token.isNegated
}

const codeOf = (char: string): number => char.codePointAt(0)!
