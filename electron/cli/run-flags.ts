import { readFile } from 'node:fs/promises'
import { EngineError } from '../core/failure'
import { type RunRequest, runLimits } from '../core/run/run'
import { unreadable } from '../engine/unreadable'
import { type CommandCall, fromHere, UsageError } from './command'

const largestInputBytes = 1_000_000

/** What `--run` and the flags beside it ask for; undefined without it. Throws UsageError, path-unreadable. */
export async function runRequest({ flags }: CommandCall): Promise<RunRequest | undefined> {
  if (!flags.run) return undefined
  const { input, port, path = '/', seconds = '10' } = flags
  const asked = port === undefined ? undefined : Number(port)
  if (asked !== undefined && !(Number.isInteger(asked) && asked > 0 && asked < 65_536))
    throw new UsageError('--port must be a whole number from 1 to 65535')
  if (!(Number(seconds) > 0 && Number(seconds) <= runLimits.longestSeconds))
    throw new UsageError(`--seconds must be a number above 0, and at most ${runLimits.longestSeconds}`)
  if (!/^\/[!-~]*$/.test(path)) throw new UsageError('--path must start with / and have no blanks')
  return {
    input: input === undefined ? '' : await readInput(fromHere(input)),
    seconds: Number(seconds),
    port: asked,
    path,
    hasNetwork: flags.network,
  }
}

async function readInput(path: string): Promise<string> {
  const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    throw unreadable(path, cause)
  })
  if (bytes.length > largestInputBytes)
    throw new EngineError({ code: 'path-unreadable', path, detail: `it has more than ${largestInputBytes} bytes` })
  return bytes.toString('utf8')
}

const mostRuns = 20

/** How often `--matrix` builds every case; undefined without it. Throws UsageError. */
export function matrixRuns({ flags }: CommandCall): number | undefined {
  if (!flags.matrix) return undefined
  const runs = Number(flags.runs ?? '1')
  if (!(Number.isInteger(runs) && runs >= 1 && runs <= mostRuns))
    throw new UsageError(`--runs must be a whole number from 1 to ${mostRuns}`)
  return runs
}
