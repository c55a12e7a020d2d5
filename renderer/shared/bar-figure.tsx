import type { ReactElement } from 'react'
import { Bar, BarChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'

export interface BarSeries {
  readonly key: string
  readonly label: string
  readonly color: string
}

export interface BarFigureProps {
  readonly title: string
  /** A name, and a number for each series; null where there is none. */
  readonly rows: readonly Readonly<Record<string, string | number | null>>[]
  readonly series: readonly BarSeries[]
  readonly format: (value: number) => string
  /** Times of a machine, which no two runs have the same; a test must not look at them. */
  readonly isTiming?: boolean
  /** Room for the names, in pixels. */
  readonly nameWidth: number
}

const rowHeight = 20

/** Bars that lie, one scale for all. The figures are told elsewhere in words, so screen readers are spared the drawing. */
export function BarFigure({ title, rows, series, format, nameWidth, isTiming }: BarFigureProps): ReactElement {
  const height = rows.length * (series.length * rowHeight + 8) + 28
  return (
    <figure className="bar-figure" aria-hidden="true" data-varies={isTiming}>
      <figcaption>
        {title}
        {series.length > 1 &&
          series.map(({ key, label, color }) => (
            <span key={key} className="bar-key">
              <i className="swatch" style={{ background: color }} /> {label}
            </span>
          ))}
      </figcaption>
      <ResponsiveContainer width="100%" height={height}>
        <BarChart
          data={[...rows]}
          layout="vertical"
          accessibilityLayer={false}
          barCategoryGap={4}
          margin={{ top: 0, right: 16, bottom: 0, left: 0 }}
        >
          <XAxis type="number" tickFormatter={format} fontSize={10} tickCount={3} stroke="var(--muted)" />
          <YAxis type="category" dataKey="name" width={nameWidth} fontSize={11} stroke="var(--muted)" interval={0} />
          <Tooltip
            formatter={(value) => format(Number(value))}
            cursor={{ fill: 'transparent' }}
            contentStyle={{ background: 'var(--panel)', border: '1px solid var(--line)', fontSize: 12 }}
            itemStyle={{ color: 'var(--text)' }}
          />
          {series.map(({ key, label, color }) => (
            <Bar key={key} dataKey={key} name={label} fill={color} isAnimationActive={false} minPointSize={1} />
          ))}
        </BarChart>
      </ResponsiveContainer>
    </figure>
  )
}
