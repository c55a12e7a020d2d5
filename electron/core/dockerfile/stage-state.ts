import type { Instruction } from './parse'
import type { Stage } from './stages'
import {
  argumentWords,
  assignments,
  execForm,
  expandVariables,
  splitWords,
  unquote,
  type Variables,
  variableValue,
} from './words'

/** An instruction and what holds when it runs, as far as the file says; the base image may add more. */
export interface StepWithState {
  readonly instruction: Instruction
  /** Absolute. */
  readonly workdir: string
  readonly env: Variables
  readonly user: string | undefined
}

/** One simple command of a RUN, without what the shell around it does. */
export interface ShellCommand {
  readonly step: StepWithState
  readonly words: readonly string[]
  /** `NAME=value` before the command. */
  readonly env: Variables
  /** Where it runs, `cd` before it included. */
  readonly workdir: string
}

/** PATH_MAX of Linux. */
const longestPath = 4096

const isUnresolved = (path: string): boolean => /^[^/]|\/\.{0,2}(\/|$)/.test(path)

/** Joins paths as the engine does: `..` and `.` are resolved, the result is absolute. A path that is too long to exist leads nowhere. */
export function joinPath(folder: string, path: string): string {
  if (folder.length + path.length > longestPath) return folder
  let joined = path.startsWith('/') ? '' : folder
  let more = path
  if (isUnresolved(joined)) {
    joined = ''
    more = `${folder}/${path}`
  }
  // A resolved folder isn't taken apart: a RUN may have thousands of commands, each in a long path.
  for (const part of more.split('/'))
    if (part === '..') joined = joined.slice(0, Math.max(0, joined.lastIndexOf('/')))
    else if (part !== '' && part !== '.') joined += `/${part}`
  return joined === '' ? '/' : joined
}

/** What holds at some point of a stage. */
export type StageState = Omit<StepWithState, 'instruction'>

/** The instructions of a stage with their state, and the state at its end; `begin` is what its base brings. */
export function stepsWithState(
  stage: Stage,
  begin: Partial<StageState> = {},
): { steps: readonly StepWithState[]; end: StageState } {
  const steps: StepWithState[] = []
  let state: StageState = { workdir: begin.workdir ?? '/', env: begin.env ?? {}, user: begin.user }
  for (const instruction of stage.instructions) {
    steps.push({ instruction, ...state })
    const { keyword, argumentText } = instruction
    const expanded = (text: string): string => unquote(expandVariables(text, state.env))
    if (keyword === 'WORKDIR') state = { ...state, workdir: joinPath(state.workdir, expanded(argumentText)) }
    else if (keyword === 'USER') state = { ...state, user: expanded(argumentText) }
    else if (keyword === 'ENV' || keyword === 'ARG') {
      const { args, globals } = stage.given
      const pairs = assignments(argumentText).flatMap(({ name, value }) => {
        const told = variableValue(args, name) ?? (value === undefined ? variableValue(globals, name) : undefined)
        const known = keyword === 'ARG' ? told : undefined
        const result = known ?? (value === undefined ? undefined : expanded(value))
        return result === undefined ? [] : [[name, result] as const]
      })
      state = { ...state, env: extended(state.env, Object.fromEntries(pairs)) }
    }
  }
  return { steps, end: state }
}

/** Inherits the variables instead of copying them, because every step keeps its own. */
function extended(variables: Variables, more: Variables): Variables {
  return Object.assign(Object.create(variables), more)
}

/** The simple commands of all RUN instructions, in order. */
export function shellCommands(steps: readonly StepWithState[]): ShellCommand[] {
  return steps.filter(({ instruction }) => instruction.keyword === 'RUN').flatMap(commandsOf)
}

function commandsOf(step: StepWithState): ShellCommand[] {
  const { argumentText, hasHeredoc } = step.instruction
  const vector = execForm(argumentText)
  const isShell = vector !== undefined && /(^|\/)(ba|da)?sh$/.test(vector[0] ?? '') && /^-\w*c$/.test(vector[1] ?? '')
  if (vector && !isShell) return [{ step, words: vector, env: {}, workdir: step.workdir }]
  const script = hasHeredoc ? heredocBody(step.instruction) : (vector?.[2] ?? argumentText)
  const found: ShellCommand[] = []
  let { workdir } = step
  let variables = step.env
  for (const text of splitCommands(script)) {
    const words = splitWords(text).map((word) => unquote(expandVariables(word, variables)))
    const env: Record<string, string> = {}
    while (/^[A-Za-z_]\w*=/.test(words[0] ?? '') || before.test(words[0] ?? '')) {
      const [name, value] = words.shift()!.split(/=(.*)/s)
      if (value !== undefined) env[name!] = value
    }
    // A loop's variable is taken for its first value: enough to follow a file that is copied.
    if (words[0] === 'for' && words[2] === 'in') variables = extended(variables, { [words[1]!]: words[3] })
    else if (words.length === 0) variables = extended(variables, env)
    else if (words[0] === 'cd') workdir = joinPath(workdir, words[1] ?? '/')
    else found.push({ step, words, env, workdir })
  }
  return found
}

/** Words that a shell puts before a command. */
const before = /^(env|sudo|exec|then|do|else|time|!|\(|\{)$/

/** The lines of here-documents, which are a script when nothing else stands in the RUN. */
function heredocBody({ text, argumentText }: Instruction): string {
  const names = [...argumentText.matchAll(/<<-?["']?(\w+)["']?/g)].map((match) => match[1]!)
  const lines = text.split('\n').slice(1)
  return lines.filter((line) => !names.includes(line.trim())).join('\n')
}

/** Splits at `&&`, `||`, `;`, `|` and line ends outside quotes. */
function splitCommands(text: string): string[] {
  const parts: string[] = []
  let part = ''
  let quote = ''
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!
    if (char === '\\' && quote !== "'") part += char + (text[++i] ?? '')
    else if (quote !== '') {
      part += char
      if (char === quote) quote = ''
    } else if (char === '"' || char === "'") {
      part += char
      quote = char
    } else if (/[;\n|]/.test(char) || text.startsWith('&&', i)) {
      parts.push(part)
      part = ''
      if (text[i + 1] === char) i++
    } else part += char
  }
  return [...parts, part].map((each) => each.trim()).filter((each) => each !== '')
}

/** What the image runs: the words of ENTRYPOINT and CMD together, and whether a shell takes them apart. */
export interface Program {
  readonly words: readonly string[]
  readonly isShellForm: boolean
  readonly instruction: Instruction
}

/** Undefined when the stage sets neither, so that the base image decides. */
export function programOf(stage: Stage): Program | undefined {
  const last = (keyword: string): Instruction | undefined =>
    stage.instructions.findLast((instruction) => instruction.keyword === keyword)
  const entrypoint = last('ENTRYPOINT')
  const command = last('CMD')
  const instruction = entrypoint ?? command
  if (instruction === undefined) return undefined
  const vector = execForm(instruction.argumentText)
  if (vector === undefined)
    return { words: argumentWords(instruction.argumentText.replace(/^exec\s+/, '')), isShellForm: true, instruction }
  const rest = entrypoint && command ? (execForm(command.argumentText) ?? []) : []
  return { words: [...vector, ...rest], isShellForm: false, instruction }
}
