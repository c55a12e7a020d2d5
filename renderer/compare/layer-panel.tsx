import { lazy, type ReactElement, Suspense, useState } from 'react'
import type { ImageFacts } from '../../electron/core/compare/facts'
import { formatBytes, formatQuantity } from '../../electron/core/format'
import type { PageState } from '../shared/page'
import { comparedIn, comparisonOfBuild } from '../shared/selectors'
import { useFields } from '../shared/store'
import { usePage, usePageState } from '../shared/use-page'
import { layerQuery } from '../treemap/layer-query'
import { BuiltDockerfiles } from './built-dockerfiles'
import { search, toggleLayer } from './explorer'

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

/** Images that were there before have no Dockerfile with them. */
const isOfBuild = (state: PageState): boolean => comparisonOfBuild(state)?.layerOrigins !== undefined

const tabs = ['Layers', 'Dockerfile'] as const

/** What the images are made of: their layers, or the lines of the Dockerfiles that made them. */
export function LayerPanel(images: LayerListProps): ReactElement {
  const hasDockerfiles = usePageState(isOfBuild)
  const [chosen, setChosen] = useState<(typeof tabs)[number]>('Layers')
  const tab = hasDockerfiles ? chosen : 'Layers'
  return (
    <section className="panel layers" aria-label={tab} id="layer-list" tabIndex={-1}>
      <h2 className={hasDockerfiles ? 'visually-hidden' : undefined}>{tab}</h2>
      {hasDockerfiles && (
        <div className="segments" role="group" aria-label="Made of">
          {tabs.map((each) => (
            <button key={each} type="button" aria-pressed={each === tab} onClick={() => setChosen(each)}>
              {each}
            </button>
          ))}
        </div>
      )}
      {tab === 'Layers' ? <LayerList {...images} /> : <BuiltDockerfiles />}
    </section>
  )
}

/** Both images' layers, lowest first, with the instruction that made each. */
function LayerList({ before, after }: LayerListProps): ReactElement {
  return (
    <>
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
    </>
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

/** A press finds the layer's files, in map and table; another press ends that. The box leaves them out. */
function LayerRow({ side, at, image, other }: LayerRowProps): ReactElement {
  const page = usePage()
  const { query, coloring, hidden } = useFields(page.explorer, 'query', 'coloring', 'hidden')
  const layer = image.layers[at]!
  const wanted = layerQuery({ side, first: at, last: at })
  const origin = usePageState((state) => comparedIn(state)?.view.layerOrigins?.[side][at])
  const isShared = other?.layers.some(({ diffId }) => diffId === layer.diffId)
  return (
    <li className="layer-item">
      <input
        type="checkbox"
        checked={!hidden.has(`${side}:${at}`)}
        aria-label={`Show files of layer ${at + 1} of ${side}`}
        title="Show its files"
        onChange={() => toggleLayer(page, `${side}:${at}`)}
      />
      <button
        type="button"
        className="layer-row"
        title={layer.diffId}
        aria-pressed={query === wanted}
        onClick={() => search(page, query === wanted ? '' : wanted)}
      >
        {coloring.layerFill && <i className="swatch" style={{ background: coloring.layerFill(at) }} />}
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
