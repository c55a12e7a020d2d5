import { layerOrigins } from '../core/build/layer-origins'
import type { ComparisonFacts } from '../core/compare/facts'
import { describeFailure } from '../core/describe-failure'
import { EngineError } from '../core/failure'
import type { CompareReport } from '../core/report/compare-report'
import type { Variant, VariantRole } from '../core/variants/variant'
import type { BuildOutcome } from '../engine/docker/build-variants'
import type { EngineClient } from '../engine/docker/client'
import { measureStages } from '../engine/measure/stage-sizes'
import type { Project } from '../engine/project/open-project'
import type { ImageStore } from '../engine/store/image-store'
import { reportFile } from '../engine/store/report-file'
import { writeUserFile } from '../engine/store/user-files'
import { finishedBuild } from '../ipc/finished-build'
import { type SavedPage, withoutPlaces } from '../ipc/saved-page'
import type { ComparisonView, ExaminationView } from '../ipc/views'

export interface BuiltComparison {
  readonly comparisonId: string
  readonly project: Project
  readonly pair: { readonly [R in VariantRole]: Variant }
  readonly outcome: BuildOutcome
  readonly facts: ComparisonFacts
  readonly report: CompareReport
  readonly examination: ExaminationView
}

export interface SaveOptions {
  readonly client: EngineClient
  readonly store: ImageStore
  readonly signal: AbortSignal
  readonly print: (line: string) => void
  /** What must not be in it; undefined keeps all. */
  readonly secrets: readonly string[] | undefined
}

/** Where to keep a comparison; undefined does not. */
export interface SavePlaces {
  readonly comparison: string | undefined
  readonly report: string | undefined
}

/** Writes a comparison as the app does that shows it, the sizes of its stages included. Throws what writing throws, and cancelled. */
export async function saveComparison(
  { comparison, report }: SavePlaces,
  built: BuiltComparison,
  { reportPage, ...options }: SaveOptions & { readonly reportPage: string },
): Promise<void> {
  if (comparison === undefined && report === undefined) return
  const saved = await savedComparison(built, options)
  if (comparison !== undefined) await writeUserFile(comparison, saved)
  if (report !== undefined) await writeUserFile(report, await reportFile(reportPage, saved))
}

async function savedComparison(
  { comparisonId, project, pair, outcome, facts, report, examination }: BuiltComparison,
  { client, store, signal, print, secrets }: SaveOptions,
): Promise<Uint8Array> {
  const origins = ({ role, staged, target }: Variant): ReturnType<typeof layerOrigins> =>
    layerOrigins(facts[role].layers, staged, target)
  const view: ComparisonView = {
    comparisonId,
    facts,
    report,
    origin: 'build',
    layerOrigins: { before: origins(pair.before), after: origins(pair.after) },
    isSingle: false,
  }
  const stageOptions = { folder: project.folder, isAsked: false, signal, onMessage: print }
  // What was built and compared is not lost for that.
  const stages = await measureStages(client, pair, stageOptions).catch((error: unknown) => {
    if (signal.aborted || !(error instanceof EngineError)) throw error
    print(`The stages were not measured. ${describeFailure(error.failure).title}`)
    return null
  })
  const page: SavedPage = { view, examination, build: { ...finishedBuild(project, outcome), stages } }
  return store.save(comparisonId, withoutPlaces(page), secrets)
}
