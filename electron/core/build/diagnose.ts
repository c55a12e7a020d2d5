import type { Failure } from '../failure'
import type { VariantBuild } from '../variants/build-plan'
import { variantFile } from '../variants/variant'
import type { BuildProgress } from './build-progress'
import { findCause } from './causes'

/**
 * Turns a failed build into the Dockerfile line, the exit code, the end of that step's log, and what usually helps. `isInFolder` tells
 * whether a path of the context is in the folder, ignored or not.
 */
export function diagnoseBuild(
  progress: BuildProgress,
  build: VariantBuild,
  isInFolder: (path: string) => boolean,
): Failure {
  const message = progress.error ?? 'the engine gave no image and no reason'
  const file = variantFile(build.variant)
  const parse = /dockerfile parse error (?:on )?line (\d+): (.*)$/is.exec(message)
  if (parse)
    return { code: 'dockerfile-invalid', file, line: build.originalLine(Number(parse[1])), problem: parse[2]!.trim() }
  if (/no space left on device/i.test(message)) return { code: 'disk-full', where: 'engine' }
  const culprit = progress.culprit()
  const exit = /exit code: (\d+)/.exec(message)
  const log = culprit ? progress.logOf(culprit.vertex.digest) : []
  const exitCode = exit ? Number(exit[1]) : undefined
  const step = culprit?.step ?? progress.stepQuoted(message)
  const instruction = step?.text
  return {
    code: 'build-failed',
    file,
    line: step?.span.startLine,
    instruction,
    exitCode,
    detail: shortReason(message),
    logTail: log.filter((line) => line.trim() !== '').slice(-40),
    cause: findCause({ instruction: instruction ?? '', exitCode, message, log, isInFolder }),
  }
}

/** `failed to solve: a: b: c` without the parts that name the machinery. */
function shortReason(message: string): string {
  return message
    .replace(/^(failed to solve( with frontend [\w.]+)?|rpc error: code = \w+ desc =|failed to \w+( LLB)?):\s*/gi, '')
    .replace(/^(rpc error: code = \w+ desc = |failed to build LLB: )+/gi, '')
    .trim()
}
