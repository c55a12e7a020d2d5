import type { RuleId, Severity } from './rules'

/** A problem in a Dockerfile, found before it is built. */
export interface Finding {
  readonly rule: RuleId
  readonly severity: Severity
  /** First line of the instruction it is about. */
  readonly line: number
  /** The problem, in one sentence. */
  readonly what: string
  /** The consequence: what happens when it is built or run. */
  readonly why: string
  /** The line or change that fixes it. */
  readonly fix: string
  /** The fix as a text edit, where a safe one exists. */
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
