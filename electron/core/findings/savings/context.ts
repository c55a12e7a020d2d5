import type { Instruction } from '../../dockerfile/parse'
import type { ShellCommand } from '../../dockerfile/stage-state'
import type { ProjectFiles } from '../../variants/split/project-files'
import type { Finding, TextEdit } from '../finding'
import type { ModelCopy, ModelStage, StagedModel } from '../staged-model'

// What is sent to the builder, and in which order it comes in.

const takesAll = ({ from, sources }: ModelCopy): boolean =>
  from === undefined && sources.some((source) => source === '' || source === '.')

interface Manifest {
  readonly installs: (command: ShellCommand) => boolean
  /** Those of them that the project has are copied first. */
  readonly files: readonly string[]
  readonly needed: string
}

const is =
  (program: RegExp, ...next: readonly string[]) =>
  ({ words }: ShellCommand): boolean =>
    program.test(words[0]!) && next.every((word, at) => words[at + 1] === word)
const asks =
  (program: RegExp, pattern: RegExp) =>
  ({ words }: ShellCommand): boolean =>
    program.test(words[0]!) && pattern.test(words.slice(1).join(' '))

const manifests: readonly Manifest[] = [
  {
    installs: asks(/^npm$/, /^(ci|install|i)\b/),
    files: ['package.json', 'package-lock.json', '.npmrc'],
    needed: 'package.json',
  },
  {
    installs: asks(/^yarn$/, /^($|install\b|--)/),
    files: ['package.json', 'yarn.lock', '.yarnrc.yml'],
    needed: 'package.json',
  },
  { installs: asks(/^pnpm$/, /^(install|i)\b/), files: ['package.json', 'pnpm-lock.yaml'], needed: 'package.json' },
  {
    installs: asks(/^pip3?$/, /^install\b.*-r ?requirements\.txt/),
    files: ['requirements.txt'],
    needed: 'requirements.txt',
  },
  { installs: is(/^go$/, 'mod', 'download'), files: ['go.mod', 'go.sum'], needed: 'go.mod' },
  { installs: is(/^bundle$/, 'install'), files: ['Gemfile', 'Gemfile.lock'], needed: 'Gemfile' },
]

/** The whole project is copied before its packages are installed: every edit installs them again. */
export function copiedBeforeInstall({ stages, reached, files }: StagedModel): Finding[] {
  return stages
    .filter(({ stage }) => reached.has(stage.index))
    .flatMap((stage) => {
      const copy = stage.copies.find(takesAll)
      if (copy === undefined) return []
      return stage.commands.flatMap((command): Finding[] => {
        const run = command.step.instruction
        const manifest = manifests.find(({ installs, needed }) => installs(command) && files.names.includes(needed))
        const isAfter = run.span.startLine > copy.instruction.span.startLine
        if (manifest === undefined || !isAfter || hasOwnCopy(stage, copy, manifest)) return []
        const names = manifest.files.filter((name) => files.names.includes(name))
        return [
          {
            rule: 'copied-before-install',
            severity: 'info',
            line: copy.instruction.span.startLine,
            what: `The whole project is copied before line ${run.span.startLine} installs its dependencies.`,
            why: 'Editing any file reinstalls all dependencies. With the manifests copied first, the installed dependencies stay in the build cache.',
            fix: `COPY ${names.join(' ')} ./ before the RUN, and the rest of the project after it`,
            edit: manifestsFirst(stage, copy.instruction, run, names),
          },
        ]
      })
    })
}

const hasOwnCopy = ({ copies }: ModelStage, all: ModelCopy, { needed }: Manifest): boolean =>
  copies.some(
    ({ instruction, sources }) =>
      instruction.span.startLine < all.instruction.span.startLine &&
      sources.some((source) => source === needed || source.startsWith(needed.replace(/\..*/, '*'))),
  )

/** Only where the install comes right after the copy, does nothing else, and runs no script of the project. */
function manifestsFirst(
  { commands, stage }: ModelStage,
  copy: Instruction,
  run: Instruction,
  names: readonly string[],
): TextEdit | undefined {
  const isAlone = commands.filter(({ step }) => step.instruction === run).length === 1
  const at = stage.instructions.indexOf(copy)
  if (
    !isAlone ||
    stage.instructions[at + 1] !== run ||
    run.span.startLine !== copy.span.endLine + 1 ||
    copy.flags.length > 0
  )
    return undefined
  const destination = /^\.\/?\s+(\S+)$/.exec(copy.argumentText)?.[1]
  if (destination === undefined) return undefined
  const folder = destination.endsWith('/') ? destination : `${destination}/`
  const text = [`COPY ${names.join(' ')} ${folder}`, run.text, copy.text].join('\n')
  return { startLine: copy.span.startLine, endLine: run.span.endLine, text }
}

/** A context that is copied whole, with what nobody wants in an image. */
export function unfilteredContext({ stages, reached, files }: StagedModel): Finding[] {
  const copy = stages
    .filter(({ stage }) => reached.has(stage.index))
    .flatMap(({ copies }) => copies)
    .find(takesAll)
  if (copy === undefined) return []
  const ignore = files.text('.dockerignore')
  const line = copy.instruction.span.startLine
  const unwanted = ['.git', 'node_modules', '.env', '.venv', '__pycache__', 'target', 'dist'].filter(
    (name) => files.names.includes(name) && !isIgnored(ignore, name),
  )
  const why =
    'All of it is sent to the engine and copied into a layer, and any change to it invalidates the build cache.'
  if (ignore === undefined || ignore.trim() === '')
    return [
      {
        rule: 'dockerignore-missing',
        severity: 'info',
        line,
        what: `The whole folder is copied, and ${ignore === undefined ? 'there is no .dockerignore' : '.dockerignore is empty'}.`,
        why,
        fix: `Add a .dockerignore with ${(unwanted.length > 0 ? unwanted : wishes(files)).join(', ')}`,
      },
    ]
  if (unwanted.length === 0) return []
  return [
    {
      rule: 'dockerignore-incomplete',
      severity: 'info',
      line,
      what: `The whole folder is copied, including ${unwanted.join(', ')}.`,
      why,
      fix: `Add ${unwanted.join(', ')} to .dockerignore`,
    },
  ]
}

const wishes = ({ names }: ProjectFiles): string[] => [
  '.git',
  ...(names.includes('package.json') ? ['node_modules'] : []),
  'Dockerfile*',
]

/** Only plain patterns are understood; one that is not is taken to mean the name. */
function isIgnored(ignore: string | undefined, name: string): boolean {
  const patterns = (ignore ?? '').split(/\r?\n/).map((line) => line.trim().replace(/^\/|\/$/g, ''))
  return patterns.some(
    (pattern) =>
      pattern === name ||
      pattern === `**/${name}` ||
      /^\*+$/.test(pattern) ||
      (pattern.includes('*') && name.startsWith(pattern.split('*')[0]!) && pattern[0] !== '*'),
  )
}

/** ADD where COPY means the same, and ADD of what a URL gives. */
export function addInstead({ stages, reached }: StagedModel): Finding[] {
  return stages
    .filter(({ stage }) => reached.has(stage.index))
    .flatMap(({ copies }) => copies)
    .filter(({ instruction }) => instruction.keyword === 'ADD')
    .flatMap(({ instruction, sources }): Finding[] => {
      const { startLine } = instruction.span
      const isRemote = sources.some((source) => /^(https?:|git:|ftp:|git@)/.test(source))
      if (isRemote)
        return [
          {
            rule: 'add-url',
            severity: 'info',
            line: startLine,
            what: 'ADD stores the download in its own layer.',
            why: 'If a later RUN unpacks it, the content is stored twice. Deleting the download later doesn’t shrink the image.',
            fix: 'Download and unpack in one RUN (curl -fsSL … | tar -x …), or in a build stage',
          },
        ]
      if (sources.some((source) => /\.(tar|tgz|tbz2?|txz|gz|bz2|xz|zst)(\.|$)|[*?[$]/.test(source))) return []
      return [
        {
          rule: 'DL3020',
          severity: 'info',
          line: startLine,
          what: 'ADD only copies files here. COPY does the same.',
          why: 'ADD can also unpack archives and download URLs, so readers have to check which of these it does.',
          fix: 'Use COPY.',
          edit: { ...instruction.span, text: instruction.text.replace(/^(\s*)ADD/i, '$1COPY') },
        },
      ]
    })
}
