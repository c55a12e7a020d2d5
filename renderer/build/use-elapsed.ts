import { useEffect, useState } from 'react'

/** Time that something has taken: what is over, and the running interval, which ticks. */
export function useElapsed(doneMs: number, startedMs: number | undefined): number {
  const [now, setNow] = useState(Date.now())
  const isRunning = startedMs !== undefined
  useEffect(() => {
    if (!isRunning) return
    const timer = setInterval(() => setNow(Date.now()), 200)
    return () => clearInterval(timer)
  }, [isRunning])
  return doneMs + (startedMs === undefined ? 0 : Math.max(0, now - startedMs))
}
