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

/** Files that people write stay far below; what reads an instruction may take time for all others, too. */
const mostInstructions = 2000
const mostStages = 500
const mostLines = 20_000
const longestLine = 32 << 10
/** Linux takes no longer command. */
const longestInstruction = 128 << 10
const deepestVariable = 50

/**
 * Splits a Dockerfile into instructions; never throws. What is beyond the limits is not read, which is an error. Reference:
 * https://docs.docker.com/reference/dockerfile/
 */
export function parseDockerfile(text: string): Parsed<Dockerfile> {
  const { start, line } = readableStart(text)
  const { value, diagnostics } = parseWhole(start)
  const kept = value.instructions.slice(0, withinLimits(value.instructions))
  const { startLine } = value.instructions[kept.length]?.span ?? { startLine: line }
  if (kept.length === value.instructions.length && start === text) return { value, diagnostics }
  const isBefore = ({ span }: Diagnostic): boolean => span.startLine < startLine
  const tooLong = instructionError(tooLongProblem, { text: '', span: { startLine, endLine: startLine }, keyword: '' })
  return {
    value: { ...value, text, instructions: kept },
    diagnostics: [...diagnostics.filter(isBefore), tooLong],
  }
}

const tooLongProblem =
  `the file is too long: Cutaway reads ${mostInstructions} instructions, ${mostStages} stages, ${mostLines} lines, ` +
  `${longestLine >> 10} KiB in a line and ${longestInstruction >> 10} KiB in an instruction`

function withinLimits(instructions: readonly Instruction[]): number {
  let stages = 0
  const end = instructions.findIndex(({ keyword, text }, index) => {
    if (keyword === 'FROM') stages++
    return index >= mostInstructions || stages > mostStages || text.length > longestInstruction
  })
  return end < 0 ? instructions.length : end
}

/** The text up to the first line that is not read, and the number of that line. */
function readableStart(text: string): { start: string; line: number } {
  let begin = 0
  for (let line = 1; ; line++) {
    const found = text.indexOf('\n', begin)
    const end = found < 0 ? text.length : found
    if (line > mostLines || end - begin > longestLine) return { start: text.slice(0, begin), line }
    if (found < 0) return { start: text, line }
    begin = found + 1
  }
}

function parseWhole(text: string): Parsed<Dockerfile> {
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

/** How many braces of variables are open at once. */
function variableDepth(text: string): number {
  let depth = 0
  let deepest = 0
  for (let at = 0; at < text.length; at++)
    if (text.startsWith('${', at)) deepest = Math.max(deepest, ++depth)
    else if (text[at] === '}' && depth > 0) depth--
  return deepest
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
    else if (variableDepth(argumentText) > deepestVariable)
      problem(`variables are nested more than ${deepestVariable} deep`)
    else if (!sawFrom && keyword !== 'FROM' && keyword !== 'ARG') problem(`${keyword} comes before the first FROM`)
    if (keyword === 'FROM') sawFrom = true
  }
  if (!sawFrom && found.length === 0)
    found.push(
      instructionError('there is no FROM instruction', { text: '', span: { startLine: 1, endLine: 1 }, keyword: '' }),
    )
  return found
}
