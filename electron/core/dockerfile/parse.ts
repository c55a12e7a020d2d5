import { DockerfileParser } from 'dockerfile-ast'
import type { Diagnostic, LineSpan, Parsed } from '../diagnostic'

export interface Flag {
  readonly name: string
  readonly value: string
}

export interface Instruction {
  /** Upper case: `RUN`, `COPY`. */
  readonly keyword: string
  readonly flags: readonly Flag[]
  /** The logical line after keyword and flags: continuations joined, comments and heredoc bodies dropped. */
  readonly argumentText: string
  readonly hasHeredoc: boolean
  /** The source as written, all its lines. */
  readonly text: string
  readonly span: LineSpan
}

export interface Dockerfile {
  readonly text: string
  readonly escapeChar: string
  readonly directives: readonly { readonly name: string; readonly value: string }[]
  readonly instructions: readonly Instruction[]
}

const keywords = new Set(
  (
    'ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER ' +
    'VOLUME WORKDIR'
  ).split(' '),
)

/** Splits a Dockerfile into instructions; never throws. Reference: https://docs.docker.com/reference/dockerfile/ */
export function parseDockerfile(text: string): Parsed<Dockerfile> {
  // For the builder a lone carriage return is a blank, for the parser the end of a line.
  const document = DockerfileParser.parse(text.replace(/\r(?!\n)/g, ' '))
  const escapeChar = document.getEscapeCharacter()
  const lines = text.split(/\r?\n/)
  const diagnostics: Diagnostic[] = []
  const instructions: Instruction[] = []
  for (const node of document.getInstructions()) {
    const range = node.getRange()
    const heredocs = (node as unknown as WithHeredocs).getHeredocs?.() ?? []
    const span = { startLine: range.start.line + 1, endLine: range.end.line + 1 }
    const headEnd = Math.min(range.end.line, ...heredocs.map((heredoc) => heredoc.getStartRange().start.line))
    const logical = joinLines(lines.slice(range.start.line, headEnd + 1), escapeChar)
    const { flags, rest } = takeFlags(logical.replace(/^\S+\s*/, ''))
    const keyword = node.getKeyword().toUpperCase()
    const source = lines.slice(range.start.line, range.end.line + 1).join('\n')
    instructions.push({ keyword, flags, argumentText: rest, hasHeredoc: heredocs.length > 0, text: source, span })
    for (const heredoc of heredocs)
      if (heredoc.getDelimiterRange() === null)
        diagnostics.push(
          instructionError(
            `the here-document <<${heredoc.getName()} is never closed`,
            instructions.at(-1)!,
            heredoc.getName() ?? undefined,
          ),
        )
  }
  diagnostics.push(...checkInstructions(instructions))
  const directives = document.getDirectives().map((node) => ({ name: node.getName(), value: node.getValue() ?? '' }))
  return { value: { text, escapeChar, directives, instructions }, diagnostics }
}

/** The value of the last flag of that name: `flagValue(copy, 'from')`. */
export function flagValue(instruction: Instruction, name: string): string | undefined {
  return instruction.flags.findLast((flag) => flag.name === name)?.value
}

interface WithHeredocs {
  getHeredocs?(): readonly {
    getName(): string | null
    getStartRange(): { start: { line: number } }
    getDelimiterRange(): unknown
  }[]
}

/** An error about an instruction: at `word` where it stands in it, else at its keyword. */
export function instructionError(message: string, { text, span, keyword }: InstructionText, word?: string): Diagnostic {
  const lines = text.split('\n')
  const at = word === undefined ? -1 : lines.findIndex((line) => line.includes(word))
  const place =
    at >= 0 && word !== undefined
      ? { line: span.startLine + at, column: lines[at]!.indexOf(word) + 1, length: word.length }
      : { line: span.startLine, column: /^\s*/.exec(text)![0].length + 1, length: Math.max(1, keyword.length) }
  return { severity: 'error', message, span, place }
}

type InstructionText = Pick<Instruction, 'text' | 'span' | 'keyword'>

function joinLines(lines: readonly string[], escapeChar: string): string {
  const continued = new RegExp(`\\${escapeChar}[ \\t]*$`)
  const kept = lines.filter((line, index) => index === 0 || (!/^\s*#/.test(line) && line.trim() !== ''))
  return kept
    .map((line) => line.replace(continued, ' '))
    .join('')
    .trim()
}

function takeFlags(text: string): { flags: Flag[]; rest: string } {
  const flags: Flag[] = []
  let rest = text
  for (let match = /^--([a-z][a-z-]*)(?:=(\S*))?(?:\s+|$)/.exec(rest); match; ) {
    flags.push({ name: match[1]!, value: match[2] ?? '' })
    rest = rest.slice(match[0].length)
    match = /^--([a-z][a-z-]*)(?:=(\S*))?(?:\s+|$)/.exec(rest)
  }
  return { flags, rest }
}

function checkInstructions(instructions: readonly Instruction[]): Diagnostic[] {
  const found: Diagnostic[] = []
  let sawFrom = false
  for (const instruction of instructions) {
    const { keyword, argumentText, hasHeredoc } = instruction
    const problem = (message: string, word?: string): void => {
      found.push(instructionError(message, instruction, word))
    }
    if (!keywords.has(keyword)) problem(`unknown instruction ${keyword}`)
    else if (argumentText === '' && !hasHeredoc) problem(`${keyword} needs an argument`)
    else if (keyword === 'FROM' && !/^\S+(\s+as\s+\S+)?$/i.test(argumentText))
      problem('FROM takes one image and, at most, “AS name”', argumentText)
    else if (!sawFrom && keyword !== 'FROM' && keyword !== 'ARG') problem(`${keyword} comes before the first FROM`)
    if (keyword === 'FROM') sawFrom = true
  }
  if (!sawFrom && found.length === 0)
    found.push(
      instructionError('there is no FROM instruction', { text: '', span: { startLine: 1, endLine: 1 }, keyword: '' }),
    )
  return found
}
