import { redactReport } from '../core/compare/redact-comparison'
import type { Variables } from '../core/dockerfile/words'
import { EngineError } from '../core/failure'
import type { CompareReport } from '../core/report/compare-report'
import type { ImageStore, OpenedSaved } from '../engine/store/image-store'
import { isSavedPage, reopenedView, type SavedPage, withoutPlaces } from './saved-page'
import { Sessions } from './sessions'
import type { ComparisonView, ExaminationView, SavedBuild } from './views'

type Measured = Partial<Pick<CompareReport, 'run' | 'matrix' | 'vulnerabilities'>>

interface Shown extends Omit<SavedPage, 'build'> {
  /** What is known of its build by now. */
  readonly build: () => SavedBuild | undefined
  /** Build arguments, which may be secrets. */
  readonly given: () => Variables
}

/** What pages were told, so that it can be saved with the comparison, and told again when that is opened. */
export class ShownComparisons {
  readonly #shown = new Sessions<Shown>('comparison')

  opened(
    view: ComparisonView,
    { build, given }: Pick<Shown, 'build' | 'given'> = { build: () => undefined, given: () => ({}) },
  ): ComparisonView {
    this.#shown.keep(view.comparisonId, { view, examination: undefined, build, given })
    return view
  }

  examined(comparisonId: string, examination: ExaminationView): ExaminationView {
    this.#shown.keep(comparisonId, { ...this.#shown.find(comparisonId), examination })
    return examination
  }

  /** What the user asked for afterwards stands in the report from then on. */
  measured<T extends Measured>(comparisonId: string, measured: T): T {
    const { view, ...rest } = this.#shown.find(comparisonId)
    this.#shown.keep(comparisonId, { ...rest, view: { ...view, report: { ...view.report, ...measured } } })
    return measured
  }

  /** What a saved comparison was told to be, under the id that it has now. Throws comparison-invalid. */
  reopened(path: string, { page, ...opened }: OpenedSaved): ComparisonView {
    if (!isSavedPage(page))
      throw new EngineError({ code: 'comparison-invalid', path, problem: 'its description is missing' })
    const view = reopenedView(page, opened)
    const { examination, build } = page
    this.#shown.keep(opened.comparisonId, { view, examination, build: () => build, given: () => ({}) })
    return view
  }

  /** What looks like a secret in what would be saved. */
  secrets(store: ImageStore, comparisonId: string): Promise<string[]> {
    return store.secrets(comparisonId, this.#page(comparisonId), this.#shown.find(comparisonId).given())
  }

  async save(store: ImageStore, comparisonId: string, includesSecrets: boolean): Promise<Uint8Array> {
    const page = this.#page(comparisonId)
    if (includesSecrets) return store.save(comparisonId, page, undefined)
    const secrets = await this.secrets(store, comparisonId)
    const report = redactReport(page.view.report, secrets)
    return store.save(comparisonId, { ...page, view: { ...page.view, report } }, secrets)
  }

  #page(comparisonId: string): SavedPage {
    const { view, examination, build } = this.#shown.find(comparisonId)
    return withoutPlaces({ view, examination, build: build() })
  }
}
