import type { ReactElement } from 'react'
import type { Finding } from '../../electron/core/findings/finding'

/** What would keep an image from running; nothing when there is nothing. */
export function FindingList({ findings }: { readonly findings: readonly Finding[] }): ReactElement | null {
  if (findings.length === 0) return null
  return (
    <ul className="findings" aria-label="Will it run?">
      {findings.map(({ rule, severity, line, what, why, fix }) => (
        <li key={`${line} ${rule}`} className={`note ${severity === 'error' ? 'note-bad' : 'note-warn'}`}>
          <strong>
            Line {line}: {what}
          </strong>
          <span>
            When it is run: <code>{why}</code>
          </span>
          <span>
            Instead: <code>{fix}</code>
          </span>
        </li>
      ))}
    </ul>
  )
}
