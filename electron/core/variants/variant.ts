import type { StagedDockerfile } from '../dockerfile/stages'
import type { ProjectFiles } from './split/project-files'

export type VariantRole = 'before' | 'after'

/** A Dockerfile found in a project. Paths use `/` and are relative to the project folder. */
export interface FoundDockerfile {
  readonly path: string
  readonly staged: StagedDockerfile
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
export interface Variant {
  readonly role: VariantRole
  /** "traditional", "multi-stage" or "distroless". */
  readonly name: string
  /** The Dockerfile it is, or is derived from. */
  readonly path: string
  readonly context: string
  readonly derivation: 'flatten' | 'split' | undefined
  readonly reasons: readonly DerivationReason[]
  readonly staged: StagedDockerfile
  /** Index of the stage that becomes the image. */
  readonly target: number
}

/** How messages name the Dockerfile of a variant: a derived one is not the file on disk. */
export function variantFile({ path, derivation }: Variant): string {
  return derivation === undefined ? path : `${path} (${derivation === 'flatten' ? 'flattened' : 'split'})`
}

/** Names, on an image that Cutaway built, the variant it is of. */
export const variantLabel = 'dev.cutaway.variant'
