import type { z } from 'zod'
import type { BuildSnapshot } from '../core/build/build-snapshot'
import type { EntryDetail } from '../core/compare/facts'
import type { Failure } from '../core/failure'
import type { Rung } from '../core/ladder/ladder'
import type { Matrix } from '../core/matrix/matrix'
import type { ScanComparison } from '../core/packages/vulnerabilities'
import type { RunComparison } from '../core/run/run'
import type { VariantRole } from '../core/variants/variant'
import type { inputs } from './inputs'
import type {
  AppState,
  BuildResult,
  ComparisonView,
  EngineImage,
  EngineOptionView,
  EngineStatus,
  ExaminationView,
  FinishedBuild,
  FolderListing,
  MeasuredStages,
  ProjectView,
  RecentProject,
  SettingsState,
  VariantView,
} from './views'

export type RequestName = keyof typeof inputs
export type Input<N extends RequestName> = z.infer<(typeof inputs)[N]>

/** What each request resolves to. */
export interface Outputs {
  'app.state': AppState
  'engine.status': EngineStatus
  /** All engines that are known of. */
  'engine.list': readonly EngineOptionView[]
  'engine.choose': EngineStatus
  /** Undefined when the user closed the dialog, or where the host has none. */
  'folder.choose': string | undefined
  /** A saved image or comparison, as folder.choose. */
  'file.choose': string | undefined
  'folder.list': FolderListing
  'project.open': ProjectView
  /** Newest first. */
  'recent.state': readonly RecentProject[]
  'recent.forget': readonly RecentProject[]
  /** Another choice for one side, or the user's text for it. */
  'variant.view': VariantView
  'variant.build': BuildResult
  'build.log': readonly string[]
  /** Null where that would take long and was not asked for by the user. */
  'build.stages': MeasuredStages | null
  /** All variants that were asked for, in that order. */
  'ladder.build': readonly Rung[]
  /** Two rungs as a build that is finished: to be compared under the given buildId. */
  'ladder.pair': FinishedBuild
  /** Images of the engine that have a name, by name. */
  'image.list': readonly EngineImage[]
  /** Two images that are there already, or one, or a comparison that was saved; nothing is built. */
  'image.open': ComparisonView
  'image.examine': ExaminationView
  'comparison.open': ComparisonView
  'comparison.examine': ExaminationView
  /** See packClasses; binary. Only after comparison.examine. */
  'comparison.classes': Uint8Array
  /** Values that look like secrets, which a file of the comparison does not have unless it is asked for. */
  'comparison.secrets': readonly string[]
  /** The comparison as a file that `image.open` opens; binary. */
  'comparison.save': Uint8Array
  /** The same as a page that shows it in any browser, without a host; binary, HTML. */
  'comparison.report': Uint8Array
  'comparison.scan': ScanComparison
  'comparison.run': RunComparison
  'comparison.matrix': Matrix
  /** See packUnionTree; binary. */
  'comparison.tree': Uint8Array
  'comparison.entry': EntryDetail
  /** The content of a file, or its beginning; binary. */
  'comparison.file': Uint8Array
  /** The same of a file that later layers hide. */
  'comparison.hidden': Uint8Array
  'settings.state': SettingsState
  'settings.change': SettingsState
  'cache.clear': SettingsState
  'job.cancel': undefined
}

/** What answers each request, behind the checks of its input. */
export type Handlers = { readonly [N in RequestName]: (input: Input<N>) => Promise<Outputs[N]> }

export type JobProgress =
  | { readonly kind: 'message'; readonly text: string }
  | { readonly kind: 'build'; readonly role: VariantRole; readonly snapshot: BuildSnapshot }
  | { readonly kind: 'ladder'; readonly rungs: readonly Rung[] }
  | { readonly kind: 'read'; readonly readBytes: number; readonly expectedBytes: number }

/** What hosts push to the renderer. */
export type HostEvent =
  | { readonly kind: 'job'; readonly jobId: string; readonly progress: JobProgress }
  | { readonly kind: 'open'; readonly path: string }

export type Reply<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure }

/** What the renderer has, whichever host carries it. */
export interface CutawayApi {
  request<N extends RequestName>(name: N, input: Input<N>): Promise<Reply<Outputs[N]>>
  /** Gives a function that ends the subscription. */
  onEvent(listener: (event: HostEvent) => void): () => void
  /** The path of a dropped file or folder; '' where the host cannot know it. */
  pathOf(file: unknown): string
}
