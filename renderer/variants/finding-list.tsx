import type { ReactElement } from 'react'
import type { Finding, TextEdit } from '../../electron/core/findings/finding'
import { formatQuantity } from '../../electron/core/format'

/** What would keep an image from running, and, folded away, what it could do without. Nothing when there is nothing. */
export function FindingList({ findings, onFix }: Pick<FindingsProps, 'findings' | 'onFix'>): ReactElement {
  const grave = findings.filter(({ severity }) => severity !== 'info')
  const savings = findings.filter(({ severity }) => severity === 'info')
  return (
    <>
      {grave.length > 0 && <Findings findings={grave} onFix={onFix} label="Will it run?" because="When it is run" />}
      {savings.length > 0 && (
        <details>
          <summary>Smaller, faster, safer: {formatQuantity(savings.length, 'suggestion')}</summary>
          <Findings findings={savings} onFix={onFix} label="Smaller, faster, safer" because="Because" />
        </details>
      )}
    </>
  )
}

interface FindingsProps {
  readonly findings: readonly Finding[]
  readonly label: string
  readonly because: string
  readonly onFix: (edit: TextEdit) => void
}

const look = { error: 'note-bad', warning: 'note-warn', info: 'note-info' }

function Findings({ findings, label, because, onFix }: FindingsProps): ReactElement {
  return (
    <ul className="findings" aria-label={label}>
      {findings.map(({ rule, severity, line, what, why, fix, edit }) => (
        <li key={`${line} ${rule}`} className={`note ${look[severity]}`}>
          <strong>
            Line {line}: {what} <span className="rule">{rule}</span>
          </strong>
          <span>
            {because}: {severity === 'info' ? why : <code>{why}</code>}
          </span>
          <span>
            Instead: <code>{fix}</code>
            {edit && (
              <button type="button" aria-label={`Apply the fix of line ${line}: ${fix}`} onClick={() => onFix(edit)}>
                Apply
              </button>
            )}
          </span>
        </li>
      ))}
    </ul>
  )
}
