import type { ReactElement } from 'react'
import { formatBytes, formatCount, formatElapsed } from '../../electron/core/format'
import type { ReportedVariant } from '../../electron/core/report/compare-report'

/** Both variants' figures, each size with its name. */
export function SizeCards({ variants }: { variants: readonly ReportedVariant[] }): ReactElement {
  return (
    <div className="size-cards">
      {variants.map((variant) => (
        <dl key={variant.role} className="panel size-card" aria-label={variant.role}>
          <div className="size-main">
            <dt>
              {variants.length > 1 && (
                <span className={`role role-${variant.role}`}>{variant.role === 'before' ? 'Before ' : 'After '}</span>
              )}
              {variant.name}
            </dt>
            <dd data-testid={`${variant.role}-unpacked`}>
              {formatBytes(variant.unpackedBytes)} <small>unpacked</small>
            </dd>
          </div>
          <Figure name="visible" value={formatBytes(variant.visibleBytes)} />
          {variant.transferBytes !== null && <Figure name="to transfer" value={formatBytes(variant.transferBytes)} />}
          <Figure name="wasted" value={formatBytes(variant.wastedBytes)} />
          <Figure name="entries" value={formatCount(variant.entries)} />
          <Figure name="layers" value={formatCount(variant.layers.length)} isMinor />
          {variant.steps > 0 && (
            <Figure
              name={variant.cachedSteps > 0 ? `build, ${variant.cachedSteps}/${variant.steps} cached` : 'build'}
              value={formatElapsed(variant.buildSeconds * 1000)}
            />
          )}
        </dl>
      ))}
    </div>
  )
}

interface FigureProps {
  readonly name: string
  readonly value: string
  /** Said elsewhere in the view, too: left out where there is little room. */
  readonly isMinor?: boolean
}

function Figure({ name, value, isMinor }: FigureProps): ReactElement {
  return (
    <div className={isMinor ? 'figure minor' : 'figure'}>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  )
}
