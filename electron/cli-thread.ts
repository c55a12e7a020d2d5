import { parentPort, workerData } from 'node:worker_threads'
import { UsageError } from './cli/command'
import { commandNamed } from './cli/commands'
import type { PlainCall, ThreadReply } from './cli/run-in-thread'
import { EngineError } from './core/failure'
import { setWatchdogScript } from './engine/life/watchdog'

const call = workerData as PlainCall
const reply = (message: ThreadReply): void => parentPort!.postMessage(message)
const controller = new AbortController()
parentPort!.once('message', () => controller.abort())
setWatchdogScript(new URL('./watchdog.js', import.meta.url))

try {
  const { run } = await commandNamed(call.name)!.load()
  const worker = new URL(call.worker)
  const print = (line: string): void => reply({ kind: 'line', line })
  reply({ kind: 'result', result: await run({ ...call, worker, signal: controller.signal, print }) })
} catch (error) {
  if (error instanceof EngineError) reply({ kind: 'failure', failure: error.failure })
  else if (error instanceof UsageError) reply({ kind: 'usage', message: error.message })
  else throw error
}
