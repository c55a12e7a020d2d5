import type { ComparisonFacts } from '../core/compare/facts'
import type { ComparisonView, KeptFacts } from './views'

// Pure, and used by the page of a report too.

/** All that a saved comparison has beside its images: what a page was told of it. */
export interface SavedPage extends KeptFacts {
  readonly view: ComparisonView
}

/** A file that is shared tells the project's name, not where it lies, nor where the engine is. */
export function withoutPlaces({ view: { saved: _kept, ...view }, ...page }: SavedPage): SavedPage {
  const { project, engine, ...report } = view.report
  const name = project.split(/[\\/]/).at(-1)!
  return { ...page, view: { ...view, report: { ...report, project: name, engine: { ...engine, address: '' } } } }
}

export function isSavedPage(page: unknown): page is SavedPage {
  const { view } = (page ?? {}) as Partial<SavedPage>
  return Array.isArray(view?.report?.variants) && view.report.variants.length === 2
}

/** What a page is told of a comparison that was saved, under the id that it has now. */
export function reopenedView(
  { view, examination, build }: SavedPage,
  { comparisonId, facts }: { readonly comparisonId: string; readonly facts: ComparisonFacts },
): ComparisonView {
  return { ...view, comparisonId, facts, origin: 'saved', saved: { examination, build } }
}
