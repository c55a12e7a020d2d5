/** Why a step failed, as far as its words tell, and what usually helps. */
export interface BuildCause {
  /** A short name that does not change: `pep-668`. */
  readonly id: string
  readonly what: string
  readonly fix: string
}

/** What is known of a step that failed. */
export interface FailedStep {
  /** The instruction as it stands in the Dockerfile; '' when no step is to blame. */
  readonly instruction: string
  readonly exitCode: number | undefined
  /** The engine's own words. */
  readonly message: string
  readonly log: readonly string[]
  /** Whether a path of the build context is in the folder, ignored or not. */
  readonly isInFolder: (path: string) => boolean
}
