import type { ReactElement } from 'react'
import { pathKindLabel, pathKinds } from '../../electron/core/surface/path-kinds'
import { changeColors, kindColors, layerColors } from '../layout/colors'
import type { Coloring } from '../state/explorer'

interface LegendProps {
  readonly coloring: Coloring
  readonly layerCount: number
  readonly isDelta: boolean
}

/** What the colors mean now. */
export function Legend({ coloring, layerCount, isDelta }: LegendProps): ReactElement {
  const items =
    coloring === 'kind'
      ? pathKinds.map((kind) => ({ label: pathKindLabel[kind], color: kindColors[kind] }))
      : coloring === 'change'
        ? changeColors
        : layerColors.slice(0, layerCount).map((color, at) => ({ label: `layer ${at + 1}`, color }))
  return (
    <ul className="legend" aria-label="Legend">
      {items.map(({ label, color }) => (
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
