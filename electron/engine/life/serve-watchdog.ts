import { setTimeout as sleep } from 'node:timers/promises'
import { EngineClient } from '../docker/client'
import { ownerState } from './owner'
import { type IsLeftOver, sweepEngine } from './sweep'
import type { WatchOrder } from './watchdog'

const everyMs = 250
const deadlineEveryMs = 2000
/** The engine may still be creating what the owner had asked for when it ended. */
const lastSweepsAfterMs = [0, 1000, 3000]

/** How long one sweep waits for an engine that takes requests but does not answer. Ending a container takes the engine some seconds. */
const sweepPatienceMs = 60_000

/** The watchdog process: waits for its owner to end, then removes what the owner left in the engine. */
export async function serveWatchdog(
  { owner, ownerPid, endpoint }: WatchOrder,
  patienceMs = sweepPatienceMs,
): Promise<void> {
  const client = new EngineClient(endpoint)
  // An engine that does not answer is asked again.
  const sweep = async (isLeftOver: IsLeftOver): Promise<void> => {
    await sweepEngine(client, { isLeftOver, signal: AbortSignal.timeout(patienceMs) }).catch(() => undefined)
  }
  let nextLookMs = performance.now() + deadlineEveryMs
  while (isAlive(owner, ownerPid)) {
    await sleep(everyMs)
    if (performance.now() < nextLookMs) continue
    nextLookMs = performance.now() + deadlineEveryMs
    await sweep((of, deadlineMs) => of === owner && deadlineMs < Date.now())
  }
  for (const afterMs of lastSweepsAfterMs) {
    await sleep(afterMs)
    await sweep((of) => of === owner)
  }
}

/** Where the parent of an orphan changes, that is the surest sign; a process id can be used again. */
const isAlive = (owner: string, ownerPid: number): boolean =>
  (process.platform === 'win32' || process.ppid === ownerPid) && ownerState(owner) !== 'gone'
