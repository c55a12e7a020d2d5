import type { BuildSnapshot } from '../../electron/core/build/build-snapshot'
import type { UnionTree } from '../../electron/core/compare/union-tree'
import type { Failure } from '../../electron/core/failure'
import { withBytes } from '../../electron/core/findings/savings/measured'
import { type CompareReport, reportedMeaning } from '../../electron/core/report/compare-report'
import type { VariantRole } from '../../electron/core/variants/variant'
import type { ComparisonView, ExaminationView } from '../../electron/ipc/views'
import type { Matches } from '../treemap/find-matches'
import type { ShownLayers } from '../treemap/groupings'
import type { ShownTree } from '../treemap/shown-tree'
import { type Explored, matchesOf, originOf, pathOfNode, shownBy } from './explorer-state'
import { jobAbout, resultOf } from './job'
import type { Analysis, Compared, StartedBuild, StateOf } from './jobs'
import { memoizeLast } from './memoize'
import type { PageState } from './page'
import type { StepName, StepSelection } from './workspace'

// What the page shows, computed from its state. Whatever costs something is kept until what it is made of changes.

/** The comparison that is shown. */
export const comparedIn = ({ jobs }: PageState): Compared | undefined => resultOf(jobs.comparison)

/** The analysis of the images that are shown, whatever state it is in. */
export function analysisIn(state: PageState): StateOf<'analysis'> {
  const comparisonId = comparedIn(state)?.view.comparisonId
  return comparisonId === undefined ? { kind: 'idle' } : jobAbout(state.jobs.analysis, { comparisonId })
}

const analyzedIn = (state: PageState): Analysis | undefined => resultOf(analysisIn(state))

/** What the images' files say; undefined until they are analyzed. */
export const findingsIn = (state: PageState): ExaminationView | undefined => analyzedIn(state)?.findings

/** The build that is shown, whatever state it is in. */
export const buildIn = ({ jobs: { build } }: PageState): StartedBuild | undefined =>
  build.kind === 'idle' ? undefined : build

export const isBuilding = ({ jobs }: PageState): boolean => jobs.build.kind === 'running'

/** Both images are being read. */
export const isReading = ({ jobs }: PageState): boolean => jobs.comparison.kind === 'running'

/** Why there is no comparison, or no analysis of it. */
export function comparisonFailure(state: PageState): Failure | undefined {
  const { comparison } = state.jobs
  if (comparison.kind === 'failed') return comparison.failure
  if (comparison.kind === 'cancelled') return cancelled
  const analysis = analysisIn(state)
  return analysis.kind === 'failed' ? analysis.failure : undefined
}

const cancelled: Failure = { code: 'cancelled' }

/** The steps of one side's build as they are now. */
export const snapshotOf = (build: StartedBuild, role: VariantRole): BuildSnapshot =>
  build.kind === 'done' ? build.value[role].snapshot : build.progress.snapshots[role]

/** Which steps of the page can be opened now. */
export function isReachable(state: PageState, step: StepName): boolean {
  const { app, project } = state.workspace
  if (step === 'source') return app?.host !== 'report'
  if (step === 'variants') return project !== undefined
  if (step === 'build') return state.jobs.build.kind !== 'idle'
  const compared = comparedIn(state)
  return compared !== undefined && (step === 'compare' || !compared.view.isSingle)
}

/** The step whose log is worth seeing: the one under the pointer, else the chosen one, else one that failed, else one that runs, else the last that ran. */
export function shownStep(state: PageState): StepSelection | undefined {
  const { pointedStep, selectedStep } = state.workspace
  const build = buildIn(state)
  return pointedStep ?? selectedStep ?? (build && telling(build))
}

const telling = memoizeLast((build: StartedBuild): StepSelection | undefined => {
  const found = (states: readonly string[]): StepSelection | undefined => {
    for (const role of ['before', 'after'] as const) {
      const at = snapshotOf(build, role).steps.findLastIndex((step) => states.includes(step.state))
      if (at >= 0) return { role, at }
    }
    return undefined
  }
  return found(['failed']) ?? found(['running']) ?? found(['done', 'cached'])
})

/** The comparison of the images of the build that is shown. */
export function comparisonOfBuild(state: PageState): ComparisonView | undefined {
  const compared = comparedIn(state)
  return compared && compared.buildId === buildIn(state)?.id ? compared.view : undefined
}

/** What is compared, by name: the project, else the images. */
export function subjectOf({ report, isSingle }: ComparisonView): string {
  const names = report.variants.map(({ name }) => name)
  return report.project.split(/[\\/]/).at(-1) || (isSingle ? names[0]! : names.join(' and '))
}

const reportOf = memoizeLast((view: ComparisonView, findings: ExaminationView | undefined): CompareReport => {
  const variants = view.report.variants.map((variant) => ({
    ...variant,
    problems: findings?.problems[variant.role] ?? null,
  }))
  return { ...view.report, variants, comparison: { ...view.report.comparison, ...reportedMeaning(findings) } }
})

/** The report with what is known by now of what the images' files say. */
export function reportIn(state: PageState): CompareReport | undefined {
  const compared = comparedIn(state)
  return compared && reportOf(compared.view, findingsIn(state))
}

/** All that is known of the comparison, with what was measured afterwards; made when it is saved. */
export function wholeReport(state: PageState): CompareReport | undefined {
  const report = reportIn(state)
  const compared = comparedIn(state)
  if (!report || !compared) return undefined
  const { comparisonId } = compared.view
  const { build, run, buildTimes, scan } = state.jobs
  const findings = findingsIn(state)
  const built = build.kind !== 'idle' && build.id === compared.buildId ? build.subject.variants : undefined
  const variants = report.variants.map((variant) => ({
    ...variant,
    findings: built && findings ? withBytes(built[variant.role].findings, findings.savings[variant.role]) : null,
  }))
  return {
    ...report,
    variants,
    run: resultOf(jobAbout(run, { comparisonId })) ?? null,
    matrix: resultOf(jobAbout(buildTimes, { comparisonId })) ?? null,
    vulnerabilities: resultOf(jobAbout(scan, { comparisonId })) ?? null,
  }
}

const layersOf = memoizeLast(
  ({ facts }: ComparisonView): ShownLayers => ({ before: facts.before.layers, after: facts.after.layers }),
)

/** What the explorer looks at. */
export function exploredIn(state: PageState): Explored | undefined {
  const compared = comparedIn(state)
  if (!compared) return undefined
  return { union: compared.tree, classes: analyzedIn(state)?.classes, layers: layersOf(compared.view) }
}

/** The tree that map and table show, with the ways back to the union. */
export function shownIn(state: PageState): ShownTree | undefined {
  const explored = exploredIn(state)
  return explored && shownBy(explored, state.explorer)
}

export const treeIn = (state: PageState): UnionTree | undefined => shownIn(state)?.tree

/** Where a node of the shown tree is in the images; a group's name for a group. */
export function pathIn(state: PageState, node: number): string {
  const explored = exploredIn(state)
  return explored ? pathOfNode(explored.union, shownBy(explored, state.explorer), node) : ''
}

/** What the search finds, or what is wrong with it; undefined where nothing is searched. */
export function matchesIn(state: PageState): Matches | undefined {
  const shown = shownIn(state)
  return shown && matchesOf(shown, state.explorer.query)
}

/** The union's node of what is selected; undefined where nothing is, or a group. */
export function selectedOrigin(state: PageState): number | undefined {
  const { selection } = state.explorer
  const shown = shownIn(state)
  return selection === undefined || !shown ? undefined : originOf(shown, selection)
}

/** The variants that are built side by side: what was ticked, else all but the copies to edit. */
export function benchmarkedIds({ workspace: { project, benchmarkChoice } }: PageState): readonly string[] {
  if (!project) return none
  const ids = benchmarkChoice?.folder === project.folder ? benchmarkChoice.ids : undefined
  return chosenOf(project.offers, ids)
}

const none: readonly string[] = []

const chosenOf = memoizeLast(
  (offers: readonly { readonly id: string }[], ids: ReadonlySet<string> | undefined): readonly string[] =>
    offers.map(({ id }) => id).filter((id) => (ids ? ids.has(id) : !id.startsWith('copy:'))),
)
