/** What is wrong with a Dockerfile, told before it is built. */
export interface Finding {
  /** A short name that does not change: `shell-form-without-shell`; a number of hadolint or a build check where one means the same. */
  readonly rule: string
  /** An error keeps the image from running; a warning may; an info costs size, time or safety. */
  readonly severity: 'error' | 'warning' | 'info'
  /** First line of the instruction it is about. */
  readonly line: number
  readonly what: string
  /** What happens when it is built or run. */
  readonly why: string
  /** The line, or the change, that mends it. */
  readonly fix: string
  /** The same as a change of the text, where there is one that is safe. */
  readonly edit?: TextEdit | undefined
}

/** Replaces whole lines, 1-based and both included. */
export interface TextEdit {
  readonly startLine: number
  readonly endLine: number
  readonly text: string
}

/** The text with the edit made; its line ends stay. */
export function applyEdit(text: string, { startLine, endLine, text: replacement }: TextEdit): string {
  const lines = text.split('\n')
  const isCrlf = lines[startLine - 1]?.endsWith('\r') === true
  const added = replacement.split('\n').map((line) => (isCrlf ? `${line}\r` : line))
  return [...lines.slice(0, startLine - 1), ...added, ...lines.slice(endLine)].join('\n')
}
