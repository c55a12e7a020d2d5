import { formatBytes, formatElapsed } from '../format'

export const matrixCases = ['cold', 'warm', 'source', 'dependency'] as const
export type MatrixCase = (typeof matrixCases)[number]

export const matrixCaseLabel: Readonly<Record<MatrixCase, string>> = {
  cold: 'from nothing',
  warm: 'nothing changed',
  source: 'after a source edit',
  dependency: 'after an edit of the dependencies',
}

/** Times of one variant in one case. */
export interface MatrixCell {
  /** Of each run, in the order of the runs. */
  readonly runsMs: readonly number[]
  readonly medianMs: number
  readonly lowestMs: number
  readonly highestMs: number
  /** Of the last run: steps, and how many of them the cache gave. */
  readonly steps: number
  readonly cachedSteps: number
}

export interface MatrixRow {
  readonly case: MatrixCase
  /** The file that was changed, in what the engine was sent; undefined for cold and warm. */
  readonly edited: string | undefined
  readonly before: MatrixCell
  readonly after: MatrixCell
}

/** What is pushed, and pulled again, when the image was built anew. */
export interface ShipCost {
  readonly layers: number
  readonly unpackedBytes: number
  /** As a registry stores them: compressed with gzip, and counted. */
  readonly transferBytes: number
}

export interface ShipCosts {
  /** The whole image, for a node that has nothing of it. */
  readonly whole: ShipCost
  /** Layers that are new after the edit; undefined where there was no file to edit. */
  readonly source: ShipCost | undefined
  readonly dependency: ShipCost | undefined
}

export interface Matrix {
  readonly runs: number
  /** Cases without a file to edit are left out. */
  readonly rows: readonly MatrixRow[]
  /** Base images were there before the first run; their pull is in no number. */
  readonly ship: { readonly before: ShipCosts; readonly after: ShipCosts }
}

export function matrixCell(runsMs: readonly number[], steps: number, cachedSteps: number): MatrixCell {
  const sorted = [...runsMs].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const medianMs = sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
  return { runsMs, medianMs, lowestMs: sorted[0]!, highestMs: sorted.at(-1)!, steps, cachedSteps }
}

/** Two times are the same when their ranges touch, or differ by less than a tenth of a second. */
export function fasterSide({ before, after }: Pick<MatrixRow, 'before' | 'after'>): 'before' | 'after' | 'same' {
  if (Math.abs(before.medianMs - after.medianMs) < 100) return 'same'
  if (before.lowestMs > after.highestMs) return 'after'
  return after.lowestMs > before.highestMs ? 'before' : 'same'
}

/** A sentence for each case, also where the smaller image loses. */
export function matrixSentences({ rows, ship }: Matrix): string[] {
  const sentences = rows.map((row) => {
    const label = matrixCaseLabel[row.case]
    const times = `${formatElapsed(row.before.medianMs)} before, ${formatElapsed(row.after.medianMs)} after`
    const faster = fasterSide(row)
    if (faster === 'same') return `Built ${label}: no difference (${times}).`
    return faster === 'after'
      ? `Built ${label}, after is faster: ${times}.`
      : `Built ${label}, after is slower: ${times}. Here it does not pay.`
  })
  const { before, after } = ship
  if (before.source && after.source)
    sentences.push(
      `After a source edit ${formatBytes(before.source.transferBytes)} are pushed and pulled again before, ${formatBytes(after.source.transferBytes)} after.`,
    )
  return sentences
}

/** Seconds that so many bytes take, and bytes for all nodes. */
export function shipping(
  { transferBytes }: ShipCost,
  { megabits, nodes }: { readonly megabits: number; readonly nodes: number },
): { readonly seconds: number; readonly allBytes: number } {
  return { seconds: (transferBytes * 8) / (megabits * 1e6), allBytes: transferBytes * nodes }
}
