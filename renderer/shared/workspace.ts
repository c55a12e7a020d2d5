import type { Failure } from '../../electron/core/failure'
import type { VariantRole } from '../../electron/core/variants/variant'
import type { AppState, EngineStatus, ProjectView, RecentProject } from '../../electron/ipc/views'

export const steps = ['source', 'variants', 'build', 'compare', 'findings'] as const
export type StepName = (typeof steps)[number]

/** A step of one side's build; `at` is its place in the snapshot. */
export interface StepSelection {
  readonly role: VariantRole
  readonly at: number
}

/** Whether a folder is being opened, and why the last one, or another thing of the source view, was not. */
export type Opening =
  | { readonly kind: 'idle' }
  | { readonly kind: 'opening' }
  | { readonly kind: 'failed'; readonly failure: Failure }

/** The list of folders, where the host has no dialog of its own. */
export interface FolderPicking {
  /** A dropped folder whose path the browser keeps to itself. */
  readonly droppedName: string | undefined
}

/** Which variants are ticked to be built side by side, for one folder. */
export interface BenchmarkChoice {
  readonly folder: string
  readonly ids: ReadonlySet<string>
}

/** Unpacked bytes of both images of a comparison, and the project they came from. */
export interface LastSizes {
  readonly folder: string
  readonly before: number
  readonly after: number
}

/** Light, dark, or as the system has it. */
export type Theme = 'system' | 'light' | 'dark'

/** The palette, or the list of keys. */
export type Sheet = 'palette' | 'shortcuts'

/** What the user opened, chose and wrote; long operations are jobs, and the explorer has a state of its own. */
export interface Workspace {
  readonly step: StepName
  readonly sheet: Sheet | undefined
  readonly theme: Theme
  readonly app: AppState | undefined
  readonly engine: EngineStatus | undefined
  /** Why an engine that was picked was not taken. */
  readonly engineProblem: Failure | undefined
  readonly recent: readonly RecentProject[]
  readonly opening: Opening
  /** Undefined while no list of folders is shown. */
  readonly picking: FolderPicking | undefined
  readonly project: ProjectView | undefined
  /** The user's own texts, by folder and offer; see draftKey. */
  readonly drafts: ReadonlyMap<string, string>
  /** Why a choice of variant, or an edit, was not answered. */
  readonly variantFailure: Failure | undefined
  /** Why the comparison was not saved. */
  readonly saveFailure: Failure | undefined
  /** Undefined until the user ticks something. */
  readonly benchmarkChoice: BenchmarkChoice | undefined
  /** The step whose log is shown; undefined follows the build. */
  readonly selectedStep: StepSelection | undefined
  /** The step under the pointer. */
  readonly pointedStep: StepSelection | undefined
  /** The newest answer of the host about the log that is shown. */
  readonly log: readonly string[]
  /** The comparison before this one. */
  readonly lastSizes: LastSizes | undefined
}

export const initialWorkspace: Workspace = {
  step: 'source',
  sheet: undefined,
  theme: 'system',
  app: undefined,
  engine: undefined,
  engineProblem: undefined,
  recent: [],
  opening: { kind: 'idle' },
  picking: undefined,
  project: undefined,
  drafts: new Map(),
  variantFailure: undefined,
  saveFailure: undefined,
  benchmarkChoice: undefined,
  selectedStep: undefined,
  pointedStep: undefined,
  log: [],
  lastSizes: undefined,
}
