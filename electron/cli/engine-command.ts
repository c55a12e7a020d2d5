import { ensureEngine, isPrivateEngineRunning, stopPrivateEngine } from '../engine/setup/private-engine'
import { type Command, exactly, UsageError } from './command'

/** `engine start | stop | status` */
export const run: Command = async (call) => {
  const [what] = exactly(call, 1)
  const { print } = call
  if (what === 'start') {
    const { endpoint, version } = await ensureEngine({ onMessage: print })
    print(`Using ${version.name} ${version.version} at ${endpoint.address} (${endpoint.origin}).`)
    return { output: '', exitCode: 0 }
  }
  if (what === 'stop') {
    print((await stopPrivateEngine()) ? 'Cutaway’s own engine has ended.' : 'Cutaway’s own engine does not run.')
    return { output: '', exitCode: 0 }
  }
  if (what !== 'status') throw new UsageError(`engine ${what}`)
  const isRunning = isPrivateEngineRunning()
  print(`Cutaway’s own engine ${isRunning ? 'runs' : 'does not run'}.`)
  return { output: '', exitCode: isRunning ? 0 : 1 }
}
