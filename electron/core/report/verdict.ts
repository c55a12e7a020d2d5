import { ledgerLabels } from '../compare/ledger-classes'
import { formatBytes, formatQuantity, formatRatio } from '../format'
import type { SurfaceCategory } from '../surface/surface'
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

const told: readonly (readonly [SurfaceCategory, string, string])[] = [
  ['shells', 'shell', 'shells'],
  ['packageManagers', 'package manager', 'package managers'],
  ['compilers', 'build tool', 'build tools'],
  ['setuid', 'setuid program', 'setuid programs'],
  ['packages', 'package', 'packages'],
]

/** The same for those who ask what exactly: where the bytes went, what an attacker loses or gains. Undefined while that is not known. */
export function detailedVerdict({
  comparison,
  variants,
}: Pick<CompareReport, 'variants' | 'comparison'>): string | undefined {
  const { ledger, surface, residue } = comparison
  if (ledger === null || surface === null || variants[0] === undefined) return undefined
  const left = ledger.filter((line) => !/^(shipped|shippedChanged|moved)$/.test(line.class) && line.bytes > 0)
  const largest = [...left].sort((a, b) => b.bytes - a.bytes).slice(0, 3)
  const where = largest.map((line) => `${formatBytes(line.bytes)} ${ledgerLabels[line.class].label.toLowerCase()}`)
  const change = (sign: 1 | -1): string[] =>
    told.flatMap(([category, one, many]) => {
      const line = surface.find((each) => each.category === category)
      const count = sign * ((line?.after ?? 0) - (line?.before ?? 0))
      return count > 0 ? [formatQuantity(count, one, many)] : []
    })
  const [fewer, more] = [change(-1), change(1)]
  const secrets = residue?.after.list.filter(({ secret }) => secret !== null).length ?? 0
  return [
    where.length === 0 ? 'Nothing of the image before is left out.' : `Left out: ${where.join(', ')}.`,
    ...(fewer.length === 0 ? [] : [`Fewer: ${fewer.join(', ')}.`]),
    ...(more.length === 0 ? [] : [`More: ${more.join(', ')}.`]),
    ...(secrets === 0
      ? []
      : [
          `The image after still carries ${formatQuantity(secrets, 'deleted file that looks', 'deleted files that look')} like a secret.`,
        ]),
  ].join(' ')
}
