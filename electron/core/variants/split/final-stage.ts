import { isImageSetting } from '../../dockerfile/image-settings'
import type { Instruction } from '../../dockerfile/parse'
import { argumentWords, assignments, execForm } from '../../dockerfile/words'
import type { DerivationReason } from '../variant'
import type { CopiedPath, SplitPlan } from './plan'
import type { SingleStage } from './single-stage'

// What every final stage has, whatever its base.

/** The lines of a final stage and why each is there. */
export interface FinalStage {
  readonly lines: readonly string[]
  readonly reasons: readonly DerivationReason[]
}

/** The first of the comment lines right above an instruction, or its own first line. */
export function commentStart(source: readonly string[], { span }: Instruction): number {
  let line = span.startLine
  while (line > 1 && /^\s*#/.test(source[line - 2]!) && !/^\s*#\s*(syntax|escape|check)\s*=/.test(source[line - 2]!))
    line--
  return line
}

const buildVariables =
  /^(CGO_ENABLED|GO(OS|ARCH|FLAGS|PATH|CACHE|PROXY|TOOLCHAIN|111MODULE)|GO111MODULE|CARGO_\w+|RUST(FLAGS|UP_\w+)|DEBIAN_FRONTEND|PIP_\w+|MAVEN_\w+|GRADLE_\w+|C(XX)?FLAGS|LDFLAGS|CC|CXX|MAKEFLAGS)$/

/** The user's ENV lines but for those that only a build reads, the ARGs that they name, and what the plan adds. */
export function runtimeEnv({ stage }: SingleStage, plan: SplitPlan): string[] {
  const { instructions } = stage
  const own = instructions.filter(
    ({ keyword, argumentText }) => keyword === 'ENV' && !buildVariables.test(argumentText.split(/[=\s]/)[0]!),
  )
  const named = [...own, ...instructions.filter(isImageSetting)].map(({ argumentText }) => argumentText).join('\n')
  const isNamed = ({ name }: { readonly name: string }): boolean => new RegExp(`\\$\\{?${name}\\b`).test(named)
  const args = instructions.filter(
    ({ keyword, argumentText }) => keyword === 'ARG' && assignments(argumentText).some(isNamed),
  )
  const lines = instructions.filter((each) => own.includes(each) || args.includes(each)).map(({ text }) => text)
  return [...lines, ...plan.env.map((pair) => `ENV ${pair}`)]
}

/** Of a pattern the folder is the destination. */
export function copyLine({ stage }: SingleStage, { path }: CopiedPath): string {
  const destination = /[*?[]/.test(path) ? path.slice(0, path.lastIndexOf('/') + 1) : path
  return `COPY --from=${stage.name ?? 'build'} ${path} ${destination}`
}

/** A command without the words of a package manager in front that is not needed to run it: `uv run`. */
export function ownWords(words: readonly string[], { startsThrough }: SplitPlan): readonly string[] {
  const isThrough = startsThrough.length > 0 && startsThrough.every((word, at) => words[at] === word)
  return isThrough ? words.slice(startsThrough.length) : words
}

/** USER, and the settings of the image with the comments above them, as they stand. */
export function movedSettings({ staged, stage }: SingleStage, plan: SplitPlan): string[] {
  const source = staged.dockerfile.text.split(/\r?\n/)
  const user = plan.startsItself === true ? undefined : stage.instructions.findLast(({ keyword }) => keyword === 'USER')
  const shell = stage.instructions.findLast(({ keyword }) => keyword === 'SHELL')
  return [
    ...(shell ? [shell.text] : []),
    ...(user ? [user.text] : []),
    ...stage.instructions
      .filter(isImageSetting)
      .filter((each) => !isReplaced(each, plan))
      .flatMap((instruction) => {
        const lines = source.slice(commentStart(source, instruction) - 1, instruction.span.endLine)
        return isThrough(instruction, plan) ? [withoutStarter(instruction, plan)] : lines
      }),
  ]
}

/** A container of the one stage begins where its last WORKDIR, or its base, says. */
export const workdirLine = ({ workdir }: SingleStage): string[] => (workdir === '/' ? [] : [`WORKDIR ${workdir}`])

/** The base brings a program of its own, with its command. */
const isReplaced = ({ keyword }: Instruction, { startsItself }: SplitPlan): boolean =>
  startsItself === true && /^(CMD|ENTRYPOINT|HEALTHCHECK)$/.test(keyword)

const isThrough = ({ keyword, argumentText }: Instruction, plan: SplitPlan): boolean => {
  const words = execForm(argumentText) ?? argumentWords(argumentText)
  return /^(CMD|ENTRYPOINT)$/.test(keyword) && ownWords(words, plan).length < words.length
}

function withoutStarter({ keyword, argumentText }: Instruction, plan: SplitPlan): string {
  const vector = execForm(argumentText)
  if (vector) return `${keyword} ${JSON.stringify(ownWords(vector, plan))}`
  return `${keyword} ${ownWords(argumentWords(argumentText), plan).join(' ')}`
}
