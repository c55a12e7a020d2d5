import { flagValue, type Instruction } from '../../dockerfile/parse'
import { settingsAfter, settingsOfImage, type TracedSettings } from '../../dockerfile/stage-settings'
import { joinPath, stepsWithState } from '../../dockerfile/stage-state'
import { parseStages, resolveSource, type Stage, type StagedDockerfile } from '../../dockerfile/stages'
import { argumentWords } from '../../dockerfile/words'
import type { ImageSettings } from '../../image/image-settings'
import type { DerivationReason } from '../variant'
import { type FinalBase, finalBase, knownSettings, repositoryOf, systemFamily } from './final-base'
import { restoreSettings } from './restore-settings'

/** The settings of an image that was inspected; undefined for one that was not. */
export type KnownImages = (reference: string) => ImageSettings | undefined

export type StackResult =
  | {
      readonly ok: true
      readonly staged: StagedDockerfile
      readonly reasons: readonly DerivationReason[]
    }
  | {
      readonly ok: false
      readonly problem: string
      /** Index of the stage that builds, which can stand for the traditional image; undefined where there is none. */
      readonly buildStage: number | undefined
    }

/**
 * The traditional variant of a multi-stage Dockerfile: the final stage's own instructions, unchanged, on top of the stage that builds, so
 * that the image ships all that the build needed.
 */
export function stackStages(
  original: StagedDockerfile,
  target: number,
  known: KnownImages = () => undefined,
): StackResult {
  const { stages } = original
  const final = stages[target]!
  const chain = chainOf(stages, final)
  const build = buildStageOf(stages, chain)
  if (build === undefined)
    return {
      ok: false,
      problem: 'Its final stage copies nothing from a stage that builds something.',
      buildStage: undefined,
    }
  const buildChain = chainOf(stages, build)
  const own = chain.filter((stage) => !buildChain.includes(stage))
  const sharesStage = own.length < chain.length
  const base = finalBase(chain[0]!.base)
  const buildBase = buildChain[0]!.base
  const problem = sharesStage ? undefined : problemOf(base, buildBase, own, build)
  if (problem !== undefined) return { ok: false, problem, buildStage: build.index }
  const shared = chain[chain.length - own.length - 1]
  const start = shared ? settingsOf(stages, shared, known) : startOf(base, known)
  const end = settingsOf(stages, build, known)
  const isSameRepository =
    sharesStage ||
    ('reference' in base &&
      buildBase.kind === 'image' &&
      repositoryOf(base.reference) === repositoryOf(buildBase.reference))
  const writer = new Writer(original, target, build)
  writer.addFrom(final, build)
  if (!sharesStage) writer.addFilesOfBase(base, own, buildBase.kind === 'image' ? buildBase.reference : '')
  const restored = restoreSettings(start, end, ownSettings(own), isSameRepository)
  writer.addSettings(final, base, restored.lines, restored.remains)
  for (const stage of own) writer.addInstructions(stage, start.values.user)
  return { ok: true, staged: parseStages(writer.text(), original.inputs).value, reasons: writer.reasons }
}

function chainOf(stages: readonly Stage[], stage: Stage): Stage[] {
  return stage.base.kind === 'stage' ? [...chainOf(stages, stages[stage.base.index]!), stage] : [stage]
}

/** The stage from which the final chain's COPY instructions take most; of equals the last. */
function buildStageOf(stages: readonly Stage[], chain: readonly Stage[]): Stage | undefined {
  const copies = new Map<number, number>()
  for (const stage of chain)
    for (const instruction of stage.instructions) {
      const name = instruction.keyword === 'COPY' ? flagValue(instruction, 'from') : undefined
      const source = name === undefined ? undefined : resolveSource(name, stage, stages)
      if (source?.kind !== 'stage' || chain.some(({ index }) => index === source.index)) continue
      if (!builds(stages, stages[source.index]!)) continue
      const count = (copies.get(source.index) ?? 0) + 1
      copies.delete(source.index)
      copies.set(source.index, count)
    }
  const most = Math.max(0, ...copies.values())
  const found = [...copies].findLast(([, count]) => count === most)
  return found && stages[found[0]]
}

/** A stage that only collects files, on scratch or another image without a RUN, is not what ships. */
const builds = (stages: readonly Stage[], stage: Stage): boolean => chainOf(stages, stage)[0]!.base.kind === 'image'

function problemOf(base: FinalBase, buildBase: Stage['base'], own: readonly Stage[], build: Stage): string | undefined {
  if (buildBase.kind !== 'image') return `The stage “${build.label}” has no base image.`
  if (base.kind === 'nothing' || base.kind === 'distroless') return undefined
  const { reference, family } = base
  const isSameFamily = family !== undefined && family === systemFamily(buildBase.reference)
  const isSameRepository = repositoryOf(reference) === repositoryOf(buildBase.reference)
  if (base.kind === 'programs' && !(isSameRepository && isSameFamily) && !(isSameRepository && family === undefined))
    return isSameRepository
      ? `${reference} and ${buildBase.reference} are different distributions.`
      : `${reference} has programs of its own, which ${buildBase.reference} lacks.`
  const runs = own.flatMap((stage) => stage.instructions).find(({ keyword }) => keyword === 'RUN')
  if (runs && !isSameFamily)
    return `Line ${runs.span.startLine} runs a command of ${reference}, and the stage “${build.label}” is based on ${buildBase.reference}, another distribution.`
  return undefined
}

function settingsOf(stages: readonly Stage[], stage: Stage, known: KnownImages): TracedSettings {
  const [root, ...rest] = chainOf(stages, stage)
  const image = root!.base.kind === 'image' ? known(root!.base.reference) : undefined
  const begin = settingsAfter(root!, settingsOfImage(image))
  return rest.reduce((settings, each) => settingsAfter(each, settings), begin)
}

function startOf(base: FinalBase, known: KnownImages): TracedSettings {
  const inspected = 'reference' in base ? known(base.reference) : undefined
  const settings = inspected ?? knownSettings(base)
  if (settings && base.kind === 'distroless' && base.entrypoint)
    return settingsOfImage({ ...settings, entrypoint: base.entrypoint })
  return settingsOfImage(settings)
}

function ownSettings(own: readonly Stage[]): Parameters<typeof restoreSettings>[2] {
  const instructions = own.flatMap((stage) => stage.instructions)
  const sets = (wanted: string): boolean => instructions.some(({ keyword }) => keyword === wanted)
  const first = instructions.find(({ keyword }) => /^(WORKDIR|COPY|ADD|RUN|CMD|ENTRYPOINT)$/.test(keyword))
  return {
    hasEntrypoint: sets('ENTRYPOINT'),
    hasCommand: sets('CMD'),
    setsWorkdirFirst: first?.keyword === 'WORKDIR' && /^["']?\//.test(first.argumentText),
  }
}

class Writer {
  readonly reasons: DerivationReason[] = []
  readonly #lines: string[]
  readonly #source: readonly string[]
  readonly #stages: readonly Stage[]
  readonly #build: Stage
  readonly #buildName: string

  constructor({ dockerfile, stages }: StagedDockerfile, target: number, build: Stage) {
    this.#stages = stages
    this.#build = build
    this.#source = dockerfile.text.split(/\r?\n/)
    this.#lines = this.#source.slice(0, stages[target]!.from.span.startLine - 1)
    // What is written right above the final FROM is about that line.
    while (/^\s*(#.*)?$/.test(this.#lines.at(-1) ?? 'x')) this.#lines.pop()
    this.#buildName = build.name ?? freeName(['build', 'builder', 'compile'], stages)
    if (build.name === undefined) {
      const at = build.from.span.endLine - 1
      this.#lines[at] = `${this.#lines[at]!.trimEnd()} AS ${this.#buildName}`
    }
  }

  addFrom(final: Stage, build: Stage): void {
    const after = `FROM ${this.#buildName} AS ${freeName(['traditional', 'stacked', 'whole'], this.#stages)}`
    this.#lines.push('', after)
    this.#explain(final.from, after, `Everything that the stage “${build.label}” needed to build ships with the image.`)
  }

  /** Users, where they are named, and certificates: what even a small base brings. */
  addFilesOfBase(base: FinalBase, own: readonly Stage[], buildReference: string): void {
    if (!('reference' in base)) return
    const instructions = own.flatMap((stage) => stage.instructions)
    const naming = instructions.find(namesUser)
    if (naming) {
      const isDebian = base.kind !== 'distroless' && base.family === 'debian'
      const files = ['/etc/passwd', '/etc/group', ...(isDebian ? ['/etc/shadow', '/etc/gshadow'] : [])]
      const line = `COPY --from=${base.reference} ${files.join(' ')} /etc/`
      this.#lines.push(line)
      this.#explain(
        naming,
        line,
        `The users of ${base.reference}, so that names and the next free number mean the same.`,
      )
    }
    const isPlain = /^(docker\.io\/library\/)(debian|ubuntu)$/.test(repositoryOf(buildReference))
    const installs = chainOf(this.#stages, this.#build).some((stage) =>
      stage.instructions.some(({ text }) => text.includes('ca-certificates')),
    )
    if (base.kind !== 'distroless' || !isPlain || installs) return
    const certificates = '/etc/ssl/certs/ca-certificates.crt'
    const line = `COPY --from=${base.reference} ${certificates} ${certificates}`
    this.#lines.push(line)
    this.#explain(own[0]!.from, line, `${base.reference} has certificates, and ${buildReference} has none.`)
  }

  addSettings(final: Stage, base: FinalBase, lines: readonly string[], remains: readonly string[]): void {
    const name = 'reference' in base ? base.reference : 'scratch'
    this.#lines.push(...lines)
    if (lines.length > 0)
      this.#explain(
        final.from,
        lines.join('\n'),
        `Settings of ${name} that differ at the end of “${this.#build.label}”.`,
      )
    if (remains.length > 0)
      this.#explain(
        final.from,
        undefined,
        `These settings of “${this.#build.label}” stay, because no instruction takes them back: ${remains.join(', ')}.`,
      )
  }

  /** The lines of a stage below its FROM as they are written, comments included. */
  addInstructions(stage: Stage, user: string): void {
    const fixes = new Map(ownerFixes(stage, user, this.#build, this.#stages))
    let line = stage.from.span.endLine + 1
    for (const instruction of stage.instructions) {
      const fix = fixes.get(instruction)
      this.#lines.push(...this.#source.slice(line - 1, instruction.span.startLine - 1))
      if (fix) {
        this.#lines.push(...fix)
        this.#explain(
          instruction,
          fix.join('\n'),
          'COPY does not change the owner of a folder that the build stage has.',
        )
      }
      this.#lines.push(instruction.text)
      line = instruction.span.endLine + 1
    }
  }

  text(): string {
    return `${this.#lines.join('\n')}\n`
  }

  #explain(original: Instruction, after: string | undefined, reason: string): void {
    this.reasons.push({ line: original.span.startLine, before: original.text, after, reason })
  }
}

function freeName(names: readonly string[], stages: readonly Stage[]): string {
  const taken = new Set(stages.map(({ name }) => name))
  return names.find((name) => !taken.has(name)) ?? `${names[0]}-${stages.length}`
}

function namesUser({ keyword, argumentText, flags }: Instruction): boolean {
  const owner = flags.find(({ name }) => name === 'chown')?.value
  const named = keyword === 'USER' ? argumentText : (owner ?? '')
  const isMaking = keyword === 'RUN' && /\b(useradd|adduser|groupadd|addgroup)\b/.test(argumentText)
  return isMaking || (/[a-z]/i.test(named) && !/^(root|0)(:(root|0))?$/.test(named))
}

/** For each COPY of a folder onto itself that changes its owner or mode: what sets them, since the folder already exists. */
function ownerFixes(stage: Stage, user: string, build: Stage, stages: readonly Stage[]): [Instruction, string[]][] {
  const { steps } = stepsWithState(stage, { user })
  return steps.flatMap(({ instruction, workdir, user: current }): [Instruction, string[]][] => {
    const from = instruction.keyword === 'COPY' ? flagValue(instruction, 'from') : undefined
    if (from === undefined || instruction.hasHeredoc) return []
    const source = resolveSource(from, stage, stages)
    if (source.kind !== 'stage' || source.index !== build.index) return []
    const owner = flagValue(instruction, 'chown')
    const mode = flagValue(instruction, 'chmod')
    const words = argumentWords(instruction.argumentText)
    const to = joinPath(workdir, words.at(-1) ?? '')
    const isOntoItself = words.length === 2 && joinPath('/', words[0]!) === to && to !== '/'
    if (!isOntoItself || workdir === to || (owner === undefined && mode === undefined)) return []
    const commands = [owner && `chown ${owner} ${to}`, mode && `chmod ${mode} ${to}`].filter(Boolean)
    const isRoot = /^(root|0)?(:.*)?$/.test(current ?? '')
    const run = `RUN ${commands.join(' && ')}`
    return [[instruction, isRoot ? [run] : ['USER root', run, `USER ${current}`]]]
  })
}
