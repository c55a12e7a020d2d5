import type { Diagnostic, LineSpan, Parsed } from '../diagnostic'
import { type Dockerfile, flagValue, type Instruction, instructionError, parseDockerfile } from './parse'
import { assignments, expandVariables, unquote, type Variables } from './words'

export type StageBase =
  | { readonly kind: 'scratch' }
  | { readonly kind: 'image'; readonly reference: string }
  | { readonly kind: 'stage'; readonly index: number }

/** Where files of a COPY --from or a mount come from. */
export type StageSource = Exclude<StageBase, { kind: 'scratch' }>

export interface Stage {
  readonly index: number
  /** Lower case, as the builder stores it; undefined for `FROM x` without AS. */
  readonly name: string | undefined
  /** The name the builder shows: the stage's own, else `stage-2`. */
  readonly label: string
  readonly base: StageBase
  readonly from: Instruction
  /** All after FROM. */
  readonly instructions: readonly Instruction[]
  readonly span: LineSpan
  /** Values for its ARG instructions: those the build is given, and those of ARGs before the first FROM. */
  readonly given: { readonly args: Variables; readonly globals: Variables }
}

export interface StagedDockerfile {
  readonly dockerfile: Dockerfile
  /** The ARGs before the first FROM with their values expanded. */
  readonly globalArgs: Variables
  /** Build arguments that the build is given; they come before defaults. */
  readonly args: Variables
  readonly stages: readonly Stage[]
}

const platformVariables: Variables = {
  TARGETPLATFORM: 'linux/amd64',
  TARGETOS: 'linux',
  TARGETARCH: 'amd64',
  BUILDPLATFORM: 'linux/amd64',
  BUILDOS: 'linux',
  BUILDARCH: 'amd64',
}

/** Parses a Dockerfile and divides it into stages, as a build with these build arguments sees it; never throws. */
export function parseStages(text: string, args: Variables = {}): Parsed<StagedDockerfile> {
  const { value: dockerfile, diagnostics } = parseDockerfile(text)
  const globalArgs: Record<string, string | undefined> = { ...platformVariables }
  const drafts: { from: Instruction; instructions: Instruction[] }[] = []
  for (const instruction of dockerfile.instructions) {
    if (instruction.keyword === 'FROM') drafts.push({ from: instruction, instructions: [] })
    else if (drafts.length > 0) drafts.at(-1)!.instructions.push(instruction)
    else if (instruction.keyword === 'ARG')
      for (const { name, value } of assignments(instruction.argumentText))
        globalArgs[name] = args[name] ?? (value === undefined ? undefined : unquote(expandVariables(value, globalArgs)))
  }
  const stages: Stage[] = []
  for (const draft of drafts) stages.push(makeStage(draft, stages, { args, globals: globalArgs }))
  return {
    value: { dockerfile, globalArgs, args, stages },
    diagnostics: [...diagnostics, ...checkSources(stages)].sort(byPlace),
  }
}

const byPlace = (a: Diagnostic, b: Diagnostic): number => a.place.line - b.place.line || a.place.column - b.place.column

/** What `COPY --from=` or `--mount=from=` names for this stage: an earlier stage by number or name, else an image. */
export function resolveSource(name: string, stage: Stage, stages: readonly Stage[]): StageSource {
  if (/^\d+$/.test(name) && Number(name) < stage.index) return { kind: 'stage', index: Number(name) }
  const wanted = name.toLowerCase()
  const earlier = stages.findLast((other) => other.index < stage.index && other.name === wanted)
  return earlier ? { kind: 'stage', index: earlier.index } : { kind: 'image', reference: name }
}

/** The stages and images that an instruction reads from, beyond its own stage. */
export function instructionSources(instruction: Instruction): readonly string[] {
  if (instruction.keyword === 'COPY') {
    const from = flagValue(instruction, 'from')
    return from === undefined ? [] : [from]
  }
  if (instruction.keyword !== 'RUN') return []
  return instruction.flags
    .filter((flag) => flag.name === 'mount')
    .flatMap((flag) => /(?:^|,)from=([^,]+)/.exec(flag.value)?.[1] ?? [])
}

function makeStage(
  draft: { from: Instruction; instructions: Instruction[] },
  earlier: readonly Stage[],
  given: Stage['given'],
): Stage {
  const [baseText = '', , name] = draft.from.argumentText.split(/\s+/)
  const reference = unquote(expandVariables(baseText, given.globals))
  const parent = earlier.findLast((stage) => stage.name === reference)
  const index = earlier.length
  const last = draft.instructions.at(-1) ?? draft.from
  return {
    index,
    name: name?.toLowerCase(),
    label: name?.toLowerCase() ?? `stage-${index}`,
    base: parent
      ? { kind: 'stage', index: parent.index }
      : reference === 'scratch'
        ? { kind: 'scratch' }
        : { kind: 'image', reference },
    from: draft.from,
    instructions: draft.instructions,
    span: { startLine: draft.from.span.startLine, endLine: last.span.endLine },
    given,
  }
}

function checkSources(stages: readonly Stage[]): Diagnostic[] {
  const found: Diagnostic[] = []
  for (const stage of stages) {
    if (stage.base.kind === 'image' && (stage.base.reference === '' || stage.base.reference.includes('$')))
      found.push(instructionError('the base image name is empty or cannot be expanded', stage.from))
    else if (stage.base.kind === 'image' && hasCapitals(stage.base.reference))
      found.push(instructionError(capitalsProblem(stage.base.reference, stages), stage.from, stage.base.reference))
    for (const instruction of stage.instructions)
      for (const name of instructionSources(instruction)) {
        const problem = sourceProblem(name, stage, stages)
        if (problem) found.push(instructionError(problem, instruction, `from=${name}`))
      }
  }
  return found
}

/** Only the tag of an image may have them; a digest has none. */
const hasCapitals = (reference: string): boolean => /[A-Z]/.test(reference.replace(/@.*$/, '').replace(/:[^/]*$/, ''))

function capitalsProblem(reference: string, stages: readonly Stage[]): string {
  const isStage = stages.some(({ name }) => name === reference.toLowerCase())
  return `${reference} has capital letters, which no image name has${isStage ? `; FROM ${reference.toLowerCase()} names the stage` : ''}`
}

function sourceProblem(name: string, stage: Stage, stages: readonly Stage[]): string | undefined {
  if (name.includes('$')) return `a variable cannot be used in from=${name}; name the stage with FROM ... AS first`
  if (/^\d+$/.test(name) && Number(name) >= stage.index) return `from=${name}: there is no earlier stage of that number`
  const wanted = name.toLowerCase()
  if (resolveSource(name, stage, stages).kind === 'stage') return undefined
  if (stage.name === wanted) return `from=${name} names the stage itself`
  return stages.some((later) => later.name === wanted) ? `from=${name}: that stage is defined later` : undefined
}
