import { resolve } from 'node:path'
import { redactionNote, redactReport } from '../core/compare/redact-comparison'
import type { Variables } from '../core/dockerfile/words'
import { printableJson } from '../core/printable'
import { findSecrets } from '../core/surface/redact'
import type { CommandFlags } from './flags'

/** What the user asked for, taken apart. */
export interface CommandCall {
  /** The words after the command's name, as many as its specification names. */
  readonly arguments: readonly string[]
  readonly flags: CommandFlags
  /** The script of the worker thread that holds indexes. */
  readonly worker: URL
  /** Folder with what Cutaway ships beside its code. */
  readonly resources: string
  /** The page of reports, as it is built with the app. */
  readonly reportPage: string
  /** Aborts on Ctrl+C. */
  readonly signal: AbortSignal
  /** One line of progress, on standard error. */
  readonly print: (line: string) => void
}

export interface CommandResult {
  /** For standard output, or the file that --output names. */
  readonly output: string | Uint8Array
  /** The output is a document or a file's content, byte for byte; a terminal alone gets it escaped. */
  readonly isVerbatim?: boolean
  readonly exitCode: number
}

/** The call is not one that the usage allows. The message is a clause, without the command's name. */
export class UsageError extends Error {
  /** Undefined where no command is known. */
  readonly command: string | undefined

  constructor(problem: string, command?: string) {
    super(problem)
    this.name = 'UsageError'
    this.command = command
  }
}

/** Throws EngineError for whatever the user must know, UsageError for a wrong call. */
export type Command = (call: CommandCall) => Promise<CommandResult>

/** Paths count from where the user stands, also when npm has moved. */
export const fromHere = (path: string): string => resolve(process.env.INIT_CWD ?? '.', path)

export const asJson = (report: unknown): string => `${printableJson(JSON.stringify(report, undefined, 2))}\n`

/** A report as it is printed: without what looks like a secret in it, in `known` or in build arguments, unless the user asked for all. */
export function shareable<T extends object>(
  { flags, print }: CommandCall,
  report: T,
  { known, given = {} }: { readonly known?: unknown; readonly given?: Variables } = {},
): T {
  if (flags['include-secrets']) return report
  const shared = redactReport(report, findSecrets([report, known], given))
  printRedaction(shared.redactedValues, print)
  return shared
}

export function printRedaction(count: number | undefined, print: CommandCall['print']): void {
  if (count !== undefined) print(`${redactionNote(count)} To keep them, add --include-secrets.`)
}

/** `--build-arg NAME=VALUE` and its like, as often as given. Throws UsageError for one without a value. */
export function namedValues(
  { flags }: CommandCall,
  flag: 'build-arg' | 'build-context',
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    (flags[flag] ?? []).map((pair) => {
      const [name, value] = pair.split(/=(.*)/s)
      if (!name || value === undefined) throw new UsageError(`--${flag} needs NAME=VALUE, got "${pair}"`)
      return [name, value]
    }),
  )
}

/** `a, b or c`. */
export const orList = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
