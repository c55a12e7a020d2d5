import type { BuildSnapshot } from '../../electron/core/build/build-snapshot'
import type { UnionTree } from '../../electron/core/compare/union-tree'
import type { Failure } from '../../electron/core/failure'
import { type CompareReport, reportedMeaning } from '../../electron/core/report/compare-report'
import type { VariantRole } from '../../electron/core/variants/variant'
import type {
  AppState,
  BuildResult,
  ComparisonView,
  EngineStatus,
  ExaminationView,
  FinishedBuild,
  ProjectView,
  RecentProject,
} from '../../electron/ipc/views'
import { createStore } from './store'

export const steps = ['source', 'variants', 'build', 'compare', 'findings'] as const
export type StepName = (typeof steps)[number]

export interface BuildState {
  readonly jobId: string
  /** As they were when the build began; the editor may be ahead. */
  readonly variants: ProjectView['variants']
  readonly isRunning: boolean
  readonly isCancelled: boolean
  /** What the engine does beside the steps: pulls, stand-ins. */
  readonly message: string | undefined
  readonly snapshots: { readonly [R in VariantRole]: BuildSnapshot | undefined }
  readonly result: BuildResult | undefined
  readonly failure: Failure | undefined
  /** It came with a saved comparison: without logs, and cannot be built again. */
  readonly isSaved: boolean
}

/** A build that has ended before it is shown. */
export function finishedState(jobId: string, { variants, result }: FinishedBuild, isSaved = false): BuildState {
  return {
    jobId,
    variants,
    isRunning: false,
    isCancelled: false,
    message: undefined,
    snapshots: { before: result.before.snapshot, after: result.after.snapshot },
    result,
    failure: undefined,
    isSaved,
  }
}

export interface StepSelection {
  readonly role: VariantRole
  /** Position in the snapshot. */
  readonly at: number
}

export interface ComparisonState {
  readonly jobId: string
  /** The build that its images came from. */
  readonly buildId: string
  readonly progress: { readonly readBytes: number; readonly expectedBytes: number } | undefined
  readonly view: ComparisonView | undefined
  readonly tree: UnionTree | undefined
  /** What the images' files say; undefined while they are looked into. */
  readonly examination: ExaminationView | undefined
  /** The user did not wait for it. */
  readonly isExaminationStopped: boolean
  readonly failure: Failure | undefined
}

/** All that the views show, but for the explorer's own state. */
export interface Workspace {
  readonly step: StepName
  readonly app: AppState | undefined
  readonly engine: EngineStatus | undefined
  /** Why an engine that was picked was not taken. */
  readonly engineProblem: Failure | undefined
  readonly recent: readonly RecentProject[]
  readonly isOpening: boolean
  /** The list of folders is open, where the host has no dialog of its own. */
  readonly isPicking: boolean
  readonly project: ProjectView | undefined
  /** The user's own texts, by folder and offer; see draftKey. */
  readonly drafts: ReadonlyMap<string, string>
  readonly sourceFailure: Failure | undefined
  /** Why a choice of variant, or an edit, was not answered. */
  readonly variantFailure: Failure | undefined
  /** A dropped folder whose place the browser does not tell. */
  readonly droppedName: string | undefined
  readonly build: BuildState | undefined
  /** The step whose log is shown; undefined follows the build. */
  readonly selectedStep: StepSelection | undefined
  /** The step under the pointer. */
  readonly pointedStep: StepSelection | undefined
  readonly log: readonly string[]
  readonly comparison: ComparisonState | undefined
  /** Unpacked bytes of the comparison before this one, of the same folder. */
  readonly lastSizes: LastSizes | undefined
}

export interface LastSizes {
  readonly folder: string
  readonly before: number
  readonly after: number
}

export const workspace = createStore<Workspace>({
  step: 'source',
  app: undefined,
  engine: undefined,
  engineProblem: undefined,
  recent: [],
  isOpening: false,
  isPicking: false,
  project: undefined,
  drafts: new Map(),
  sourceFailure: undefined,
  variantFailure: undefined,
  droppedName: undefined,
  build: undefined,
  selectedStep: undefined,
  pointedStep: undefined,
  log: [],
  comparison: undefined,
  lastSizes: undefined,
})

/** Which steps can be opened now. */
export function isReachable(state: Workspace, step: StepName): boolean {
  if (step === 'source') return state.app?.host !== 'report'
  if (step === 'variants') return state.project !== undefined
  if (step === 'build') return state.build !== undefined
  const { comparison } = state
  if (step === 'findings') return comparison?.view !== undefined && !comparison.view.isSingle
  return comparison?.tree !== undefined
}

/** A comparison that can be shown. */
export interface ComparedState extends ComparisonState {
  readonly view: ComparisonView
}

export function comparedState({ comparison }: Pick<Workspace, 'comparison'>): ComparedState | undefined {
  return comparison?.view && { ...comparison, view: comparison.view }
}

/** What is compared, by name: the project, else the images. */
export function subjectOf({ report, isSingle }: ComparisonView): string {
  const names = report.variants.map(({ name }) => name)
  return report.project.split(/[\\/]/).at(-1) || (isSingle ? names[0]! : names.join(' and '))
}

/** The report with what is known by now of what the images' files say. */
export function reportOf({ view, examination }: ComparedState): CompareReport {
  const variants = view.report.variants.map((variant) => ({
    ...variant,
    problems: examination?.problems[variant.role] ?? null,
  }))
  return { ...view.report, variants, comparison: { ...view.report.comparison, ...reportedMeaning(examination) } }
}
