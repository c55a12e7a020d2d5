import { join } from 'node:path'
import { inspect } from 'node:util'
import { type CommandResult, fromHere, UsageError } from './cli/command'
import type { CommandSpec } from './cli/commands'
import { type ParsedCommand, parseCall } from './cli/parse-call'
import { type PlainCall, runInThread } from './cli/run-in-thread'
import { describeFailure } from './core/describe-failure'
import { EngineError } from './core/failure'
import { printable } from './core/printable'
import { decodeUtf8 } from './core/utf8'
import { endOnSignal, endWithStarter } from './end-on-signal'
import { setWatchdogScript } from './engine/life/watchdog'
import { checkUserFile, writeStandardOutput, writeUserFile } from './engine/store/user-files'
import { appVersion } from './version'

const print = (line: string): void => console.error(printable(line))

async function main(args: readonly string[]): Promise<number> {
  const parsed = parseCall(args)
  if (parsed.kind === 'help') {
    await writeStandardOutput(parsed.text)
    return parsed.isAsked ? 0 : 2
  }
  if (parsed.kind === 'version') {
    await writeStandardOutput(`cutaway ${appVersion(import.meta.dirname)}\n`)
    return 0
  }
  return runCommand(parsed)
}

async function runCommand({ command, arguments: given, flags }: ParsedCommand): Promise<number> {
  const file = flags.output === undefined ? undefined : await writablePath(flags.output)
  for (const path of [flags.save, flags.report]) if (path !== undefined) await writablePath(path)
  const written = [flags.output, flags.save, flags.report].flatMap((path) => (path === undefined ? [] : fromHere(path)))
  if (new Set(written).size < written.length)
    throw new UsageError('--output, --save and --report must name different files', command.name)
  const call: PlainCall = {
    name: command.name,
    arguments: given,
    flags,
    worker: new URL('./worker.js', import.meta.url).href,
    resources: join(import.meta.dirname, '../../resources'),
    reportPage: join(import.meta.dirname, '../report/report.html'),
  }
  const { output, isVerbatim, exitCode } = await resultOf(command, call).catch((error) => {
    throw error instanceof UsageError ? new UsageError(error.message, command.name) : error
  })
  const shown = isVerbatim && !isTerminal(file) ? output : printable(textOf(output))
  if (file === undefined) await writeStandardOutput(shown)
  else await writeUserFile(file, shown)
  return exitCode
}

async function resultOf({ isLongRunning, load }: CommandSpec, call: PlainCall): Promise<CommandResult> {
  if (isLongRunning)
    return runInThread(new URL('./cli-thread.js', import.meta.url), call, { print, onStart: endOnSignal })
  const { run } = await load()
  return run({ ...call, worker: new URL(call.worker), signal: new AbortController().signal, print })
}

const textOf = (output: string | Uint8Array): string => (typeof output === 'string' ? output : decodeUtf8(output))

const isTerminal = (file: string | undefined): boolean =>
  file === undefined
    ? process.stdout.isTTY
    : /^\/dev\/(tty|pts\/|console|std(out|err)$)/.test(file) && process.stdout.isTTY

/** Checked before the work, so that no result is lost after it. */
async function writablePath(path: string): Promise<string> {
  const full = fromHere(path)
  await checkUserFile(full)
  return full
}

/** 1 for what the environment refused, 2 for wrong use, 130 for a cancel, 70 for a bug. */
function reportError(error: unknown): number {
  if (error instanceof EngineError) {
    const { title, advice } = describeFailure(error.failure)
    print(`${title} ${advice}`)
    return error.failure.code === 'cancelled' ? 130 : 1
  }
  if (error instanceof UsageError) {
    const command = error.command === undefined ? 'cutaway' : `cutaway ${error.command}`
    print(`${command}: ${error.message}\nRun "${command} --help" for help.`)
    return 2
  }
  print(inspect(error))
  return 70
}

// Every write says itself how it ended; without a listener its error would end the process a second time.
process.stdout.on('error', () => undefined)
process.stderr.on('error', () => undefined)

endWithStarter()
setWatchdogScript(new URL('./watchdog.js', import.meta.url))
process.exitCode = await main(process.argv.slice(2)).catch(reportError)
