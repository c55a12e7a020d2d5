import { joinPath, programOf } from '../dockerfile/stage-state'
import { baseFacts } from './base-facts'
import type { Finding } from './finding'
import type { RuleId } from './rules'
import { landings, type ModelStage, type StagedModel } from './staged-model'

// Whether the program that the image runs can run on its base.

interface Binary {
  readonly stage: ModelStage
  readonly line: number
  /** Where the compiler writes it. */
  readonly path: string
  readonly isStatic: boolean
  readonly language: 'Go' | 'Rust' | 'C or C++'
}

/** A program that needs a C library, on a base that has none, or another one. */
export function libraryOfBinary(model: StagedModel): Finding[] {
  const target = baseFacts(model.final).libc
  if (target === undefined) return []
  return binaries(model).flatMap((binary): Finding[] => {
    const built = baseFacts(binary.stage).libc
    const isShipped = landings(model, binary.stage.stage.index, binary.path).length > 0
    if (!isShipped || binary.isStatic || built === undefined || built === target) return []
    const why = `exec ${binary.path}: no such file or directory. The file exists, but its loader doesn’t.`
    if (target === 'none')
      return [
        {
          rule: 'dynamic-program-without-libraries',
          severity: 'error',
          line: binary.line,
          what: 'The program is dynamically linked, but the final base image has no C library.',
          why,
          fix:
            binary.language === 'Go'
              ? 'Build a static program: RUN CGO_ENABLED=0 go build …'
              : 'Link with -static, or use gcr.io/distroless/cc-debian13 as the final base image.',
        },
      ]
    return [
      {
        rule: 'c-library-differs',
        severity: 'error',
        line: model.final.stage.from.span.startLine,
        what: `The program is linked against ${built}, but the final base image has ${target}.`,
        why,
        fix:
          built === 'musl'
            ? 'Build on Debian, link statically, or use alpine as the final base image.'
            : 'Build on alpine, link statically, or use Debian as the final base image.',
      },
    ]
  })
}

function binaries({ stages, reached, final }: StagedModel): Binary[] {
  return stages
    .filter(({ stage }) => reached.has(stage.index) && !final.chain.includes(stage.index))
    .flatMap((stage) => stage.commands.flatMap((command) => binaryOf(command, stage) ?? []))
}

function binaryOf(command: ModelStage['commands'][number], stage: ModelStage): Binary | undefined {
  const { words, env, step, workdir } = command
  const program = words[0]!.split('/').at(-1)!
  const at = words.indexOf('-o')
  const output = at > 0 ? words[at + 1] : undefined
  const made = (path: string, isStatic: boolean, language: Binary['language']): Binary => ({
    stage,
    line: step.instruction.span.startLine,
    path: joinPath(workdir, path),
    isStatic,
    language,
  })
  if (program === 'go' && words[1] === 'build' && output) {
    const cgo = env.CGO_ENABLED ?? step.env.CGO_ENABLED
    // Without a C compiler cgo is off by itself: the alpine image has none.
    const isStatic =
      cgo === '0' ||
      (cgo === undefined && /golang.*alpine/.test(stage.base ?? '')) ||
      words.some((word) => /-static\b/.test(word))
    return made(output, isStatic, 'Go')
  }
  if (/^(gcc|g\+\+|cc|c\+\+|clang(\+\+)?)$/.test(program) && !words.includes('-c') && !words.includes('-shared'))
    return made(output ?? 'a.out', words.includes('-static'), 'C or C++')
  return undefined
}

const interpreters: readonly (readonly [RegExp, string, string])[] = [
  [/^python[\d.]*$/, 'python', 'python3'],
  [/^(node|npm|npx|yarn)$/, 'node', 'nodejs'],
  [/^java$/, 'java', 'default-jre-headless'],
  [/^(ruby|bundle)$/, 'ruby', 'ruby'],
  [/^php$/, 'php', 'php-cli'],
  [/^perl$/, 'perl', 'perl'],
]

/** A command that starts with an interpreter which nothing brings. */
export function missingInterpreter(model: StagedModel): Finding[] {
  const { final } = model
  const facts = baseFacts(final)
  const program = programOf(final.stage)
  const word = program?.words[0]
  if (word === undefined || word.includes('/') || !facts.isSmall) return []
  const known = interpreters.find(([pattern]) => pattern.test(word))
  const isPerlOnDebian = word === 'perl' && facts.libc === 'glibc' && facts.hasShell === true
  if (known === undefined || facts.programs.includes(word) || isPerlOnDebian) return []
  const installs = final.commands.some(({ words }) =>
    words.some((each) => each.includes(known[1]) || each.includes(known[2]) || /(jre|jdk)/.test(each)),
  )
  const copies = final.copies.some(({ sources, destination }) =>
    [...sources, destination].some(
      (path) => path === '/' || /^\/(usr|usr\/local|opt(\/.*)?|usr\/(local\/)?bin(\/.*)?)$/.test(path),
    ),
  )
  if (installs || copies) return []
  return [
    {
      rule: 'interpreter-missing',
      severity: 'error',
      line: program!.instruction.span.startLine,
      what: `The command runs ${word}, which the base image ${final.base ?? 'scratch'} doesn’t include.`,
      why: `exec: "${word}": executable file not found in $PATH`,
      fix: facts.hasShell
        ? `RUN apt-get update && apt-get install -y --no-install-recommends ${known[2]}, or use a base image that includes it.`
        : 'Use a base image that includes it.',
    },
  ]
}

/** A script that is started by its path: its first line names a program that must be there, exactly as it stands. */
export function scriptInterpreter({ final, files }: StagedModel): Finding[] {
  const facts = baseFacts(final)
  const program = programOf(final.stage)
  const path = program && joinPath(final.workdir, program.words[0] ?? '')
  const copy = final.copies.find(
    ({ from, sources, destination, isFolder }) =>
      from === undefined &&
      sources.some((source) => (isFolder ? joinPath(destination, source.split('/').at(-1)!) : destination) === path),
  )
  const source = copy?.sources.find((each) => (copy.isFolder ? path?.endsWith(`/${each.split('/').at(-1)}`) : true))
  const text = source === undefined ? undefined : files.text(source)
  if (copy === undefined || text === undefined) return []
  const { startLine } = copy.instruction.span
  const [first = ''] = text.split('\n')
  const finding = (what: string, why: string, fix: string, rule: RuleId): Finding[] => [
    { rule, severity: 'error', line: startLine, what, why, fix },
  ]
  if (first.endsWith('\r') && first.startsWith('#!'))
    return finding(
      `${source} has CRLF line endings.`,
      `exec ${path}: no such file or directory. The interpreter’s name ends in a carriage return.`,
      'Save the script with LF line endings, and keep them with a .gitattributes file.',
      'script-with-carriage-returns',
    )
  if (!first.startsWith('#!'))
    return finding(
      `${source} has no #! line, so the kernel can’t run it.`,
      `exec ${path}: exec format error`,
      'Add #!/bin/sh as the first line.',
      'script-without-interpreter',
    )
  const wanted = first.slice(2).trim().split(/\s+/)
  const name = (wanted[0]!.endsWith('/env') ? wanted[1] : wanted[0]!.split('/').at(-1)) ?? ''
  const lacksBash =
    name === 'bash' && facts.libc === 'musl' && !final.commands.some(({ words }) => words.includes('bash'))
  const lacksShell = /^(ba|da)?sh$/.test(name) && facts.hasShell === false
  if (!lacksBash && !lacksShell) return []
  return finding(
    `${source} needs ${name}, which the base image ${final.base ?? 'scratch'} doesn’t include.`,
    `exec ${path}: no such file or directory`,
    lacksBash
      ? 'RUN apk add --no-cache bash, or change the first line to #!/bin/sh.'
      : 'Use a base image with a shell, or start the program directly with ENTRYPOINT.',
    'script-interpreter-missing',
  )
}

/** TZ without the files that say what it means: the program runs on UTC and does not say so. */
export function missingTimeZones({ final }: StagedModel): Finding[] {
  const step = final.steps.find(
    ({ instruction }) => instruction.keyword === 'ENV' && /^TZ[=\s]/.test(instruction.argumentText),
  )
  const copies = final.copies.some(({ sources, destination }) =>
    [destination, ...sources].some((path) => /zoneinfo|^\/$|^\/usr(\/share)?$/.test(path)),
  )
  if (step === undefined || final.base !== undefined || copies) return []
  return [
    {
      rule: 'time-zones-missing',
      severity: 'warning',
      line: step.instruction.span.startLine,
      what: 'TZ is set, but the image has no time zone files.',
      why: 'The program silently uses UTC.',
      fix: 'COPY --from=build /usr/share/zoneinfo /usr/share/zoneinfo',
    },
  ]
}
