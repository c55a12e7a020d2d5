/** What keeps an image from running as its author means it, told before it is built. */
export interface Finding {
  /** A short name that does not change: `shell-form-without-shell`. */
  readonly rule: string
  readonly severity: 'error' | 'warning'
  /** First line of the instruction it is about. */
  readonly line: number
  readonly what: string
  /** What happens when it is run. */
  readonly why: string
  /** The line, or the change, that mends it. */
  readonly fix: string
}
