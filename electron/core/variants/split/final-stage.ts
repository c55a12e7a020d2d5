import { isImageSetting } from '../../dockerfile/image-settings'
import type { Instruction } from '../../dockerfile/parse'
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

/** The user's ENV lines but for those that only a build reads, and what the plan adds. */
export function runtimeEnv({ stage }: SingleStage, plan: SplitPlan): string[] {
  const own = stage.instructions.filter(
    ({ keyword, argumentText }) => keyword === 'ENV' && !buildVariables.test(argumentText.split(/[=\s]/)[0]!),
  )
  return [...own.map(({ text }) => text), ...plan.env.map((pair) => `ENV ${pair}`)]
}

/** Of a pattern the folder is the destination. */
export function copyLine({ stage }: SingleStage, { path }: CopiedPath): string {
  const destination = /[*?[]/.test(path) ? path.slice(0, path.lastIndexOf('/') + 1) : path
  return `COPY --from=${stage.name ?? 'build'} ${path} ${destination}`
}

/** USER, and the settings of the image with the comments above them, as they stand. */
export function movedSettings({ staged, stage }: SingleStage): string[] {
  const source = staged.dockerfile.text.split(/\r?\n/)
  const user = stage.instructions.findLast(({ keyword }) => keyword === 'USER')
  const shell = stage.instructions.findLast(({ keyword }) => keyword === 'SHELL')
  return [
    ...(shell ? [shell.text] : []),
    ...(user ? [user.text] : []),
    ...stage.instructions
      .filter(isImageSetting)
      .flatMap((instruction) => source.slice(commentStart(source, instruction) - 1, instruction.span.endLine)),
  ]
}

/** A container of the one stage begins where its last WORKDIR, or its base, says. */
export const workdirLine = ({ workdir }: SingleStage): string[] => (workdir === '/' ? [] : [`WORKDIR ${workdir}`])
