import type { BuildSnapshot } from '../../electron/core/build/build-snapshot'
import type { EntryDetail } from '../../electron/core/compare/facts'
import type { UnionTree } from '../../electron/core/compare/union-tree'
import type { Rung } from '../../electron/core/ladder/ladder'
import type { Matrix } from '../../electron/core/matrix/matrix'
import type { ScanComparison } from '../../electron/core/packages/vulnerabilities'
import type { RunComparison } from '../../electron/core/run/run'
import type { ResidueFile } from '../../electron/core/surface/residue'
import type { VariantRole } from '../../electron/core/variants/variant'
import type { CutawayApi, Reply } from '../../electron/ipc/contract'
import type {
  BuildResult,
  ComparisonView,
  ExaminationView,
  MeasuredStages,
  ProjectView,
  VariantView,
} from '../../electron/ipc/views'
import type { SearchClasses } from '../treemap/filter'
import { createJob, idle, type Job, type JobState, type ProgressRule, type StartedJob } from './job'
import { type Store, slotOf } from './store'

// All long operations of the page: what each is about, how it reports, and what it returns.

export interface BuildSubject {
  /** As they were when the build began; the editor may be ahead. */
  readonly variants: ProjectView['variants']
  /** It came with a saved comparison: without logs, and cannot be built again. */
  readonly isSaved: boolean
}

export interface BuildProgress {
  /** What the engine does beside the steps: pulls, stand-ins. */
  readonly message: string | undefined
  readonly snapshots: { readonly [R in VariantRole]: BuildSnapshot }
}

/** How much of an image the engine has sent. */
export interface ReadBytes {
  readonly readBytes: number
  readonly expectedBytes: number
}

/** Where the images of a comparison come from: a build of the page's, or the names that the user gave. */
export type ComparisonSource =
  | { readonly kind: 'build'; readonly buildId: string }
  | { readonly kind: 'images'; readonly before: string; readonly after: string | undefined }

/** A comparison that can be shown. */
export interface Compared {
  readonly view: ComparisonView
  readonly tree: UnionTree
  /** The build that its images came from, where there was one. */
  readonly buildId: string | undefined
}

/** What the images' files say, and for each entry of the tree its class and package. */
export interface Analysis {
  readonly findings: ExaminationView
  readonly classes: SearchClasses
}

export interface OfComparison {
  readonly comparisonId: string
}

export interface BenchmarkProgress {
  readonly message: string | undefined
  /** Those that are built by now. */
  readonly rungs: readonly Rung[]
}

/** A file to be shown: a node of the union tree, or one that a later layer hides. */
export type OpenedFile =
  | { readonly kind: 'entry'; readonly comparisonId: string; readonly node: number }
  | {
      readonly kind: 'hidden'
      readonly comparisonId: string
      readonly side: VariantRole
      readonly file: ResidueFile
    }

/** The content of a file on one side, or its beginning. */
export interface SideContent {
  readonly bytes: Uint8Array
  /** `bytes` is only the beginning. */
  readonly isCut: boolean
  /** Of the whole file; undefined for what a link leads to. */
  readonly contentBytes: number | undefined
  readonly text: string | undefined
}

export interface EntryFileContent {
  readonly kind: 'entry'
  readonly detail: EntryDetail
  readonly before: Reply<SideContent> | undefined
  readonly after: Reply<SideContent> | undefined
}

export interface HiddenFileContent {
  readonly kind: 'hidden'
  readonly content: SideContent
}

/** For each job its value, its subject and its progress. */
interface JobTypes {
  readonly build: [BuildResult, BuildSubject, BuildProgress]
  readonly comparison: [Compared, ComparisonSource, ReadBytes | undefined]
  readonly analysis: [Analysis, OfComparison, undefined]
  readonly run: [RunComparison, OfComparison, string | undefined]
  readonly buildTimes: [Matrix, OfComparison, string | undefined]
  readonly scan: [ScanComparison, OfComparison, string | undefined]
  /** Sizes of stages; null where measuring takes long and was not asked for. */
  readonly stages: [MeasuredStages | null, { readonly buildId: string }, string | undefined]
  readonly benchmark: [readonly Rung[], { readonly folder: string }, BenchmarkProgress]
  readonly file: [EntryFileContent | HiddenFileContent, OpenedFile, ReadBytes | undefined]
}

type JobName = keyof JobTypes
type Value<N extends JobName> = JobTypes[N][0]
type Subject<N extends JobName> = JobTypes[N][1]
type Progress<N extends JobName> = JobTypes[N][2]

/** The state of one of the jobs. */
export type StateOf<N extends JobName> = JobState<Value<N>, Subject<N>, Progress<N>>
/** A build that was begun at some time. */
export type StartedBuild = StartedJob<Value<'build'>, Subject<'build'>, Progress<'build'>>

/** The states of all jobs. */
export type JobStates = { readonly [N in JobName]: StateOf<N> }
export type Jobs = { readonly [N in JobName]: Job<Value<N>, Subject<N>, Progress<N>> }

export const idleJobs: JobStates = {
  build: idle,
  comparison: idle,
  analysis: idle,
  run: idle,
  buildTimes: idle,
  scan: idle,
  stages: idle,
  benchmark: idle,
  file: idle,
}

const silent: ProgressRule<unknown, undefined> = { first: () => undefined, next: (progress) => progress }

const messages: ProgressRule<unknown, string | undefined> = {
  first: () => undefined,
  next: (message, event) => (event.kind === 'message' ? event.text : message),
}

const reading: ProgressRule<unknown, ReadBytes | undefined> = {
  first: () => undefined,
  next: (read, event) => (event.kind === 'read' ? event : read),
}

/** A new state of the steps ends whatever the engine did beside them. */
const building: ProgressRule<BuildSubject, BuildProgress> = {
  first: ({ variants: { before, after } }) => ({
    message: undefined,
    snapshots: { before: queued(before), after: queued(after) },
  }),
  next: (progress, event) => {
    if (event.kind === 'message') return { ...progress, message: event.text }
    if (event.kind !== 'build') return progress
    return { message: undefined, snapshots: { ...progress.snapshots, [event.role]: event.snapshot } }
  },
}

const queued = ({ steps }: VariantView): BuildSnapshot => ({ steps, activity: undefined, imageId: undefined })

const benchmarking: ProgressRule<unknown, BenchmarkProgress> = {
  first: () => ({ message: undefined, rungs: [] }),
  next: (progress, event) => {
    if (event.kind === 'message') return { ...progress, message: event.text }
    return event.kind === 'ladder' ? { ...progress, rungs: event.rungs } : progress
  },
}

/** Makes all jobs, with their states in this store. */
export function createJobs(api: CutawayApi, store: Store<JobStates>): Jobs {
  return {
    build: createJob(api, slotOf(store, 'build'), building),
    comparison: createJob(api, slotOf(store, 'comparison'), reading),
    analysis: createJob(api, slotOf(store, 'analysis'), silent),
    run: createJob(api, slotOf(store, 'run'), messages),
    buildTimes: createJob(api, slotOf(store, 'buildTimes'), messages),
    scan: createJob(api, slotOf(store, 'scan'), messages),
    stages: createJob(api, slotOf(store, 'stages'), messages),
    benchmark: createJob(api, slotOf(store, 'benchmark'), benchmarking),
    file: createJob(api, slotOf(store, 'file'), reading),
  }
}
