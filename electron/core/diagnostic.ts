/** A place in a text document: lines are 1-based, `endLine` is included. */
export interface LineSpan {
  readonly startLine: number
  readonly endLine: number
}

export interface Diagnostic {
  readonly severity: 'error' | 'warning'
  readonly message: string
  readonly span: LineSpan
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
