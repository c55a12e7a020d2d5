import { formatBytes, formatElapsed, formatQuantity } from '../format'
import { type Matrix, type MatrixCell, matrixCaseLabel, matrixSentences, type ShipCost } from '../matrix/matrix'
import type { Section } from './section'

/** Build times and shipping, in two tables and some sentences. */
export function matrixSections(matrix: Matrix): readonly Section[] {
  const { rows, ship, runs } = matrix
  const time = ({ medianMs, lowestMs, highestMs, cachedSteps, steps }: MatrixCell): string => {
    const spread = runs > 1 ? ` (${formatElapsed(lowestMs)} to ${formatElapsed(highestMs)})` : ''
    return `${formatElapsed(medianMs)}${spread}, ${cachedSteps} of ${steps} cached`
  }
  const cost = (each: ShipCost | undefined): string =>
    each === undefined ? '-' : `${formatBytes(each.transferBytes)} in ${formatQuantity(each.layers, 'layer')}`
  return [
    [
      [`build time, ${runs === 1 ? 'one run' : `median of ${runs} runs`}`, 'before', 'after'],
      ...rows.map((row) => {
        const edited = row.edited === undefined ? '' : ` (${row.edited})`
        return [`${matrixCaseLabel[row.case]}${edited}`, time(row.before), time(row.after)]
      }),
    ],
    [
      ['to push and to pull, compressed', 'before', 'after'],
      ['the whole image', cost(ship.before.whole), cost(ship.after.whole)],
      ['after a source edit', cost(ship.before.source), cost(ship.after.source)],
      ['after an edit of the dependencies', cost(ship.before.dependency), cost(ship.after.dependency)],
    ],
    matrixSentences(matrix).join('\n'),
  ]
}
