import type { Instruction } from '../../dockerfile/parse'
import type { ShellCommand } from '../../dockerfile/stage-state'
import type { Finding, TextEdit } from '../finding'
import { lintRules, type RuleId } from '../rules'
import type { StagedModel } from '../staged-model'
import { appendCommand, insertAfter } from './edits'
import { hasCacheMount } from './shell-run'

// What package managers leave in the layer that ships.

interface CacheRule {
  readonly rule: RuleId
  /** Whether this command fills the cache. */
  readonly fills: (command: ShellCommand) => boolean
  /** A command of the same RUN that empties it again. */
  readonly empties: (command: ShellCommand) => boolean
  readonly mount: RegExp
  readonly what: string
  readonly fix: string
  readonly edit: (run: Instruction, escapeChar: string) => TextEdit | undefined
}

const starts =
  (...words: readonly string[]) =>
  ({ words: found }: ShellCommand): boolean =>
    words.every(
      (word, at) =>
        (at === 0 ? found[0]!.split('/').at(-1) : found.slice(1).find((each) => !each.startsWith('-'))) === word,
    )
const removes =
  (path: RegExp) =>
  ({ words }: ShellCommand): boolean =>
    words[0] === 'rm' && words.some((word) => path.test(word))
const cleans =
  (program: string) =>
  ({ words }: ShellCommand): boolean =>
    words[0] === program && words.includes('clean')
const then = (command: string) => (run: Instruction, escapeChar: string) => appendCommand(run, command, escapeChar)
const oneOf =
  (...tests: readonly ((command: ShellCommand) => boolean)[]) =>
  (command: ShellCommand): boolean =>
    tests.some((test) => test(command))
const flagged = (program: RegExp, flag: string) => (run: Instruction) => insertAfter(run, program, flag)
const never = (): boolean => false
const lacks =
  (test: (command: ShellCommand) => boolean, ...flags: readonly string[]) =>
  (command: ShellCommand): boolean =>
    test(command) && !command.words.some((word) => flags.includes(word.split('=')[0]!))

const apt = (verb: string) => oneOf(starts('apt-get', verb), starts('apt', verb))
const aptInstall = apt('install')
const pipInstall = oneOf(
  starts('pip', 'install'),
  starts('pip3', 'install'),
  ({ words }) => /^python[\d.]*$/.test(words[0]!) && words.slice(1, 4).join(' ') === '-m pip install',
)
const isSet = ({ env, step }: ShellCommand, name: string): boolean => (env[name] ?? step.env[name] ?? '') !== ''

const rules: readonly CacheRule[] = [
  {
    rule: 'DL3009',
    fills: apt('update'),
    empties: removes(/^\/var\/lib\/apt(\/lists)?(\/\*?)?$/),
    mount: /\/var\/lib\/apt/,
    what: 'The apt package lists stay in the image, about 20 MB on Debian.',
    fix: '&& rm -rf /var/lib/apt/lists/*',
    edit: then('rm -rf /var/lib/apt/lists/*'),
  },
  {
    rule: 'DL3015',
    fills: lacks(aptInstall, '--no-install-recommends'),
    empties: never,
    mount: /^$/,
    what: 'apt also installs recommended packages, often more than you asked for.',
    fix: 'apt-get install --no-install-recommends',
    edit: flagged(/\b(apt-get|apt)(\s+-\S+)*\s+install\b/g, '--no-install-recommends'),
  },
  {
    rule: 'DL3042',
    fills: (command) => lacks(pipInstall, '--no-cache-dir')(command) && !isSet(command, 'PIP_NO_CACHE_DIR'),
    empties: oneOf(starts('pip', 'cache'), removes(/\.cache/)),
    mount: /\.cache|pip/,
    what: 'pip keeps downloaded packages in its cache.',
    fix: 'pip install --no-cache-dir',
    edit: flagged(/\bpip3?\s+install\b/g, '--no-cache-dir'),
  },
  {
    rule: 'DL3019',
    fills: lacks(starts('apk', 'add'), '--no-cache'),
    empties: removes(/\/var\/cache\/apk/),
    mount: /apk/,
    what: 'apk keeps its package index in the image.',
    fix: 'apk add --no-cache',
    edit: flagged(/\bapk\s+add\b/g, '--no-cache'),
  },
  {
    rule: 'npm-cache-kept',
    fills: oneOf(starts('npm', 'ci'), starts('npm', 'install'), starts('npm', 'i')),
    empties: oneOf(starts('npm', 'cache'), removes(/\.npm/)),
    mount: /\.npm/,
    what: 'npm keeps downloaded packages in its cache, in addition to node_modules.',
    fix: '&& npm cache clean --force',
    edit: then('npm cache clean --force'),
  },
  {
    rule: 'DL3060',
    fills: oneOf(starts('yarn', 'install'), ({ words }) => words.length === 1 && words[0] === 'yarn'),
    empties: oneOf(starts('yarn', 'cache'), removes(/yarn/)),
    mount: /yarn/,
    what: 'yarn keeps downloaded packages in its cache.',
    fix: '&& yarn cache clean',
    edit: then('yarn cache clean'),
  },
  ...(['yum', 'dnf', 'microdnf', 'zypper'] as const).map(
    (program): CacheRule => ({
      rule: program === 'yum' ? 'DL3032' : program === 'zypper' ? 'DL3036' : 'DL3040',
      fills: starts(program, 'install'),
      empties: oneOf(cleans(program), removes(/\/var\/cache/)),
      mount: /\/var\/cache/,
      what: `${program} keeps package lists and downloaded packages in its cache.`,
      fix: `&& ${program} clean ${program === 'zypper' ? '--all' : 'all'}`,
      edit: then(`${program} clean ${program === 'zypper' ? '--all' : 'all'}`),
    }),
  ),
]

/** Caches and unasked packages that a RUN of the shipped stages leaves behind. */
export function packageCaches({ stages, final, escapeChar }: StagedModel): Finding[] {
  return final.chain.flatMap((index) => {
    const { commands } = stages[index]!
    const runs = new Set(commands.map(({ step }) => step.instruction))
    return [...runs].flatMap((run) => {
      const own = commands.filter(({ step }) => step.instruction === run)
      return rules
        .filter(({ fills, empties, mount }) => own.some(fills) && !own.some(empties) && !hasCacheMount(run, mount))
        .map(
          ({ rule, what, fix, edit }): Finding => ({
            rule,
            severity: 'info',
            line: run.span.startLine,
            what,
            why: lintRules[rule].consequence,
            fix,
            edit: edit(run, escapeChar),
          }),
        )
    })
  })
}
