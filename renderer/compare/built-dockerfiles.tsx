import type { ReactElement } from 'react'
import { formatBytes } from '../../electron/core/format'
import type { VariantRole } from '../../electron/core/variants/variant'
import { buildIn, comparedIn, selectedOrigin } from '../shared/selectors'
import { usePage, usePageState } from '../shared/use-page'
import { type LayerRange, layerQuery } from '../treemap/layer-query'
import { search } from './explorer'
import { useLineLayers } from './use-build-facts'

const title = { before: 'Before', after: 'After' }

/** The Dockerfiles as they were built: a line that made layers finds their files, and the line of the selected file is marked. */
export function BuiltDockerfiles(): ReactElement {
  return (
    <>
      <p className="muted">A line with a size, unpacked, is in the image; press it to find its files.</p>
      {(['before', 'after'] as const).map((side) => (
        <BuiltDockerfile key={side} side={side} />
      ))}
    </>
  )
}

function BuiltDockerfile({ side }: { readonly side: VariantRole }): ReactElement | null {
  const view = usePageState((state) => comparedIn(state)?.view)
  const variant = usePageState((state) => buildIn(state)?.subject.variants[side])
  const selectedLayer = useSelectedLayer(side)
  const lines = useLineLayers(side)
  if (!view || !variant || !lines) return null
  const { layers } = view.facts[side]
  return (
    <>
      <h3>
        <span className={`role role-${side}`}>{title[side]}</span> <span className="muted">{variant.file}</span>
      </h3>
      <ol className="built-lines" aria-label={`Lines of ${side}`}>
        {variant.text
          .replace(/\n$/, '')
          .split('\n')
          .map((text, at) => {
            const range = lines.get(at + 1)
            const bytes =
              range && layers.slice(range.first, range.last + 1).reduce((sum, each) => sum + each.unpackedBytes, 0)
            const isMarked = range !== undefined && selectedLayer >= range.first && selectedLayer <= range.last
            // biome-ignore lint/suspicious/noArrayIndexKey: a line has no other identity than its number
            return <Line key={at} {...{ number: at + 1, text, range, bytes, isMarked }} />
          })}
      </ol>
    </>
  )
}

interface LineProps {
  readonly number: number
  readonly text: string
  /** The layers it made; undefined where it made none of the image. */
  readonly range: LayerRange | undefined
  readonly bytes: number | undefined
  /** The selected file comes from it. */
  readonly isMarked: boolean
}

function Line({ number, text, range, bytes, isMarked }: LineProps): ReactElement {
  const page = usePage()
  const query = usePageState((state) => state.explorer.query)
  const content = (
    <>
      <span className="line-place">{number}</span>
      <code>{text}</code>
    </>
  )
  if (range === undefined) return <li className="built-line">{content}</li>
  const wanted = layerQuery(range)
  return (
    <li>
      <button
        type="button"
        className={`built-line${isMarked ? ' marked' : ''}`}
        aria-pressed={query === wanted}
        aria-current={isMarked ? 'true' : undefined}
        onClick={() => search(page, query === wanted ? '' : wanted)}
      >
        {content}
        <span className="layer-size">{formatBytes(bytes ?? 0)}</span>
      </button>
    </li>
  )
}

/** The layer of the selected file on one side; -1 where there is none. */
function useSelectedLayer(side: VariantRole): number {
  return usePageState((state) => {
    const union = comparedIn(state)?.tree
    const node = selectedOrigin(state)
    if (!union || node === undefined || union.isFolder[node] === 1) return -1
    return (side === 'before' ? union.beforeLayer : union.afterLayer)[node]!
  })
}
