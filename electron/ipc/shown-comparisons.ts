import { EngineError } from '../core/failure'
import type { ImageStore, OpenedSaved } from '../engine/store/image-store'
import { Sessions } from './sessions'
import type { ComparisonView, ExaminationView } from './views'

/** All that a page is told of a comparison but its tree. */
interface Page {
  readonly view: ComparisonView
  readonly examination: ExaminationView | undefined
}

/** What pages were told, so that it can be saved with the comparison, and told again when that is opened. */
export class ShownComparisons {
  readonly #pages = new Sessions<Page>('comparison')

  opened(view: ComparisonView): ComparisonView {
    this.#pages.keep(view.comparisonId, { view, examination: undefined })
    return view
  }

  examined(comparisonId: string, examination: ExaminationView): ExaminationView {
    this.#pages.keep(comparisonId, { ...this.#pages.find(comparisonId), examination })
    return examination
  }

  /** What a saved comparison was told to be, under the id that it has now. Throws comparison-invalid. */
  reopened(path: string, { comparisonId, facts, page }: OpenedSaved): ComparisonView {
    if (!isPage(page))
      throw new EngineError({ code: 'comparison-invalid', path, problem: 'its description is missing' })
    const view = { ...page.view, comparisonId, facts, origin: 'saved' as const }
    this.#pages.keep(comparisonId, { view, examination: page.examination ?? undefined })
    return view
  }

  /** Of a saved comparison: what was found before it was saved. Undefined for any other, and where nothing was. */
  savedExamination(comparisonId: string): ExaminationView | undefined {
    const { view, examination } = this.#pages.find(comparisonId)
    return view.origin === 'saved' ? examination : undefined
  }

  save(store: ImageStore, comparisonId: string): Promise<Uint8Array> {
    return store.save(comparisonId, this.#pages.find(comparisonId))
  }
}

function isPage(page: unknown): page is Page {
  const { view } = (page ?? {}) as Partial<Page>
  return Array.isArray(view?.report?.variants) && view.report.variants.length === 2
}
