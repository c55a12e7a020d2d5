import { describeFailure } from './describe-failure'
import type { Diagnostic } from './diagnostic'
import type { Failure } from './failure-kinds'

export type { EngineAttempt, Failure, PullRefusal } from './failure-kinds'

/** Thrown by the engine layer when the environment says no; hosts turn it into a reply, the CLI into one sentence. */
export class EngineError extends Error {
  readonly failure: Failure

  constructor(failure: Failure, options?: { readonly cause?: unknown }) {
    super(describeFailure(failure).title, options)
    this.name = 'EngineError'
    this.failure = failure
  }
}

/** A Dockerfile that cannot be built, for the first error in it. */
export function invalidDockerfile(file: string, { span, message }: Diagnostic): EngineError {
  return new EngineError({ code: 'dockerfile-invalid', file, line: span.startLine, problem: `${message}.` })
}
