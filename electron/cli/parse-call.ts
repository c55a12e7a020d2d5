import { parseArgs } from 'node:util'
import { orList, UsageError } from './command'
import { type ArgumentSpec, type CommandSpec, commandNamed } from './commands'
import { type CommandFlags, type FlagName, type FlagSpec, flagSpecs } from './flags'
import { commandHelp, generalHelp } from './help'

/** What the words of a command line ask for. */
export type ParsedCall =
  | { readonly kind: 'help'; readonly text: string; readonly isAsked: boolean }
  | { readonly kind: 'version' }
  | ParsedCommand

/** A command with as many arguments as it expects, and no option that it does not take. */
export interface ParsedCommand {
  readonly kind: 'command'
  readonly command: CommandSpec
  readonly arguments: readonly string[]
  readonly flags: CommandFlags
}

/** Takes a command line apart. Throws UsageError, with the command it is about. */
export function parseCall(args: readonly string[]): ParsedCall {
  const { positionals, tokens } = parseArgs({
    args: [...args],
    options: flagSpecs,
    allowPositionals: true,
    strict: false,
    tokens: true,
  })
  const given = tokens.filter((token) => token.kind === 'option')
  const [name, ...rest] = positionals
  const isHelp = given.some((option) => option.name === 'help')
  if (name === undefined) {
    if (given.some((option) => option.name === 'version')) return { kind: 'version' }
    const [other] = given.filter((option) => option.name !== 'help')
    if (other !== undefined && !isHelp)
      throw new UsageError(isFlag(other.name) ? 'expected a command' : `unknown option ${other.rawName}`)
    return { kind: 'help', text: generalHelp(), isAsked: isHelp }
  }
  const command = commandNamed(name)
  if (command === undefined) throw new UsageError(`unknown command "${name}"`)
  if (isHelp) return { kind: 'help', text: commandHelp(command), isAsked: true }
  const flags: Record<string, boolean | string | string[] | undefined> = {}
  for (const flag of Object.keys(flagSpecs) as FlagName[]) if (flagSpecs[flag].type === 'boolean') flags[flag] = false
  for (const option of given) {
    if (!isFlag(option.name) || !command.flags.includes(option.name))
      throw new UsageError(`unknown option ${option.rawName}`, command.name)
    flags[option.name] = flagValue(command, option.name, option, flags[option.name])
  }
  for (const { name: flag } of given) checkNeeded(command, flag as FlagName, flags)
  checkArguments(command, rest)
  return { kind: 'command', command, arguments: rest, flags: flags as unknown as CommandFlags }
}

const isFlag = (name: string): name is FlagName => Object.hasOwn(flagSpecs, name)

interface GivenOption {
  readonly rawName: string
  readonly value: string | undefined
  readonly inlineValue: boolean | undefined
}

function flagValue(
  command: CommandSpec,
  name: FlagName,
  { rawName, value, inlineValue = false }: GivenOption,
  before: boolean | string | string[] | undefined,
): boolean | string | string[] {
  const spec: FlagSpec = flagSpecs[name]
  if (spec.type === 'boolean') {
    if (value !== undefined) throw new UsageError(`${rawName} takes no value`, command.name)
    return true
  }
  // A word that looks like the next option is a forgotten value; one that is meant is given as --name=-value.
  if (value === undefined || value === '' || (!inlineValue && /^-./.test(value)))
    throw new UsageError(`${rawName} needs a value, ${spec.value}`, command.name)
  if (spec.multiple) return [...(Array.isArray(before) ? before : []), value]
  if (before !== undefined) throw new UsageError(`${rawName} is given twice`, command.name)
  return value
}

function checkNeeded(command: CommandSpec, flag: FlagName, flags: Readonly<Record<string, unknown>>): void {
  const { needs }: FlagSpec = flagSpecs[flag]
  if (needs !== undefined && flags[needs] !== true)
    throw new UsageError(`--${flag} has no effect without --${needs}`, command.name)
}

function checkArguments(command: CommandSpec, given: readonly string[]): void {
  const expected = command.arguments
  if (given.length !== expected.length)
    throw new UsageError(`expected ${argumentCount(expected)}, got ${given.length || 'none'}`, command.name)
  for (const [at, { choices }] of expected.entries())
    if (choices && !choices.includes(given[at]!))
      throw new UsageError(`expected ${orList(choices)}, got "${given[at]}"`, command.name)
}

const counts = ['no arguments', 'one argument', 'two arguments']

function argumentCount(expected: readonly ArgumentSpec[]): string {
  const names = expected.map(({ name, choices }) => (choices ? orList(choices) : name))
  return `${counts[expected.length]}, ${names.join(' and ')}`
}
