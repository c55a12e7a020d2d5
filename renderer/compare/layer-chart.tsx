import type { ReactElement } from 'react'
import { Bar, BarChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
import type { ImageFacts } from '../../electron/core/compare/facts'
import { formatBytes } from '../../electron/core/format'
import { layerColor } from '../treemap/colors'

interface LayerChartProps {
  readonly before: ImageFacts
  readonly after: ImageFacts | undefined
}

/** Two stacked bars on one scale. Loaded when first shown: the chart library is large. */
export function LayerChart({ before, after }: LayerChartProps): ReactElement {
  const keys = Array.from(
    { length: Math.max(before.layers.length, after?.layers.length ?? 0) },
    (_, at) => `layer ${at + 1}`,
  )
  const row = (name: string, image: ImageFacts): Record<string, string | number> => ({
    name,
    ...Object.fromEntries(image.layers.map((layer, at) => [`layer ${at + 1}`, layer.unpackedBytes])),
  })
  return (
    <div className="layer-chart" aria-hidden="true">
      <ResponsiveContainer width="100%" height={92}>
        <BarChart
          data={after ? [row('before', before), row('after', after)] : [row('image', before)]}
          layout="vertical"
          accessibilityLayer={false}
          margin={{ top: 0, right: 8, bottom: 0, left: 0 }}
        >
          <XAxis
            type="number"
            tickFormatter={(bytes: number) => formatBytes(bytes)}
            fontSize={10}
            tickCount={3}
            stroke="var(--muted)"
          />
          <YAxis type="category" dataKey="name" width={48} fontSize={11} stroke="var(--muted)" />
          <Tooltip
            formatter={(bytes) => formatBytes(Number(bytes))}
            cursor={{ fill: 'transparent' }}
            contentStyle={{ background: 'var(--panel)', border: '1px solid var(--line)', fontSize: 12 }}
            itemStyle={{ color: 'var(--text)' }}
          />
          {keys.map((key, at) => (
            <Bar key={key} dataKey={key} stackId="layers" fill={layerColor(at)} isAnimationActive={false} />
          ))}
        </BarChart>
      </ResponsiveContainer>
    </div>
  )
}
