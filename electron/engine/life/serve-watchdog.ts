import { setTimeout as sleep } from 'node:timers/promises'
import { EngineClient } from '../docker/client'
import { ownerState } from './owner'
import { sweepEngine } from './sweep'
import type { WatchOrder } from './watchdog'

const everyMs = 250
const deadlineEveryMs = 2000
/** The engine may still be creating what the owner had asked for when it ended. */
const lastSweepsAfterMs = [0, 1000, 3000]

/** The watchdog process: waits for its owner to end, then removes what the owner left in the engine. */
export async function serveWatchdog({ owner, ownerPid, endpoint }: WatchOrder): Promise<void> {
  const client = new EngineClient(endpoint)
  let nextLookMs = Date.now() + deadlineEveryMs
  while (isAlive(owner, ownerPid)) {
    await sleep(everyMs)
    if (Date.now() < nextLookMs) continue
    nextLookMs = Date.now() + deadlineEveryMs
    // An engine that does not answer is asked again.
    await sweepEngine(client, (of, deadlineMs) => of === owner && deadlineMs < Date.now()).catch(() => undefined)
  }
  for (const afterMs of lastSweepsAfterMs) {
    await sleep(afterMs)
    await sweepEngine(client, (of) => of === owner).catch(() => undefined)
  }
}

/** Where the parent of an orphan changes, that is the surest sign; a process id can be used again. */
const isAlive = (owner: string, ownerPid: number): boolean =>
  (process.platform === 'win32' || process.ppid === ownerPid) && ownerState(owner) !== 'gone'
