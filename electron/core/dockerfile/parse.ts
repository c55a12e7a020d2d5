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
  const document = DockerfileParser.parse(text)
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
        diagnostics.push(error(`the here-document <<${heredoc.getName()} is never closed`, span))
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

const error = (message: string, span: LineSpan): Diagnostic => ({ severity: 'error', message, span })

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
  for (const { keyword, argumentText, hasHeredoc, span } of instructions) {
    if (!keywords.has(keyword)) found.push(error(`unknown instruction ${keyword}`, span))
    else if (argumentText === '' && !hasHeredoc) found.push(error(`${keyword} needs an argument`, span))
    else if (keyword === 'FROM' && !/^\S+(\s+as\s+\S+)?$/i.test(argumentText))
      found.push(error('FROM takes one image and, at most, “AS name”', span))
    else if (!sawFrom && keyword !== 'FROM' && keyword !== 'ARG')
      found.push(error(`${keyword} comes before the first FROM`, span))
    if (keyword === 'FROM') sawFrom = true
  }
  if (!sawFrom && found.length === 0) found.push(error('there is no FROM instruction', { startLine: 1, endLine: 1 }))
  return found
}
