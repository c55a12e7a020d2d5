import type { ReactElement } from 'react'
import type { GivenUp } from '../../electron/core/surface/give-up'
import { CopyButton } from '../shared/copy-button'

/** What the smaller image takes from this project, and how to live without. Nothing when it takes nothing. */
export function LostCapabilities({ items }: { readonly items: readonly GivenUp[] }): ReactElement | null {
  if (items.length === 0) return null
  return (
    <section className="panel variant" aria-label="What you give up">
      <h3>
        What you give up
        <span className="muted">used by this project, and not in the image after</span>
      </h3>
      <ul className="given-up">
        {items.map((item) => (
          <li key={`${item.what} ${item.missing}`} className="note note-info">
            <strong>
              {item.missing}, used by <code>{item.usedBy}</code>
            </strong>
            <span>Instead: {item.instead}</span>
            {item.command !== '' && (
              <span className="command">
                <code>{item.command}</code>
                <CopyButton label="Copy" text={() => item.command} />
              </span>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}
