import { flagValue, type Instruction } from '../../dockerfile/parse'
import { joinPath, type ShellCommand } from '../../dockerfile/stage-state'
import type { Finding, TextEdit } from '../finding'
import type { ModelCopy, ModelStage, StagedModel } from '../staged-model'
import { joinRuns } from './edits'

// Bytes that are stored and not seen: what one layer writes, a later one hides or stores again.

/** `apt-get update` in a RUN of its own: cached for ever, so a later install asks for packages that are gone. */
export function lonelyUpdate({ stages, reached, escapeChar }: StagedModel): Finding[] {
  return eachRun(stages, reached).flatMap(({ run, own, next }): Finding[] => {
    const isUpdate = own.some(({ words }) => /^apt(-get)?$/.test(words[0]!) && words.includes('update'))
    const installs = own.some(({ words }) => /^apt(-get)?$/.test(words[0]!) && !words.includes('update'))
    if (!isUpdate || installs) return []
    return [
      {
        rule: 'apt-update-alone',
        severity: 'info',
        line: run.span.startLine,
        what: 'apt-get update runs in its own RUN.',
        why: 'Its result stays in the build cache, so a later install may ask for package versions that the mirror no longer has (404).',
        fix: 'Combine them: RUN apt-get update && apt-get install …',
        edit: next?.keyword === 'RUN' ? joinRuns(run, next, escapeChar) : undefined,
      },
    ]
  })
}

/** chown or chmod of what a COPY before it brought: every file is stored a second time. */
export function storedTwice({ stages, final }: StagedModel): Finding[] {
  return final.chain.flatMap((index) => {
    const stage = stages[index]!
    return stage.commands.flatMap((command): Finding[] => {
      const change = ownerChange(command)
      if (change === undefined) return []
      const run = command.step.instruction
      const copy = stage.copies.findLast(
        ({ instruction, destination }) =>
          instruction.span.startLine < run.span.startLine &&
          change.paths.some((path) => destination === path || destination.startsWith(`${path}/`)),
      )
      if (copy === undefined) return []
      const flag = `--${change.program}=${change.value}`
      return [
        {
          rule: 'stored-twice',
          severity: 'info',
          line: run.span.startLine,
          what: `${change.program} in its own layer stores every file copied in line ${copy.instruction.span.startLine} a second time.`,
          why: 'Changing the owner or mode of a file stores the whole file again in the new layer.',
          fix: `Set it while copying: ${copy.instruction.keyword} ${flag} …`,
          edit: copyWithFlag(
            stage,
            copy.instruction,
            run,
            flag,
            change.paths.length === 1 && copy.destination === change.paths[0],
          ),
        },
      ]
    })
  })
}

function ownerChange({
  words,
  workdir,
}: ShellCommand): { program: 'chown' | 'chmod'; value: string; paths: string[] } | undefined {
  const [program] = words
  if (program !== 'chown' && program !== 'chmod') return undefined
  const isWhole = words.some((word) => /^-\w*R/.test(word) || word === '--recursive')
  const [value, ...paths] = operands(words)
  if (!isWhole || value === undefined || paths.length === 0) return undefined
  return { program, value, paths: paths.map((path) => joinPath(workdir, path)) }
}

/** Where the RUN does nothing else, its flag goes to the COPY and it goes; all that stands between stays. */
function copyWithFlag(
  { commands, stage }: ModelStage,
  copy: Instruction,
  run: Instruction,
  flag: string,
  isWhole: boolean,
): TextEdit | undefined {
  const isAlone = commands.filter(({ step }) => step.instruction === run).length === 1
  const between = stage.instructions.filter(
    ({ span }) => span.startLine > copy.span.endLine && span.endLine < run.span.startLine,
  )
  const name = flag.slice(2, flag.indexOf('='))
  const isSimple = between.length === 0 && run.span.startLine === copy.span.endLine + 1
  if (
    !isAlone ||
    !isWhole ||
    !isSimple ||
    flagValue(copy, name) !== undefined ||
    (name === 'chmod' && !/=\d+$/.test(flag))
  )
    return undefined
  const text = copy.text.replace(/^(\s*\S+)/, `$1 ${flag}`)
  return { startLine: copy.span.startLine, endLine: run.span.endLine, text }
}

/** A RUN that only takes away what an earlier layer brought: the image keeps it all the same. */
export function removedLater({ stages, final, escapeChar }: StagedModel): Finding[] {
  return final.chain.flatMap((index) => {
    const stage = stages[index]!
    return eachRun([stage], new Set([index])).flatMap(({ run, own, previous }): Finding[] => {
      const before = whatIsBefore(run, stage, own)
      const removed = own.flatMap((command) => {
        const maker = makerOfRemoved(command, before)
        return maker ? [{ command, maker }] : []
      })[0]
      if (removed === undefined) return []
      return [
        {
          rule: 'removed-in-later-layer',
          severity: 'info',
          line: run.span.startLine,
          what: `“${removed.command.words.join(' ')}” deletes files that an earlier layer contains.`,
          why: 'The earlier layer still contains them. The image doesn’t get smaller, and anyone with the image can extract them.',
          fix: 'Delete the files in the RUN that creates them, or do both in a build stage.',
          edit: removed.maker === previous ? joinRuns(previous, run, escapeChar) : undefined,
        },
      ]
    })
  })
}

interface BeforeRun {
  readonly own: readonly ShellCommand[]
  /** Of the stage's earlier instructions. */
  readonly earlier: readonly ShellCommand[]
  readonly copies: readonly ModelCopy[]
}

function whatIsBefore(run: Instruction, stage: ModelStage, own: readonly ShellCommand[]): BeforeRun {
  const isEarlier = ({ span }: Instruction): boolean => span.startLine < run.span.startLine
  const earlier = stage.commands.filter(({ step }) => isEarlier(step.instruction))
  return { own, earlier, copies: stage.copies.filter(({ instruction }) => isEarlier(instruction)) }
}

/** The earlier instruction that brought what this command takes away; undefined when it takes away what its own RUN made. */
function makerOfRemoved(command: ShellCommand, { own, earlier, copies }: BeforeRun): Instruction | undefined {
  const { words, workdir } = command
  const lastOf = (test: (each: ShellCommand) => boolean): Instruction | undefined =>
    own.some(test) ? undefined : earlier.findLast(test)?.step.instruction
  const isApt = ({ words: [program] }: ShellCommand): boolean => /^apt(-get)?$/.test(program!)
  if (isApt(command) && words.some((word) => /^(remove|purge|autoremove|clean)$/.test(word)))
    return lastOf((each) => isApt(each) && each.words.includes('install'))
  if (words[0] !== 'rm') return undefined
  const paths = operands(words).map((word) => joinPath(workdir, word))
  if (paths.some((path) => path.startsWith('/var/lib/apt/lists'))) return lastOf(isApt)
  const inside = (path: string): boolean => paths.some((each) => path === each || path.startsWith(`${each}/`))
  const copied = copies.find((copy) => [copy.destination, ...placesOf(copy)].some(inside))
  return copied?.instruction ?? earlier.find((each) => downloads(each).some(inside))?.step.instruction
}

const operands = (words: readonly string[]): string[] => words.slice(1).filter((word) => !word.startsWith('-'))

const placesOf = ({ sources, destination, isFolder }: ModelCopy): string[] =>
  isFolder ? sources.map((source) => joinPath(destination, source.split('/').at(-1)!)) : []

/** Files that curl and wget write. */
function downloads({ words, workdir }: ShellCommand): string[] {
  if (words[0] !== 'curl' && words[0] !== 'wget') return []
  const at = words.findIndex((word) => /^(-o|-O|--output|--output-document)$/.test(word))
  const url = words.find((word) => /^https?:/.test(word))
  const isNamed = at > 0 && !(words[0] === 'curl' && words[at] === '-O')
  const name = isNamed ? words[at + 1] : url?.split('/').at(-1)
  return name === undefined || name === '' ? [] : [joinPath(workdir, name)]
}

interface RunOfStage {
  readonly run: Instruction
  readonly own: readonly ShellCommand[]
  readonly previous: Instruction | undefined
  readonly next: Instruction | undefined
}

function eachRun(stages: readonly ModelStage[], among: ReadonlySet<number>): RunOfStage[] {
  return stages
    .filter(({ stage }) => among.has(stage.index))
    .flatMap(({ stage, commands }) => {
      const byRun = new Map<Instruction, ShellCommand[]>()
      for (const command of commands) {
        const { instruction } = command.step
        const own = byRun.get(instruction)
        if (own) own.push(command)
        else byRun.set(instruction, [command])
      }
      return stage.instructions.flatMap((run, at): RunOfStage[] => {
        if (run.keyword !== 'RUN') return []
        const own = byRun.get(run) ?? []
        return [{ run, own, previous: stage.instructions[at - 1], next: stage.instructions[at + 1] }]
      })
    })
}
