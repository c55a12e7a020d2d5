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
}

/** What pages were told, so that it can be saved with the comparison, and told again when that is opened. */
export class ShownComparisons {
  readonly #shown = new Sessions<Shown>('comparison')

  opened(view: ComparisonView, build: Shown['build'] = () => undefined): ComparisonView {
    this.#shown.keep(view.comparisonId, { view, examination: undefined, build })
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
    this.#shown.keep(opened.comparisonId, { view, examination: page.examination, build: () => page.build })
    return view
  }

  save(store: ImageStore, comparisonId: string): Promise<Uint8Array> {
    const { view, examination, build } = this.#shown.find(comparisonId)
    return store.save(comparisonId, withoutPlaces({ view, examination, build: build() }))
  }
}
