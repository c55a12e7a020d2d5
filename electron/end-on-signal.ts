import { constants } from 'node:os'

const endSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
export type EndSignal = (typeof endSignals)[number]

const patienceMs = 3000
/** Ctrl+C reaches the whole process group, and a parent may pass the same one on. */
const samePressMs = 300
const starterEveryMs = 500

/**
 * Calls `stop` on the first signal to end; a second one, or three seconds, end the process whatever it is doing. Invariant: the thread that
 * calls this does no other work, because a busy thread hears no signal. Returns what leaves signals to the system again.
 */
export function endOnSignal(stop: (signal: EndSignal) => void): () => void {
  let firstMs: number | undefined
  const onSignal = (signal: EndSignal): void => {
    if (firstMs !== undefined) {
      if (performance.now() - firstMs > samePressMs) dieOf(signal)
      return
    }
    firstMs = performance.now()
    setTimeout(() => dieOf(signal), patienceMs).unref()
    stop(signal)
  }
  for (const signal of endSignals) process.on(signal, onSignal)
  return () => {
    for (const signal of endSignals) process.off(signal, onSignal)
  }
}

/** Calls `stop` once the process that started this one has ended. Only `npm start` and `npm run cutaway` name themselves. */
export function endWithStarter(stop: () => void = endAsBySignal): void {
  const starter = Number(process.env.CUTAWAY_STARTER)
  if (!starter) return
  const timer = setInterval(() => {
    if (isStarter(starter)) return
    clearInterval(timer)
    stop()
  }, starterEveryMs)
  timer.unref()
}

function endAsBySignal(): void {
  if (!process.emit('SIGTERM', 'SIGTERM')) dieOf('SIGTERM')
}

function isStarter(pid: number): boolean {
  if (process.platform !== 'win32') return process.ppid === pid
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** By the system's default, which asks nothing of threads that are busy or wait for a file. Shells see 128 and the signal's number. */
function dieOf(signal: EndSignal): void {
  process.removeAllListeners(signal)
  process.kill(process.pid, signal)
  // Where the signal was ignored by whoever started us, it ends nothing.
  setTimeout(() => process.exit(128 + constants.signals[signal]), 100)
}
