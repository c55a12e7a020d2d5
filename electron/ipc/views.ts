import type { BuildSnapshot } from '../core/build/build-snapshot'
import type { LayerOrigin } from '../core/build/layer-origins'
import type { StageSizes } from '../core/build/stage-sizes'
import type { ComparisonFacts } from '../core/compare/facts'
import type { Meaning } from '../core/compare/meaning'
import type { Diagnostic } from '../core/diagnostic'
import type { StageGraph } from '../core/dockerfile/graph'
import type { Failure } from '../core/failure'
import type { LocatedFinding } from '../core/findings/built/locate'
import type { Finding } from '../core/findings/finding'
import type { CompareReport } from '../core/report/compare-report'
import type { RefusedOffer } from '../core/variants/offers'
import type { DerivationReason, VariantRole } from '../core/variants/variant'

// What pages are shown: the shapes that cross, by no request in particular.

export interface AppState {
  /** A report is a page without a host, about one comparison. */
  readonly host: 'electron' | 'web' | 'report'
  readonly version: string
  readonly engine: EngineStatus
  readonly examples: readonly Example[]
  /** Path of a saved comparison that comes with Cutaway, to be opened without an engine. */
  readonly sample: string | undefined
  readonly recent: readonly RecentProject[]
  /** The folder named at start, to be opened at once. */
  readonly initialPath: string | undefined
}

/** A project that was opened before. */
export interface RecentProject {
  readonly path: string
  /** Milliseconds since 1970. */
  readonly openedMs: number
}

export interface Example {
  readonly title: string
  readonly path: string
  readonly summary: string
}

export type EngineStatus =
  | {
      readonly kind: 'ready'
      readonly name: string
      readonly version: string
      readonly address: string
      readonly origin: string
      readonly isPrivate: boolean
      /** Why builds of Cutaway's own engine share the machine's network; undefined where they do not, and for other engines. */
      readonly sharesNetwork: string | undefined
    }
  | { readonly kind: 'missing'; readonly failure: Failure }

/** An engine that can be picked. */
export interface EngineOptionView {
  /** '' for a docker context that has none; it cannot be picked. */
  readonly address: string
  /** How it became known. */
  readonly origin: string
  readonly isPrivate: boolean
  readonly isChosen: boolean
  /** "Docker 27.1"; undefined when it does not answer. */
  readonly version: string | undefined
  /** Why it cannot be used; undefined when it answers. */
  readonly reason: string | undefined
}

export interface FolderListing {
  readonly path: string
  readonly parent: string | undefined
  /** Names of sub-folders, and of saved images and comparisons. */
  readonly folders: readonly string[]
  readonly files: readonly string[]
  readonly hasDockerfile: boolean
}

export interface ProjectView {
  readonly folder: string
  readonly name: string
  readonly dockerfiles: readonly string[]
  /** All that can be chosen for a side. */
  readonly offers: readonly OfferView[]
  /** What cannot be derived, and why. */
  readonly refused: readonly RefusedOffer[]
  /** Chosen by Cutaway; where it finds no pair, `problem` says why and *after* is a copy to edit. */
  readonly variants: { readonly before: VariantView; readonly after: VariantView }
  readonly problem: Failure | undefined
}

export interface OfferView {
  readonly id: string
  readonly title: string
  /** The Dockerfile it is, or is made of. */
  readonly file: string
}

export interface VariantView {
  readonly role: VariantRole
  /** Which of the offers it is. */
  readonly id: string
  readonly name: string
  /** How messages name its Dockerfile. */
  readonly file: string
  readonly isDerived: boolean
  /** The text differs from the offer's by the user's hand. */
  readonly isEdited: boolean
  readonly text: string
  readonly graph: StageGraph
  readonly steps: BuildSnapshot['steps']
  /** All of them, in the order of the text. */
  readonly instructions: readonly InstructionView[]
  readonly reasons: readonly DerivationReason[]
  /** What makes the text no Dockerfile. */
  readonly diagnostics: readonly Diagnostic[]
  /** What would keep its image from running, and what makes it larger or its build slower than need be. */
  readonly findings: readonly Finding[]
}

/** An instruction of a stage, as far as it is listed. */
export interface InstructionView {
  readonly stageIndex: number
  readonly line: number
  readonly text: string
}

export type VariantResult =
  | {
      readonly ok: true
      readonly role: VariantRole
      readonly imageId: string
      /** Its name in the engine. */
      readonly reference: string
      readonly engineBytes: number
      readonly buildMs: number
      readonly snapshot: BuildSnapshot
    }
  | { readonly ok: false; readonly role: VariantRole; readonly failure: Failure; readonly snapshot: BuildSnapshot }

export interface BuildResult {
  readonly standIns: readonly string[]
  /** Variants that have their text only since this build. */
  readonly derived: readonly VariantView[]
  readonly before: VariantResult
  readonly after: VariantResult
}

/** A build that has ended, and what was built. */
export interface FinishedBuild {
  readonly variants: ProjectView['variants']
  readonly result: BuildResult
}

/** What a saved comparison keeps of the build of its images: all but the logs. */
export interface SavedBuild extends FinishedBuild {
  /** Null where they were not measured. */
  readonly stages: MeasuredStages | null
}

/** What a saved comparison keeps beside its images and the report. */
export interface KeptFacts {
  /** Undefined where the images' files were not looked into. */
  readonly examination: ExaminationView | undefined
  /** Undefined where the images were there before. */
  readonly build: SavedBuild | undefined
}

export interface ComparisonView {
  readonly comparisonId: string
  /** Where the images come from: a build of Cutaway's, an engine, at least one of them a file; or a comparison that was saved. */
  readonly origin: 'build' | 'engine' | 'archive' | 'saved'
  /** The line and stage of each layer that the build made, lowest first; of a build only. */
  readonly layerOrigins: { readonly [R in VariantRole]: readonly (LayerOrigin | null)[] } | undefined
  /** One image was opened, and stands on both sides. */
  readonly isSingle: boolean
  readonly facts: ComparisonFacts
  readonly report: CompareReport
  /** Of a saved comparison: what was known of it. */
  readonly saved?: KeptFacts | undefined
}

/** What the stages of both variants hold. */
export type MeasuredStages = { readonly [R in VariantRole]: StageSizes }

export interface EngineImage {
  readonly reference: string
  readonly imageId: string
}

/** What the files of both images say. */
export interface ExaminationView extends Meaning {
  /** What keeps the images from running. */
  readonly problems: { readonly before: readonly LocatedFinding[]; readonly after: readonly LocatedFinding[] }
}

export interface SettingsState {
  /** Read layers from the files in which the engine keeps them; otherwise always by export. */
  readonly readsEngineFiles: boolean
  /** What indexing keeps on disk. */
  readonly cache: { readonly folder: string; readonly files: number; readonly bytes: number }
}
