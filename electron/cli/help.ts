import { type ArgumentSpec, type CommandSpec, commands } from './commands'
import { type FlagName, type FlagSpec, flagSpecs } from './flags'

/** What `cutaway --help` prints. */
export function generalHelp(): string {
  const rows = commands.map(({ name, summary }) => [name, summary] as const)
  return [
    'Usage: cutaway COMMAND [options]',
    '',
    'Commands:',
    ...columns(rows),
    '',
    'Options:',
    ...columns([
      ['-h, --help', 'print this help, or that of a command'],
      ['--version', 'print the version'],
    ]),
    '',
    'Run "cutaway COMMAND --help" for the arguments and options of a command.',
    '',
  ].join('\n')
}

/** What `cutaway COMMAND --help` prints. */
export function commandHelp(command: CommandSpec): string {
  const names: readonly FlagName[] = [...command.flags, 'help']
  const rows = names.map((name) => [flagForm(name), flagSpecs[name].text] as const)
  const first = command.summary[0]!.toUpperCase()
  const what = `${first}${command.summary.slice(1)}.`
  return [usageLine(command), '', what, '', 'Options:', ...columns(rows), ''].join('\n')
}

/** The first line of a command's help. */
export function usageLine({ name, arguments: expected }: CommandSpec): string {
  return `Usage: ${['cutaway', name, ...expected.map(argumentForm), '[options]'].join(' ')}`
}

const argumentForm = ({ name, choices }: ArgumentSpec): string => choices?.join(' | ') ?? name

function flagForm(name: FlagName): string {
  const { short, value }: FlagSpec = flagSpecs[name]
  return `${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`
}

const widest = 24

/** Names and their texts side by side; a name that is too wide has its text in the next line. */
function columns(rows: readonly (readonly [string, string])[]): string[] {
  const fitting = rows.map(([name]) => name.length).filter((length) => length <= widest)
  const width = Math.max(...fitting)
  return rows.map(([name, text]) =>
    name.length > width ? `  ${name}\n  ${' '.repeat(width)}  ${text}` : `  ${name.padEnd(width)}  ${text}`,
  )
}
