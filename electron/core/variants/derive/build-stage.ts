import type { Stage, StagedDockerfile } from '../../dockerfile/stages'

/** The user's Dockerfile as the build stage of a derived one. */
export interface BuildStageText {
  /** As it is written, but for the name of its last stage. */
  readonly text: string
  readonly name: string
  /** Line of the FROM that got a name; undefined where it had one. */
  readonly namedLine: number | undefined
  readonly platform: string | undefined
  /** What the stage is based on in the end: an image, or `scratch`. */
  readonly base: string
}

/** The file up to the end of the target stage, with a name for that stage. */
export function buildStageText({ dockerfile, stages }: StagedDockerfile, target: number): BuildStageText {
  const stage = stages[target]!
  const next = stages[target + 1]
  const source = dockerfile.text.split(/\r?\n/)
  const lines = next ? source.slice(0, next.from.span.startLine - 1) : [...source]
  while (/^\s*(#.*)?$/.test(lines.at(-1) ?? 'x') && lines.length > stage.span.endLine) lines.pop()
  const name = stage.name ?? freeName(stages)
  const at = stage.from.span.endLine - 1
  if (stage.name === undefined) lines[at] = `${lines[at]!.trimEnd()} AS ${name}`
  let root = stage
  while (root.base.kind === 'stage') root = stages[root.base.index]!
  return {
    text: lines.join('\n'),
    name,
    namedLine: stage.name === undefined ? at + 1 : undefined,
    platform: stage.from.flags.find((flag) => flag.name === 'platform')?.value,
    base: root.base.kind === 'image' ? root.base.reference : 'scratch',
  }
}

function freeName(stages: readonly Stage[]): string {
  const taken = new Set(stages.map(({ name }) => name))
  return ['build', 'builder', 'whole'].find((name) => !taken.has(name)) ?? `build-${stages.length}`
}
