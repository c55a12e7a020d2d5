import type { ReactElement } from 'react'
import type { Coloring } from '../treemap/colorings'

interface LegendProps {
  readonly coloring: Coloring
  readonly layerCount: number
  readonly isDelta: boolean
}

/** What the colors mean now. */
export function Legend({ coloring, layerCount, isDelta }: LegendProps): ReactElement {
  return (
    <ul className="legend" aria-label="Legend">
      {coloring.legend(layerCount).map(({ label, color }) => (
        <li key={label}>
          <i className="swatch" style={{ background: color }} /> {label}
        </li>
      ))}
      {isDelta ? (
        <li>area: the change</li>
      ) : (
        <li>
          <i className="swatch hatch" /> not in this image
        </li>
      )}
    </ul>
  )
}
