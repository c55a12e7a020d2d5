import type { ReactElement, ReactNode } from 'react'
import { describeFailure } from '../../electron/core/describe-failure'
import type { Failure } from '../../electron/core/failure'

/** A failure in words, and what the user can do about it. */
export function FailureNote({ failure, children }: { failure: Failure; children?: ReactNode }): ReactElement {
  const { title, advice } = describeFailure(failure)
  return (
    <div className="note note-bad" role="alert">
      <p className="note-title">{title}</p>
      <p>{advice}</p>
      {children && <div className="actions">{children}</div>}
    </div>
  )
}

/** Says that images were made from Debian packages because no registry answered. */
export function StandInNote({ standIns }: { standIns: readonly string[] }): ReactElement | null {
  if (standIns.length === 0) return null
  return (
    <p className="note note-warn">
      <strong>Stand-ins.</strong> No registry answered, so {standIns.join(', ')}{' '}
      {standIns.length === 1 ? 'was' : 'were'} made from Debian packages. The real images differ in size.
    </p>
  )
}
