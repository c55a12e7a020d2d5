import type { Diagnostic } from '../diagnostic'
import type { StagedDockerfile } from '../dockerfile/stages'
import type { DerivationTarget } from './derive/candidates'
import type { ProjectFiles } from './split/project-files'

export type VariantRole = 'before' | 'after'

/** A Dockerfile found in a project. Paths use `/` and are relative to the project folder. */
export interface FoundDockerfile {
  readonly path: string
  readonly staged: StagedDockerfile
  /** What makes its text no Dockerfile; then `staged` is what could be understood. */
  readonly errors?: readonly Diagnostic[]
  /** Index of the stage that it is built for: the last one, unless a compose file says otherwise. */
  readonly target?: number | undefined
  /** The folder whose files its COPY instructions mean; '' is the project folder. */
  readonly context: string
  /** Whether its folder holds anything but Dockerfiles and ignore files. */
  readonly hasFilesBeside: boolean
  /** What its context holds, as far as a derivation asks. */
  readonly files: ProjectFiles
}

/** Why a derived Dockerfile differs from the original. */
export interface DerivationReason {
  /** Line of the original the reason is about. */
  readonly line: number | undefined
  readonly before: string | undefined
  readonly after: string | undefined
  readonly reason: string
}

/** One way to build the project's image. */
export interface VariantDraft {
  /** Names it among the offers of its project: a path, `path#stage`, or `distroless:path`. */
  readonly id: string
  /** What it is, for a list. */
  readonly title: string
  /** "traditional", "multi-stage", "distroless", or the name of the stage that is the target. */
  readonly name: string
  /** The Dockerfile it is, or is derived from. */
  readonly path: string
  readonly context: string
  /** Undefined for a file on disk as it is; `edit` is the user's own text. */
  readonly derivation: 'stack' | 'split' | 'derive' | 'edit' | undefined
  readonly reasons: readonly DerivationReason[]
  readonly staged: StagedDockerfile
  /** What makes the text that is there no Dockerfile. */
  readonly errors?: readonly Diagnostic[]
  /** Index of the stage that becomes the image. */
  readonly target: number
  /** For a variant whose final stage can only be written once the image of another one is built; `staged` is that one's. */
  readonly pending?: PendingDerivation | undefined
}

/** What has to be derived, and from the image of which variant. */
export interface PendingDerivation {
  readonly target: DerivationTarget
  readonly source: VariantDraft
}

/** One of the two that are compared. */
export interface Variant extends VariantDraft {
  readonly role: VariantRole
}

/** How messages name the Dockerfile of a variant: a derived one is not the file on disk. */
export function variantFile({ path, derivation }: VariantDraft): string {
  return derivation === undefined ? path : `${path} (${derivationNames[derivation]})`
}

const derivationNames = { stack: 'stacked', split: 'split', derive: 'derived', edit: 'edited' }

/** Names, on an image that Cutaway built, the variant it is of. */
export const variantLabel = 'dev.cutaway.variant'
