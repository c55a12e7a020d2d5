import type { ReactElement } from 'react'
import { formatCount } from '../../electron/core/format'
import type { SurfaceLine } from '../../electron/core/surface/compare-surface'
import type { SurfaceItem } from '../../electron/core/surface/item'
import { surfaceLabels } from '../../electron/core/surface/surface'

/** What an attacker who got in could use, counted in both images, each count with its list. */
export function SurfaceList({ lines }: { readonly lines: readonly SurfaceLine[] }): ReactElement {
  const shown = lines.filter(({ before, after }) => before + after > 0)
  return (
    <section className="panel variant" aria-label="Attack surface">
      <h3>
        Attack surface
        <span className="muted">counted in the files of both images; open a line for its list</span>
      </h3>
      <div className="surface" data-testid="surface">
        <p className="surface-head" aria-hidden="true">
          <span />
          <span>Before</span>
          <span>After</span>
        </p>
        {shown.map((line) => (
          <SurfaceRow key={line.category} line={line} />
        ))}
      </div>
    </section>
  )
}

function SurfaceRow({ line }: { readonly line: SurfaceLine }): ReactElement {
  const { category, before, after, both, gone, stays, added } = line
  const more = after > before
  return (
    <details className="surface-row">
      <summary>
        <span>{surfaceLabels[category]}</span>
        <span>
          <span className="visually-hidden">before: </span>
          {formatCount(before)}
        </span>
        <span className={after < before ? 'better' : more ? 'worse' : undefined}>
          <span className="visually-hidden">after: </span>
          {formatCount(after)}
          {after < before ? ' ▾' : more ? ' ▴' : ''}
        </span>
      </summary>
      <Items title="Both have" items={stays} total={both} />
      <Items title="Only after has" items={added} total={after - both} />
      <Items title="Only before has" items={gone} total={before - both} />
    </details>
  )
}

interface ItemsProps {
  readonly title: string
  readonly items: readonly SurfaceItem[]
  /** How many there are; the list may be shortened. */
  readonly total: number
}

function Items({ title, items, total }: ItemsProps): ReactElement | null {
  if (items.length === 0) return null
  return (
    <div className="surface-items">
      <h4>{title}</h4>
      <ul>
        {items.map(({ name, detail }) => (
          <li key={name}>
            <code>{name}</code> {detail !== '' && <span className="muted">{detail}</span>}
          </li>
        ))}
      </ul>
      {total > items.length && (
        <p className="muted">
          {formatCount(total - items.length)} more; <code>cutaway surface</code> lists all.
        </p>
      )}
    </div>
  )
}
