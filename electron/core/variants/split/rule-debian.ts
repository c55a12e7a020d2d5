import { joinPath, type ShellCommand } from '../../dockerfile/stage-state'
import { gemFolder } from './gem-folder'
import { librariesOf, systemPackages } from './packages'
import { type CopiedPath, noExtras, type SplitRule } from './plan'
import type { SingleStage } from './single-stage'
import { baseName, plainSlim } from './slim-base'

/** Where a command that is known writes: inside the project, or these folders. */
interface KnownCommand {
  readonly matches: (words: readonly string[]) => boolean
  readonly writes: (command: ShellCommand, single: SingleStage) => readonly CopiedPath[]
}

const name = (words: readonly string[]): string => words[0]!.split('/').at(-1)!
const is =
  (pattern: RegExp) =>
  (words: readonly string[]): boolean =>
    pattern.test([name(words), ...words.slice(1)].join(' '))
const inProject = (): readonly CopiedPath[] => []
const gems: readonly CopiedPath[] = [
  { path: '/var/lib/gems', reason: 'The gems, where Debian’s Ruby has them.' },
  { path: '/usr/local/bin', reason: 'The programs that came with the packages.' },
]

const known: readonly KnownCommand[] = [
  { matches: is(/^(apt|apt-get|dpkg-reconfigure|update-ca-certificates|ldconfig)\b/), writes: inProject },
  { matches: is(/^(user|group)(add|mod)\b|^add(user|group)\b/), writes: inProject },
  {
    matches: is(
      /^(true|:|set|echo|printf|test|\[|export|mkdir|touch|chmod|chown|rm|cp|mv|ln|sed|find|ls|cat|if|fi|tar)( |$)/,
    ),
    writes: inProject,
  },
  { matches: is(/^(composer|npm|yarn|pnpm|npx)( |$)/), writes: inProject },
  { matches: is(/^(make|cmake|ninja|gcc|g\+\+|cc|c\+\+)\b(?!.*\binstall\b)/), writes: inProject },
  {
    matches: is(/^make\b.*\binstall\b/),
    writes: () => [{ path: '/usr/local', reason: 'What make install puts there.' }],
  },
  {
    matches: is(/^python[\d.]* -m venv /),
    writes: ({ words, workdir }) => [
      {
        path: joinPath(workdir, words.at(-1)!),
        reason: 'The virtual environment, at the same path: its scripts name it.',
      },
    ],
  },
  { matches: is(/^gem build\b/), writes: inProject },
  { matches: is(/^gem install\b/), writes: () => gems },
  {
    matches: is(/^bundle( |$)/),
    writes: (command, { commands, base }) => {
      const path = gemFolder(command, commands, base)
      return path === gems[0]!.path ? gems : [{ path, reason: 'The gems, where Bundler put them.' }]
    },
  },
]

const tools = ['composer', 'npm', 'yarn', 'yarnpkg', 'unzip', 'ruby-bundler', 'python3-venv', 'python3-pip']

/**
 * Anything on Debian or Ubuntu whose commands are all known: packages that only a build needs stay behind, the others are installed again,
 * and all that the commands write is copied. One command that is not known, and nothing is claimed.
 */
export const debianRule: SplitRule = (single) => {
  const { image } = baseName(single.base)
  if (image !== 'debian' && image !== 'ubuntu') return undefined
  const { runtime, build } = systemPackages(single)
  const starts = single.program?.words ?? []
  const left = runtime.filter((each) => tools.includes(each) && !needsTool(each, starts))
  if (build.length + left.length === 0) return undefined
  const unknown = single.commands.find(({ words }) => !known.some(({ matches }) => matches(words)))
  if (unknown)
    return {
      refusal: `line ${unknown.step.instruction.span.startLine} runs “${unknown.words.slice(0, 3).join(' ')}”, and where that writes cannot be told.`,
    }
  const stray = strayWrite(single)
  if (stray !== undefined)
    return {
      refusal: `line ${stray.step.instruction.span.startLine} changes files of the system (${stray.words.join(' ')}).`,
    }
  const written = single.commands.flatMap((command) =>
    known.find(({ matches }) => matches(command.words))!.writes(command, single),
  )
  const { libraries, doubts: libraryDoubts } = librariesOf(build, baseName(single.base).isAlpine)
  return {
    ...noExtras,
    language: languageOf(runtime),
    runtimeBase: plainSlim(single.base),
    baseReason: `Left behind: ${[...build, ...left].join(', ')}. No command of the build writes outside the folders that are copied.`,
    inserts: written.some(({ path }) => path === gems[0]!.path) ? [gemFolderInsert] : [],
    packages: [...runtime.filter((each) => !left.includes(each)), ...libraries],
    copies: [
      ...new Map(written.filter(({ path }) => !inside(path, single.workdir)).map((copy) => [copy.path, copy])).values(),
      { path: single.workdir, reason: 'The project’s own files, with what was installed into them.' },
    ],
    doubts: libraryDoubts,
  }
}

const gemFolderInsert = {
  before: undefined,
  lines: [`RUN mkdir -p ${gems[0]!.path}`],
  reason: 'The folder is there also when all gems come from the project itself.',
}

const inside = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(`${folder === '/' ? '' : folder}/`)

/** npm and Bundler may be what starts the program. */
const needsTool = (tool: string, words: readonly string[]): boolean =>
  words.some(
    (word) =>
      word === tool || (tool === 'ruby-bundler' && word === 'bundle') || (tool === 'yarnpkg' && word === 'yarn'),
  )

const languageOf = (packages: readonly string[]): string => {
  const has = (pattern: RegExp): boolean => packages.some((each) => pattern.test(each))
  if (has(/^php/)) return 'PHP'
  if (has(/^ruby/)) return 'Ruby'
  if (has(/^python/)) return 'Python of Debian'
  if (has(/^node/)) return 'Node.js of Debian'
  return 'Debian'
}

/** A command that writes or makes something of the system which no copy brings along. */
function strayWrite({ commands, workdir }: SingleStage): ShellCommand | undefined {
  const isOutside = (command: ShellCommand, path: string): boolean => {
    const target = joinPath(command.workdir, path)
    return !inside(target, workdir) && !/^\/(tmp|dev|var\/(cache|lib\/apt))\b/.test(target)
  }
  return commands.find((command) => {
    const { words } = command
    const redirected = words.flatMap((word, at) => {
      const into = /^\d*>>?(.*)$/.exec(word)?.[1]
      return into === undefined || into.startsWith('&') ? [] : [into === '' ? (words[at + 1] ?? '') : into]
    })
    if (redirected.some((path) => isOutside(command, path))) return true
    if (/^(mkdir|chown|chmod|touch)$/.test(words[0]!))
      return words.slice(1).some((word) => word.startsWith('/') && isOutside(command, word))
    if (!/^(mv|cp|ln|sed|tar)$/.test(words[0]!)) return false
    if (words[0] === 'sed' && !words.some((word) => word.startsWith('-i'))) return false
    return isOutside(command, words.at(-1)!)
  })
}
