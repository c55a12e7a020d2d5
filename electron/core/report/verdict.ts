import { formatBytes, formatQuantity, formatRatio } from '../format'
import type { CompareReport } from './compare-report'

/** The outcome in one sentence, good news or bad. */
export function verdict({ variants, comparison }: Pick<CompareReport, 'variants' | 'comparison'>): string {
  const [before, after] = variants
  if (!before || !after) return 'There is nothing to compare.'
  const sizes = `${formatBytes(before.unpackedBytes)} against ${formatBytes(after.unpackedBytes)} unpacked`
  const isSame = comparison.removed.entries + comparison.added.entries + comparison.changed.entries === 0
  if (isSame && before.unpackedBytes === after.unpackedBytes)
    return `No differences: both are ${formatBytes(before.unpackedBytes)}.`
  const ratio = formatRatio(before.unpackedBytes, after.unpackedBytes)
  const files = `${formatQuantity(before.entries, 'entry', 'entries')} against ${formatQuantity(after.entries, 'entry', 'entries')}`
  const error = after.problems?.find(({ severity }) => severity === 'error')
  const start = `The ${after.name} image is ${ratio}: ${sizes}, ${files}.${error ? ` But it will not run: ${error.what}` : ''}`
  return after.unpackedBytes < before.unpackedBytes ? start : `${start} For this project it does not pay in size.`
}
