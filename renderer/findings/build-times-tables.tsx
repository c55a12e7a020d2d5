import { type ReactElement, useState } from 'react'
import { formatBytes, formatElapsed, formatQuantity } from '../../electron/core/format'
import {
  fasterSide,
  type Matrix,
  type MatrixCell,
  type MatrixRow,
  matrixCaseLabel,
  type ShipCost,
  shipping,
} from '../../electron/core/matrix/matrix'
import { DataTable } from '../shared/data-table'
import { NumberField } from '../shared/form-parts'

const verdicts = { after: 'after is faster', before: 'after is slower: here it does not pay', same: 'no difference' }

/** Times of every case, with their spread. */
export function MatrixTable({ matrix }: { readonly matrix: Matrix }): ReactElement {
  const longest = Math.max(...matrix.rows.flatMap(({ before, after }) => [before.medianMs, after.medianMs]))
  const built = matrix.runs === 1 ? 'Built, one run' : `Built, median of ${matrix.runs} runs`
  return (
    <DataTable className="run-table matrix" columns={[built, 'Before', 'After', 'So']}>
      {matrix.rows.map((row) => (
        <MatrixTableRow key={row.case} row={row} longest={longest} />
      ))}
    </DataTable>
  )
}

function MatrixTableRow({ row, longest }: { readonly row: MatrixRow; readonly longest: number }): ReactElement {
  return (
    <tr>
      <th scope="row">
        {matrixCaseLabel[row.case]}
        {row.edited !== undefined && <small>{row.edited}</small>}
      </th>
      <td>
        <Time cell={row.before} longest={longest} side="before" />
      </td>
      <td>
        <Time cell={row.after} longest={longest} side="after" />
      </td>
      <td>{verdicts[fasterSide(row)]}</td>
    </tr>
  )
}

interface TimeProps {
  readonly cell: MatrixCell
  readonly longest: number
  readonly side: 'before' | 'after'
}

function Time({ cell, longest, side }: TimeProps): ReactElement {
  const { medianMs, lowestMs, highestMs, runsMs, steps, cachedSteps } = cell
  return (
    <>
      <span className={`time-bar time-${side}`} aria-hidden="true">
        <span style={{ width: `${(100 * medianMs) / longest}%` }} />
      </span>
      {formatElapsed(medianMs)}
      <small>
        {runsMs.length > 1 && `${formatElapsed(lowestMs)} to ${formatElapsed(highestMs)}, `}
        {cachedSteps} of {formatQuantity(steps, 'step')} cached
      </small>
    </>
  )
}

/** What is pushed and pulled, for a bandwidth and a number of nodes that the user chooses. */
export function ShipTable({ ship }: Pick<Matrix, 'ship'>): ReactElement {
  const [megabits, setMegabits] = useState('100')
  const [nodes, setNodes] = useState('10')
  const link = { megabits: Math.max(0.1, Number(megabits) || 0.1), nodes: Math.max(1, Number(nodes) || 1) }
  const rows = [
    { label: 'The whole image', before: ship.before.whole, after: ship.after.whole },
    { label: 'After a source edit', before: ship.before.source, after: ship.after.source },
    { label: 'After an edit of the dependencies', before: ship.before.dependency, after: ship.after.dependency },
  ]
  return (
    <>
      <div className="run-form">
        <NumberField label="Mbit/s" min={0.1} step="any" value={megabits} onChange={setMegabits} />
        <NumberField label="Nodes that pull" min={1} value={nodes} onChange={setNodes} />
      </div>
      <DataTable className="run-table" columns={['Pushed and pulled, compressed', 'Before', 'After']}>
        {rows.map(({ label, before, after }) => (
          <tr key={label}>
            <th scope="row">{label}</th>
            <td>
              <Cost cost={before} link={link} />
            </td>
            <td>
              <Cost cost={after} link={link} />
            </td>
          </tr>
        ))}
      </DataTable>
    </>
  )
}

interface CostProps {
  readonly cost: ShipCost | undefined
  readonly link: { readonly megabits: number; readonly nodes: number }
}

function Cost({ cost, link }: CostProps): ReactElement {
  if (cost === undefined) return <span className="muted">no file to edit was found</span>
  const { seconds, allBytes } = shipping(cost, link)
  return (
    <>
      {formatBytes(cost.transferBytes)}
      <small>
        {formatQuantity(cost.layers, 'layer')}; about {formatElapsed(seconds * 1000)} each, {formatBytes(allBytes)} to{' '}
        {formatQuantity(link.nodes, 'node')}
      </small>
    </>
  )
}
