import type { ReactElement } from 'react'
import type { LocatedFinding } from '../../electron/core/findings/built/locate'
import { type RunComparison, runVerdict } from '../../electron/core/run/run'
import type { VariantRole } from '../../electron/core/variants/variant'
import type { ExaminationView } from '../../electron/ipc/views'

/** What keeps the built images from running, and what was looked for when that is nothing. */
interface BuiltFindingsProps {
  readonly problems: ExaminationView['problems']
  /** One image was opened, and stands on both sides. */
  readonly isSingle?: boolean
  /** What came of running both; undefined while that was not done. */
  readonly run?: RunComparison | undefined
}

export function BuiltFindings({ problems, isSingle = false, run }: BuiltFindingsProps): ReactElement {
  const roles = isSingle ? (['before'] as const) : (['before', 'after'] as const)
  const found = roles.flatMap((role) => problems[role].map((finding) => ({ role, ...finding })))
  const wasNotRun = isSingle ? 'The image was not run.' : 'They were not run.'
  if (found.length === 0)
    return (
      <p className="muted" role="status" data-testid="built-findings">
        Programs, their loaders and libraries, scripts and users {isSingle ? '' : 'of both images '}are there.{' '}
        {run ? runVerdict(run.before, run.after) : wasNotRun}
      </p>
    )
  return (
    <ul className="findings" aria-label="Will they run?" data-testid="built-findings">
      {found.map((finding) => (
        <BuiltFindingNote key={`${finding.role} ${finding.rule} ${finding.path} ${finding.what}`} {...finding} />
      ))}
    </ul>
  )
}

const names = { before: 'Before', after: 'After' }

function BuiltFindingNote(finding: LocatedFinding & { readonly role: VariantRole }): ReactElement {
  const { role, severity, line, what, why, fix, rule } = finding
  return (
    <li className={`note ${severity === 'error' ? 'note-bad' : 'note-warn'}`}>
      <strong>
        {names[role]}: {what} <span className="rule">{rule}</span>
      </strong>
      <span>
        When it is run: <code>{why}</code>
      </span>
      <span>
        Instead{line === null ? '' : ` (line ${line})`}: <code>{fix}</code>
      </span>
    </li>
  )
}
