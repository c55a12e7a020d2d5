import type { ComparisonFacts } from '../core/compare/facts'
import { fieldsOf, isTexts } from '../core/image/check-config'
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

/** Whether JSON of a file has at least the parts that are shown without asking whether they are there. */
export function isSavedPage(page: unknown): page is SavedPage {
  const { report } = fieldsOf(fieldsOf(page).view)
  const { project, engine, comparison, standIns, variants } = fieldsOf(report)
  return (
    isTexts([project, fieldsOf(engine).name]) &&
    isTexts(standIns) &&
    typeof comparison === 'object' &&
    comparison !== null &&
    Array.isArray(variants) &&
    variants.length === 2 &&
    variants.map(fieldsOf).every(({ layers, ...variant }) => Array.isArray(layers) && isNamed(variant))
  )
}

const isNamed = ({ name, role, dockerfile, reference }: Readonly<Record<string, unknown>>): boolean =>
  isTexts([name, role, dockerfile, reference])

/** What a page is told of a comparison that was saved, under the id that it has now. */
export function reopenedView(
  { view, examination, build }: SavedPage,
  { comparisonId, facts }: { readonly comparisonId: string; readonly facts: ComparisonFacts },
): ComparisonView {
  return { ...view, comparisonId, facts, origin: 'saved', saved: { examination, build } }
}
