import type { EngineNetwork } from '../engine/setup/engine-network'
import { ensureEngine, privateEngineNetwork, stopPrivateEngine } from '../engine/setup/private-engine'
import type { Command } from './command'

/** `engine start | stop | status` */
export const run: Command = async (call) => {
  const [what] = call.arguments
  const { print } = call
  if (what === 'start') {
    const { endpoint, version } = await ensureEngine({ onMessage: print })
    print(`Using ${version.name} ${version.version} at ${endpoint.address} (${endpoint.origin}).`)
    if (endpoint.isPrivate) print(networkLine(privateEngineNetwork()))
    return { output: '', exitCode: 0 }
  }
  if (what === 'stop') {
    print((await stopPrivateEngine()) ? 'Cutaway’s own engine has ended.' : 'Cutaway’s own engine does not run.')
    return { output: '', exitCode: 0 }
  }
  const network = privateEngineNetwork()
  print(
    network === undefined ? 'Cutaway’s own engine does not run.' : `Cutaway’s own engine runs. ${networkLine(network)}`,
  )
  return { output: '', exitCode: network === undefined ? 1 : 0 }
}

function networkLine(network: EngineNetwork | undefined): string {
  return network?.kind === 'machine'
    ? `Builds share this machine’s network and can reach its local services. Reason: ${network.why}.`
    : 'Builds have a network of their own and cannot reach this machine’s local services.'
}
