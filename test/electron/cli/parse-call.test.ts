import { describe, expect, test } from 'vitest'
import { UsageError } from '../../../electron/cli/command'
import { commands } from '../../../electron/cli/commands'
import { flagSpecs } from '../../../electron/cli/flags'
import { type ParsedCommand, parseCall } from '../../../electron/cli/parse-call'

/** A call that must be one of a command. */
function command(...args: string[]): ParsedCommand {
  const parsed = parseCall(args)
  if (parsed.kind !== 'command') throw new Error(parsed.kind)
  return parsed
}

/** What is wrong with a call, and the command it is about. */
function problem(...args: string[]): readonly [string, string | undefined] {
  try {
    parseCall(args)
  } catch (error) {
    if (error instanceof UsageError) return [error.message, error.command]
    throw error
  }
  throw new Error('it is a call')
}

describe('a call', () => {
  test('has arguments and options in any order; those that are not given are false or undefined', () => {
    const { command: spec, arguments: given, flags } = command('--json', 'compare', '-o', 'x', '--after=-a', 'shop')
    expect([spec.name, given]).toEqual(['compare', ['shop']])
    expect(flags).toMatchObject({ json: true, output: 'x', after: '-a', markdown: false, run: false })
    expect(flags.before).toBeUndefined()
  })

  test('has an option that may be repeated as often as it is given', () => {
    expect(command('ladder', 'shop', '--variant', 'a', '--variant', 'b').flags.variant).toEqual(['a', 'b'])
  })

  test('has whatever follows -- as an argument', () => {
    expect(command('read', '--', '-image', '/etc/passwd').arguments).toEqual(['-image', '/etc/passwd'])
  })

  test.each([
    [['cache', 'show'], 'cache'],
    [['engine', 'status'], 'engine'],
  ])('%j is complete', (args, name) => {
    expect(command(...args).command.name).toBe(name)
  })
})

describe('a wrong call', () => {
  test.each([
    [['inspect'], 'expected one argument, IMAGE, got none', 'inspect'],
    [['inspect', 'a', 'b'], 'expected one argument, IMAGE, got 2', 'inspect'],
    [['read', 'a'], 'expected two arguments, IMAGE and PATH, got 1', 'read'],
    [['cache'], 'expected one argument, show or clear, got none', 'cache'],
    [['cache', 'empty'], 'expected show or clear, got "empty"', 'cache'],
    [['engine', 'restart'], 'expected start, stop or status, got "restart"', 'engine'],
    [['graph', 'shop', '--scan'], 'unknown option --scan', 'graph'],
    [['graph', 'shop', '--port', '3'], 'unknown option --port', 'graph'],
    [['graph', 'shop', '--constructor'], 'unknown option --constructor', 'graph'],
    [['compare', 'shop', '-x'], 'unknown option -x', 'compare'],
    [['compare', 'shop', '--version'], 'unknown option --version', 'compare'],
    [['compare', 'shop', '--after'], '--after needs a value, ID', 'compare'],
    [['compare', 'shop', '--after='], '--after needs a value, ID', 'compare'],
    [['compare', 'shop', '--after', '--json'], '--after needs a value, ID', 'compare'],
    [['compare', 'shop', '--after', 'a', '--after', 'b'], '--after is given twice', 'compare'],
    [['compare', 'shop', '--json=yes'], '--json takes no value', 'compare'],
    [['compare', 'shop', '--port', '80'], '--port has no effect without --run', 'compare'],
    [['compare', 'shop', '--runs', '3'], '--runs has no effect without --matrix', 'compare'],
    [['comparison', 'shop'], 'unknown command "comparison"', undefined],
    [['--json'], 'expected a command', undefined],
    [['--colour'], 'unknown option --colour', undefined],
  ])('%j', (args, message, name) => {
    expect(problem(...args)).toEqual([message, name])
  })
})

describe('help', () => {
  const text = (...args: string[]): string => {
    const parsed = parseCall(args)
    return parsed.kind === 'help' ? parsed.text : parsed.kind
  }

  test('of everything lists each command with its summary', () => {
    for (const { name, summary } of commands) expect(text('--help')).toContain(`  ${name.padEnd(8)}  ${summary}\n`)
    expect(parseCall(['-h'])).toMatchObject({ kind: 'help', isAsked: true })
    expect(parseCall([])).toEqual({ kind: 'help', isAsked: false, text: text('--help') })
  })

  test('of a command has its arguments and its options, and those of no other one', () => {
    expect(text('cache', '--help')).toBe(
      'Usage: cutaway cache show | clear [options]\n\nShow or remove the index cache.\n\nOptions:\n  -h, --help  print this help\n',
    )
    for (const { name, flags } of commands) {
      const shown = [...text(name, '--help').matchAll(/^ {2}(?:-\w, )?--([\w-]+)/gm)].map(([, flag]) => flag)
      expect(shown).toEqual([...flags, 'help'])
    }
  })

  test('comes before whatever else is wrong with a call', () => {
    expect(text('graph', '--help', '--scan')).toMatch(/^Usage: cutaway graph FOLDER \[options\]\n/)
  })

  test('has every option in some command', () => {
    const used = new Set<string>(commands.flatMap(({ flags }) => flags))
    expect(Object.keys(flagSpecs).filter((flag) => !used.has(flag))).toEqual(['help'])
  })
})

test('the version is asked for without a command', () => {
  expect(parseCall(['--version'])).toEqual({ kind: 'version' })
})
