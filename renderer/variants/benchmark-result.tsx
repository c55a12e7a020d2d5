import { lazy, type ReactElement, Suspense, useState } from 'react'
import { describeFailure } from '../../electron/core/describe-failure'
import { formatBytes, formatCount, formatElapsed, formatShare } from '../../electron/core/format'
import type { Rung } from '../../electron/core/ladder/ladder'
import { compareBenchmarked } from '../build/building'
import { DataTable } from '../shared/data-table'
import { usePage } from '../shared/use-page'

const BarFigure = lazy(async () => ({ default: (await import('../shared/bar-figure')).BarFigure }))

interface BenchmarkResultProps {
  readonly rungs: readonly Rung[]
  /** While more are built, none can be compared. */
  readonly isFinished: boolean
}

interface Pair {
  readonly before: number
  readonly after: number
}

const columns = [
  'Variant',
  'Unpacked',
  'Of the largest',
  'Executable files',
  'Packages',
  'Build',
  'Problems',
  'Before',
  'After',
]

/** The variants on one scale each for size, surface and time, the figures as a table, and a choice of two. */
export function BenchmarkResult({ rungs, isFinished }: BenchmarkResultProps): ReactElement {
  const page = usePage()
  const built = rungs.flatMap((rung, at) => (rung.outcome.ok ? [{ at, ...rung.outcome }] : []))
  const largest = built.toSorted((a, b) => b.unpackedBytes - a.unpackedBytes)
  const [chosen, setChosen] = useState<Pair | undefined>(undefined)
  const pair = chosen ?? { before: largest[0]?.at ?? 0, after: largest.at(-1)?.at ?? 0 }
  const largestBytes = largest[0]?.unpackedBytes ?? 0
  return (
    <>
      <Charts built={built} />
      <DataTable className="ledger ladder" testId="ladder" columns={columns}>
        {rungs.map((rung, at) => (
          <Row key={rung.id} rung={rung} {...{ at, largestBytes, pair }} onChoose={setChosen} />
        ))}
      </DataTable>
      {isFinished && built.length > 1 && (
        <div>
          <button
            type="button"
            disabled={pair.before === pair.after}
            onClick={() => void compareBenchmarked(page, pair.before, pair.after)}
          >
            Compare the chosen two
          </button>
        </div>
      )}
    </>
  )
}

interface RowProps {
  readonly rung: Rung
  readonly at: number
  readonly largestBytes: number
  readonly pair: Pair
  readonly onChoose: (pair: Pair) => void
}

function Row({ rung: { title, isEdited, outcome }, at, largestBytes, pair, onChoose }: RowProps): ReactElement {
  const name = (
    <th scope="row">
      <span className="muted">{at + 1}</span> {title} {isEdited && <span className="tag">edited</span>}
    </th>
  )
  if (!outcome.ok) {
    const { title: what, advice } = describeFailure(outcome.failure)
    return (
      <tr>
        {name}
        <td colSpan={8} className="ladder-failed">
          {what} {advice}
        </td>
      </tr>
    )
  }
  const { unpackedBytes, surface, buildMs, steps, cachedSteps, problems } = outcome
  return (
    <tr>
      {name}
      <td>{formatBytes(unpackedBytes)}</td>
      <td>{formatShare(unpackedBytes, largestBytes)}</td>
      <td>{formatCount(surface.executables)}</td>
      <td>{formatCount(surface.packages)}</td>
      <td>
        {formatElapsed(buildMs)}
        {cachedSteps > 0 && <span className="muted"> {`${cachedSteps}/${steps} cached`}</span>}
      </td>
      <td>{problems === 0 ? 'none seen' : formatCount(problems)}</td>
      {(['before', 'after'] as const).map((role) => (
        <td key={role}>
          <input
            type="radio"
            name={`ladder-${role}`}
            aria-label={`${title} as ${role}`}
            checked={pair[role] === at}
            onChange={() => onChoose({ ...pair, [role]: at })}
          />
        </td>
      ))}
    </tr>
  )
}

type Built = Extract<Rung['outcome'], { ok: true }> & { readonly at: number }

const single = (label: string, color: string) => [{ key: 'value', label, color }]

function Charts({ built }: { readonly built: readonly Built[] }): ReactElement {
  const rows = (value: (each: Built) => number) =>
    built.map((each) => ({ name: String(each.at + 1), value: value(each) }))
  return (
    <Suspense fallback={<div className="ladder-charts" />}>
      <div className="ladder-charts">
        <BarFigure
          title="Size, unpacked"
          rows={rows(({ unpackedBytes }) => unpackedBytes)}
          series={single('unpacked', 'var(--before)')}
          format={formatBytes}
          nameWidth={24}
        />
        <BarFigure
          title="Surface: executable files"
          rows={rows(({ surface }) => surface.executables)}
          series={single('executable files', 'var(--accent)')}
          format={formatCount}
          nameWidth={24}
        />
        <BarFigure
          title="Build time"
          rows={rows(({ buildMs }) => buildMs)}
          series={single('build', 'var(--after)')}
          format={formatElapsed}
          isTiming
          nameWidth={24}
        />
      </div>
    </Suspense>
  )
}
