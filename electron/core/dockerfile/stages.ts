import type { Diagnostic, LineSpan, Parsed } from '../diagnostic'
import { type Dockerfile, flagValue, type Instruction, instructionError, parseDockerfile } from './parse'
import { assignments, expandVariables, unquote, type Variables, variableValue } from './words'

export type StageBase =
  | { readonly kind: 'scratch' }
  | { readonly kind: 'image'; readonly reference: string }
  | { readonly kind: 'stage'; readonly index: number }
  /** A named context that is a folder. */
  | { readonly kind: 'context'; readonly name: string }

/** What a build is given beside its Dockerfile and its context. */
export interface BuildInputs {
  /** Build arguments; they come before defaults. */
  readonly args: Variables
  /** Named contexts, as `docker build --build-context` takes them: an image as `docker-image://REFERENCE`, else a folder. */
  readonly contexts: Readonly<Record<string, string>>
}

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
  readonly given: BuildInputs & { readonly globals: Variables }
}

export interface StagedDockerfile {
  readonly dockerfile: Dockerfile
  /** The ARGs before the first FROM with their values expanded. */
  readonly globalArgs: Variables
  readonly inputs: BuildInputs
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

/** Parses a Dockerfile and divides it into stages, as a build with these inputs sees it; never throws. */
export function parseStages(text: string, given: Partial<BuildInputs> = {}): Parsed<StagedDockerfile> {
  const { args = {}, contexts = {} } = given
  const inputs = { args, contexts }
  const { value: dockerfile, diagnostics } = parseDockerfile(text)
  const globalArgs: Record<string, string | undefined> = { ...platformVariables }
  const drafts: { from: Instruction; instructions: Instruction[] }[] = []
  for (const instruction of dockerfile.instructions) {
    if (instruction.keyword === 'FROM') drafts.push({ from: instruction, instructions: [] })
    else if (drafts.length > 0) drafts.at(-1)!.instructions.push(instruction)
    else if (instruction.keyword === 'ARG')
      for (const { name, value } of assignments(instruction.argumentText))
        globalArgs[name] =
          variableValue(args, name) ?? (value === undefined ? undefined : unquote(expandVariables(value, globalArgs)))
  }
  const stages: Stage[] = []
  for (const draft of drafts) stages.push(makeStage(draft, stages, { ...inputs, globals: globalArgs }))
  return {
    value: { dockerfile, globalArgs, inputs, stages },
    diagnostics: [...diagnostics, ...checkSources(stages)].sort(byPlace),
  }
}

function baseOf(reference: string, parent: Stage | undefined): StageBase {
  if (parent) return { kind: 'stage', index: parent.index }
  return reference === 'scratch' ? { kind: 'scratch' } : { kind: 'image', reference }
}

const byPlace = (a: Diagnostic, b: Diagnostic): number => a.place.line - b.place.line || a.place.column - b.place.column

/** What `COPY --from=` or `--mount=from=` names for this stage: a named context, an earlier stage by number or name, else an image. */
export function resolveSource(name: string, stage: Stage, stages: readonly Stage[]): StageSource {
  const context = namedContext(name.toLowerCase(), stage.given)
  if (context) return context
  if (/^\d+$/.test(name) && Number(name) < stage.index) return { kind: 'stage', index: Number(name) }
  const wanted = name.toLowerCase()
  const earlier = stages.findLast((other) => other.index < stage.index && other.name === wanted)
  return earlier ? { kind: 'stage', index: earlier.index } : { kind: 'image', reference: name }
}

function namedContext(name: string, { contexts }: Pick<BuildInputs, 'contexts'>): StageSource | undefined {
  const value = Object.hasOwn(contexts, name) ? contexts[name]! : undefined
  if (value === undefined) return undefined
  const image = /^docker-image:\/\/(.+)$/.exec(value)?.[1]
  return image === undefined ? { kind: 'context', name } : { kind: 'image', reference: image }
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
    base: namedContext(reference, given) ?? baseOf(reference, parent),
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
  if (resolveSource(name, stage, stages).kind === 'stage' || namedContext(wanted, stage.given)) return undefined
  if (stage.name === wanted) return `from=${name} names the stage itself`
  return stages.some((later) => later.name === wanted) ? `from=${name}: that stage is defined later` : undefined
}
