import type { Instruction } from '../dockerfile/parse'
import {
  instructionSources,
  resolveSource,
  type Stage,
  type StagedDockerfile,
  type StageSource,
} from '../dockerfile/stages'
import { assignments } from '../dockerfile/words'
import type { Variant, VariantRole } from './variant'

/** One Dockerfile that holds several variants under prefixed stage names, each built by its target. */
export interface CompositeDockerfile {
  readonly text: string
  readonly parts: readonly CompositePart[]
}

export interface CompositePart {
  readonly role: VariantRole
  /** What every stage label of this variant starts with. */
  readonly prefix: string
  readonly target: string
  /** Line in the variant's own Dockerfile for each line of the composite (1-based; 0 where there is none). */
  readonly originalLine: readonly number[]
}

/**
 * Puts variants that share a build context into one file, so that the context is the same for all and a derived
 * Dockerfile never becomes a file of an image. Global args are written into FROM lines and stage args, since two
 * variants may give the same name other values.
 */
export function composeDockerfiles(variants: readonly Variant[]): CompositeDockerfile {
  const lines: string[] = directives(variants)
  const parts = variants.map((variant) => {
    const prefix = `${variant.role}-`
    const globals = globalNames(variant.staged)
    const originalLine: number[] = []
    const emit = (text: string, line: number): void => {
      text.split('\n').forEach((each, offset) => {
        lines.push(each)
        originalLine[lines.length] = line + offset
      })
    }
    for (const stage of variant.staged.stages) {
      emit(fromLine(stage, variant.staged, prefix), stage.from.span.startLine)
      for (const instruction of stage.instructions)
        emit(renamed(instruction, stage, variant.staged, { prefix, globals }), instruction.span.startLine)
    }
    const target = prefix + variant.staged.stages[variant.target]!.label
    return { role: variant.role, prefix, target, originalLine }
  })
  return { text: `${lines.join('\n')}\n`, parts }
}

function directives(variants: readonly Variant[]): string[] {
  const found = new Map<string, string>()
  for (const variant of variants)
    for (const { name, value } of variant.staged.dockerfile.directives)
      if (!found.has(name.toLowerCase())) found.set(name.toLowerCase(), value)
  return [...found].map(([name, value]) => `# ${name}=${value}`)
}

function fromLine(stage: Stage, staged: StagedDockerfile, prefix: string): string {
  const flags = stage.from.flags.map((flag) => `--${flag.name}=${flag.value} `).join('')
  const base =
    stage.base.kind === 'stage'
      ? prefix + staged.stages[stage.base.index]!.label
      : stage.base.kind === 'image'
        ? stage.base.reference
        : 'scratch'
  return `FROM ${flags}${base} AS ${prefix}${stage.label}`
}

function renamed(
  instruction: Instruction,
  stage: Stage,
  staged: StagedDockerfile,
  { prefix, globals }: { readonly prefix: string; readonly globals: ReadonlySet<string> },
): string {
  if (instruction.keyword === 'ARG') return withDefaults(instruction, staged, globals)
  let text = instruction.text
  for (const name of instructionSources(instruction)) {
    const source = resolveSource(name, stage, staged.stages)
    const label = source.kind === 'stage' ? prefix + staged.stages[source.index]!.label : imageOf(source)
    if (label === undefined || label === name) continue
    text = text.replace(new RegExp(`(from=)${escapePattern(name)}(?=[,\\s]|$)`), `$1${label}`)
  }
  return text
}

/** A named context that is an image is written as that image, because the builder cannot be told its name. */
const imageOf = (source: StageSource): string | undefined => (source.kind === 'image' ? source.reference : undefined)

/** The names of the ARGs before the first FROM. */
function globalNames({ dockerfile, stages }: StagedDockerfile): ReadonlySet<string> {
  const firstFrom = stages[0]?.from.span.startLine ?? 0
  const before = dockerfile.instructions.filter(({ keyword, span }) => keyword === 'ARG' && span.startLine < firstFrom)
  return new Set(before.flatMap(({ argumentText }) => assignments(argumentText).map(({ name }) => name)))
}

/** A bare `ARG NAME` takes the value of the global arg, which the composite does not have. */
function withDefaults(instruction: Instruction, staged: StagedDockerfile, globals: ReadonlySet<string>): string {
  const args = assignments(instruction.argumentText)
  if (!args.some(({ name, value }) => value === undefined && globals.has(name))) return instruction.text
  const words = args.map(({ name, value }) => {
    const global = staged.globalArgs[name]
    if (value !== undefined) return `${name}=${value}`
    return global === undefined || !globals.has(name) ? name : `${name}=${JSON.stringify(global)}`
  })
  return `ARG ${words.join(' ')}`
}

const escapePattern = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
