import { lazy, type ReactElement, Suspense } from 'react'
import type { ImageFacts } from '../../electron/core/compare/facts'
import { formatBytes, formatQuantity } from '../../electron/core/format'
import { layerColours } from '../layout/colours'

const LayerChart = lazy(async () => ({ default: (await import('./layer-chart')).LayerChart }))

interface LayerListProps {
  readonly before: ImageFacts
  readonly after: ImageFacts
}

const sourceLabel: Readonly<Record<string, string>> = {
  'tar-split': 'the engine’s layer metadata',
  'content-store': 'the engine’s layer store',
  'export-stream': 'an export of both images',
  'index-cache': 'Cutaway’s index cache, because the layers were read before',
}

/** Both images' layers, lowest first, with the instruction that made each. */
export function LayerList({ before, after }: LayerListProps): ReactElement {
  return (
    <section className="panel layers" aria-label="Layers">
      <h2>Layers</h2>
      <Suspense fallback={<div className="layer-chart" />}>
        <LayerChart before={before} after={after} />
      </Suspense>
      {(['before', 'after'] as const).map((side) => (
        <div key={side}>
          <h3>
            <span className={`role role-${side}`}>{side === 'before' ? 'Before' : 'After'}</span>
          </h3>
          <ol>
            {(side === 'before' ? before : after).layers.map((layer, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: two layers of an image can have the same diffID
              <li key={`${at} ${layer.diffId}`} title={layer.diffId}>
                <i className="swatch" style={{ background: layerColours[at % layerColours.length] }} />
                <span className="layer-text">{layerLabel(side === 'before' ? before : after, at)}</span>
                <span className="layer-size">
                  {formatBytes(layer.unpackedBytes)} · {formatQuantity(layer.entries, 'entry', 'entries')}
                </span>
              </li>
            ))}
          </ol>
        </div>
      ))}
      <p className="muted layer-source">
        {[...new Set([before.source, after.source])]
          .map((source) => `Read from: ${sourceLabel[source] ?? source}`)
          .join('; ')}
      </p>
    </section>
  )
}

function layerLabel({ layers, base }: ImageFacts, at: number): string {
  const text = layers[at]!.createdBy || 'no instruction recorded'
  return base !== null && at < base.layers ? `base image ${base.name}: ${text}` : text
}
