/** A place in a text document: lines are 1-based, `endLine` is included. */
export interface LineSpan {
  readonly startLine: number
  readonly endLine: number
}

/** A word of a text document: line and column are 1-based, the length is in UTF-16 units. */
export interface TextPlace {
  readonly line: number
  readonly column: number
  readonly length: number
}

export interface Diagnostic {
  readonly severity: 'error' | 'warning'
  readonly message: string
  /** The instruction. */
  readonly span: LineSpan
  /** The word in it that is wrong. */
  readonly place: TextPlace
}

/** What parsing a user's document gives: always a value, and what is odd about it. */
export interface Parsed<T> {
  readonly value: T
  readonly diagnostics: readonly Diagnostic[]
}

/** Makes a missing case of a union a compile error, and a loud one if it happens all the same. */
export function assertNever(value: never): never {
  throw new Error(`unexpected case: ${JSON.stringify(value)}`)
}
