import { lazy, type ReactElement, Suspense, useMemo } from 'react'
import type { ComparisonFacts } from '../../electron/core/compare/facts'
import type { UnionTree } from '../../electron/core/compare/union-tree'
import { formatBytes } from '../../electron/core/format'
import type { CompareReport } from '../../electron/core/report/compare-report'
import { pathKindLabel } from '../../electron/core/surface/path-kinds'
import { kindSums } from '../treemap/kind-sums'

const BarFigure = lazy(async () => ({ default: (await import('../shared/bar-figure')).BarFigure }))
const LayerChart = lazy(async () => ({ default: (await import('../compare/layer-chart')).LayerChart }))

const sides = [
  { key: 'before', label: 'before', color: 'var(--before)' },
  { key: 'after', label: 'after', color: 'var(--after)' },
]

/** Builds from the cache take tenths of a second, which an axis must tell apart. */
const seconds = (ms: number): string => `${(ms / 1000).toFixed(ms < 1000 ? 2 : 0)} s`

interface SizeChartsProps {
  readonly tree: UnionTree
  readonly facts: ComparisonFacts
  readonly report: CompareReport
}

/** Both images by kind of file and by layer, and how long their builds took. */
export function SizeCharts({ tree, facts, report }: SizeChartsProps): ReactElement {
  const kinds = useMemo(() => kindSums(tree), [tree])
  const built = report.variants.filter(({ steps }) => steps > 0)
  return (
    <section className="panel variant size-charts" aria-label="Sizes in bars">
      <Suspense fallback={<div className="size-charts-wait" />}>
        <BarFigure
          title="Visible content by kind of file"
          rows={kinds.map(({ kind, before, after }) => ({ name: pathKindLabel[kind], before, after }))}
          series={sides}
          format={formatBytes}
          nameWidth={130}
        />
        <div className="size-charts-side">
          <figure className="bar-figure" aria-hidden="true">
            <figcaption>Unpacked, by layer</figcaption>
            <LayerChart before={facts.before} after={facts.after} />
          </figure>
          {built.length > 0 && (
            <BarFigure
              title={`Build time${built.some(({ cachedSteps }) => cachedSteps > 0) ? ', some steps from the cache' : ''}`}
              rows={built.map(({ role, buildSeconds }) => ({ name: role, value: buildSeconds * 1000 }))}
              series={[{ key: 'value', label: 'build', color: 'var(--accent)' }]}
              format={seconds}
              isTiming
              nameWidth={48}
            />
          )}
        </div>
      </Suspense>
      <table className="visually-hidden">
        <caption>Visible content by kind of file</caption>
        <tbody>
          {kinds.map(({ kind, before, after }) => (
            <tr key={kind}>
              <th scope="row">{pathKindLabel[kind]}</th>
              <td>{formatBytes(before)} before</td>
              <td>{formatBytes(after)} after</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
