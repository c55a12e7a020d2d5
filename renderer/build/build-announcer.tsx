import { type ReactElement, useEffect, useRef, useState } from 'react'
import { countFinished } from '../../electron/core/build/build-snapshot'
import type { StartedBuild } from '../shared/jobs'
import { snapshotOf } from '../shared/selectors'

const everyMs = 2000

/** Tells those who do not see it how far both builds are, not more often than can be listened to. */
export function BuildAnnouncer({ build }: { readonly build: StartedBuild }): ReactElement {
  const newest = useRef('')
  newest.current = (['before', 'after'] as const)
    .map((role) => {
      const { steps } = snapshotOf(build, role)
      return `${role}: ${countFinished(steps)} of ${steps.length} steps`
    })
    .join(', ')
  const [said, setSaid] = useState('')
  const isRunning = build.kind === 'running'
  useEffect(() => {
    if (!isRunning) return setSaid(newest.current)
    const timer = setInterval(() => setSaid(newest.current), everyMs)
    return () => clearInterval(timer)
  }, [isRunning])
  return (
    <span role="status" className="visually-hidden" data-testid="build-announcer">
      {said}
    </span>
  )
}
