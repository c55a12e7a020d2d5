import { lazy, type ReactElement, Suspense } from 'react'
import type { ImageFacts } from '../../electron/core/compare/facts'
import { formatBytes, formatQuantity } from '../../electron/core/format'
import { layerColours } from '../layout/colours'
import { explorer, search } from '../state/explorer'
import { useStore } from '../state/store'
import { workspace } from '../state/workspace'

const LayerChart = lazy(async () => ({ default: (await import('./layer-chart')).LayerChart }))

interface LayerListProps {
  readonly before: ImageFacts
  /** Undefined where one image was opened alone. */
  readonly after: ImageFacts | undefined
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
    <section className="panel layers" aria-label="Layers" id="layer-list" tabIndex={-1}>
      <h2>Layers</h2>
      <Suspense fallback={<div className="layer-chart" />}>
        <LayerChart before={before} after={after} />
      </Suspense>
      <LayerColumn title={after ? 'Before' : undefined} side="before" image={before} other={after} />
      {after && <LayerColumn title="After" side="after" image={after} other={before} />}
      <p className="muted layer-source">
        {[...new Set([before.source, ...(after ? [after.source] : [])])]
          .map((source) => `Read from: ${sourceLabel[source] ?? source}`)
          .join('; ')}
      </p>
    </section>
  )
}

interface LayerColumnProps {
  readonly title: string | undefined
  readonly side: 'before' | 'after'
  readonly image: ImageFacts
  readonly other: ImageFacts | undefined
}

function LayerColumn({ title, side, image, other }: LayerColumnProps): ReactElement {
  return (
    <div>
      {title !== undefined && (
        <h3>
          <span className={`role role-${side}`}>{title}</span>
        </h3>
      )}
      <ol>
        {Array.from(image.layers.keys(), (at) => (
          <LayerRow key={at} side={side} at={at} image={image} other={other} />
        ))}
      </ol>
    </div>
  )
}

interface LayerRowProps {
  readonly side: 'before' | 'after'
  /** Lowest 0. */
  readonly at: number
  readonly image: ImageFacts
  readonly other: ImageFacts | undefined
}

/** A press finds the layer's files, in map and table; another press ends that. */
function LayerRow({ side, at, image, other }: LayerRowProps): ReactElement {
  const { query, colouring } = useStore(explorer, (state) => state)
  const layer = image.layers[at]!
  const wanted = `layer:${side}:${at + 1}`
  const origin = useStore(workspace, ({ comparison }) => comparison?.view?.layerOrigins?.[side][at])
  const isShared = other?.layers.some(({ diffId }) => diffId === layer.diffId)
  return (
    <li>
      <button
        type="button"
        className="layer-row"
        title={layer.diffId}
        aria-pressed={query === wanted}
        onClick={() => search(query === wanted ? '' : wanted)}
      >
        {colouring === 'layer' && (
          <i className="swatch" style={{ background: layerColours[at % layerColours.length] }} />
        )}
        <span className="layer-number">{at + 1}</span>
        <span className="layer-text">{layerLabel(image, at)}</span>
        <span className="layer-size">
          {formatBytes(layer.unpackedBytes)} · {formatQuantity(layer.entries, 'entry', 'entries')}
          {isShared && ' · in both images'}
          {origin && ` · line ${origin.line}, ${origin.stage}`}
        </span>
      </button>
    </li>
  )
}

function layerLabel({ layers, base }: ImageFacts, at: number): string {
  const text = layers[at]!.createdBy || 'no instruction recorded'
  return base !== null && at < base.layers ? `base image ${base.name}: ${text}` : text
}
