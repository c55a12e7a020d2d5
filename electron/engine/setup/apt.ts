import { setTimeout as sleep } from 'node:timers/promises'
import { runCommand } from './run-command'

export interface InstallOptions {
  readonly onMessage: (message: string) => void
  readonly signal?: AbortSignal
  /** Runs apt-get; tests have their own. */
  readonly apt?: (args: readonly string[]) => Promise<void>
  /** Between two tries while another program uses apt. */
  readonly pauseMs?: number
}

const patienceMs = 600_000

/**
 * Installs Debian packages without those that are only recommended. Waits up to ten minutes while another program, such as
 * unattended-upgrades, uses apt. Throws with apt's own words.
 */
export function installPackages(packages: readonly string[], options: InstallOptions): Promise<void> {
  const installed = lastInstallation.then(() => install(packages, options))
  lastInstallation = installed.catch(() => undefined)
  return installed
}

/** dpkg doesn't wait for its lock, so this process runs one installation at a time. */
let lastInstallation: Promise<void> = Promise.resolve()

async function install(packages: readonly string[], options: InstallOptions): Promise<void> {
  const { signal } = options
  signal?.throwIfAborted()
  const apt = options.apt ?? ((args) => runCommand('apt-get', args, signal))
  options.onMessage(`Installing ${packages.join(', ')} with apt …`)
  // One broken package source fails the update, but not an installation from another.
  const updateProblem = await whenFree(() => apt(['update']), options).then(
    () => undefined,
    (error: Error) => error,
  )
  signal?.throwIfAborted()
  const args = ['install', '-y', '--no-install-recommends', ...packages]
  await whenFree(() => apt(args), options).catch((error: Error) => {
    if (updateProblem === undefined) throw error
    throw new Error(`${error.message} Before that, ${updateProblem.message}`, { cause: error })
  })
}

/** apt's own waiting covers one of its locks only, and says nothing. */
async function whenFree(
  work: () => Promise<void>,
  { onMessage, signal, pauseMs = 2000 }: InstallOptions,
): Promise<void> {
  let holder: string | undefined
  for (let waitedMs = 0; ; waitedMs += pauseMs) {
    try {
      return await work()
    } catch (error) {
      const found = lockHolder((error as Error).message)
      if (found === undefined || waitedMs >= patienceMs) throw error
      if (found !== holder) onMessage(`Waiting for ${found}, which is installing packages …`)
      holder = found
    }
    await sleep(pauseMs, undefined, signal ? { signal } : {})
  }
}

/** The program that has apt's lock; undefined when the failure has another reason. */
function lockHolder(message: string): string | undefined {
  if (!/Could not get lock|Unable to (acquire|lock)|lock was locked by another process/.test(message)) return undefined
  const [, pid, name] = /(?:held by process|another process with pid) (\d+)(?: \(([^)]+)\))?/.exec(message) ?? []
  if (pid === undefined) return 'another program'
  return `${name ?? 'another program'} (process ${pid})`
}
