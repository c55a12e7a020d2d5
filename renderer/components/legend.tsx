import type { ReactElement } from 'react'
import { pathKindLabel, pathKinds } from '../../electron/core/surface/path-kinds'
import { changeColours, kindColours, layerColours } from '../layout/colours'
import type { Colouring } from '../state/explorer'

interface LegendProps {
  readonly colouring: Colouring
  readonly layerCount: number
  readonly isDelta: boolean
}

/** What the colours mean now. */
export function Legend({ colouring, layerCount, isDelta }: LegendProps): ReactElement {
  const items =
    colouring === 'kind'
      ? pathKinds.map((kind) => ({ label: pathKindLabel[kind], colour: kindColours[kind] }))
      : colouring === 'change'
        ? changeColours
        : layerColours.slice(0, layerCount).map((colour, at) => ({ label: `layer ${at + 1}`, colour }))
  return (
    <ul className="legend" aria-label="Legend">
      {items.map(({ label, colour }) => (
        <li key={label}>
          <i className="swatch" style={{ background: colour }} /> {label}
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
