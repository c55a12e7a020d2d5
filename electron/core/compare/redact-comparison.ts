import type { Variables } from '../dockerfile/words'
import { formatQuantity } from '../format'
import type { ImageIndex } from '../image/image-index'
import { createRedactor, findSecrets, redactedMark } from '../surface/redact'
import type { SavedComparison } from './saved-comparison'

type Described = Pick<SavedComparison, 'before' | 'after' | 'page'>

const textsOf = ({ config, layers }: ImageIndex): unknown => [config, layers.map(({ createdBy }) => createdBy)]

/** What looks like a secret in two images' configs and in what is said of them. `given` are build arguments. */
export const comparisonSecrets = ({ before, after, page }: Described, given: Variables): string[] =>
  findSecrets([textsOf(before), textsOf(after), page], given)

/** A comparison to be shared: without these secrets, and any that are told by their names or forms. */
export function redactComparison(comparison: SavedComparison, secrets: readonly string[]): SavedComparison {
  const { redact } = createRedactor(secrets)
  const image = (index: ImageIndex): ImageIndex => ({
    ...index,
    config: redact(index.config),
    layers: index.layers.map((layer) => ({ ...layer, createdBy: redact(layer.createdBy) })),
  })
  const { before, after, page } = comparison
  return { ...comparison, before: image(before), after: image(after), page: redact(page) }
}

/** A report to be shared, and how many secrets were in it. */
export function redactReport<T extends object>(
  report: T,
  secrets: readonly string[],
): T & { readonly redactedValues?: number } {
  const redactor = createRedactor(secrets)
  const shared = redactor.redact(report)
  const count = new Set([...secrets, ...redactor.found]).size
  return count === 0 ? shared : { ...shared, redactedValues: count }
}

/** "2 values that look like secrets were replaced by [redacted]." */
export function redactionNote(count: number): string {
  const values = formatQuantity(count, 'value that looks like a secret was', 'values that look like secrets were')
  return `${values} replaced by ${redactedMark}.`
}
