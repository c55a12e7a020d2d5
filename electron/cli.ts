import { join } from 'node:path'
import { inspect, parseArgs } from 'node:util'
import { fromHere, UsageError } from './cli/command'
import { commandNamed, isLongRunning } from './cli/commands'
import { type PlainCall, runInThread } from './cli/run-in-thread'
import { describeFailure } from './core/describe-failure'
import { EngineError } from './core/failure'
import { printable } from './core/printable'
import { decodeUtf8 } from './core/utf8'
import { endOnSignal, endWithStarter } from './end-on-signal'
import { setWatchdogScript } from './engine/life/watchdog'
import { checkUserFile, writeStandardOutput, writeUserFile } from './engine/store/user-files'

const usage = `cutaway compare <folder> [--before ID] [--after ID] [--build-arg NAME=VALUE ...]
                [--build-context NAME=docker-image://REFERENCE ...] [--json] [--output FILE] [--no-cache]
                [--run [--input FILE] [--port N [--path /PATH]] [--seconds N] [--network]]
                [--matrix [--runs N]] [--scan] [--report FILE] [--save FILE] [--markdown] [--include-secrets]
    build both variants of the folder's image and compare them; an ID is one that \`cutaway variants\` lists;
    --run also runs both, without network unless asked, and compares what they do;
    --matrix also builds both from nothing, unchanged and after edits, and measures what is pushed again;
    --scan looks up known vulnerabilities, where grype or trivy is installed;
    --report writes a page that shows the comparison in any browser, --save a smaller file for the app;
    --markdown prints it for a pull request
cutaway variants <folder> [--json]
    the Dockerfiles of a folder, what can be derived of them, and which two are compared
cutaway ladder <folder> [--variant ID ...] [--build-arg NAME=VALUE ...] [--build-context NAME=... ...] [--json] [--no-cache]
    build all that \`cutaway variants\` lists, or those named, one after another, and put size, surface and time side by side
cutaway derive <folder> --to traditional | multi-stage | distroless | minimal [--explain] [-o FILE] [--json]
    the Dockerfile that is missing, made of the one that is there; all but traditional build that first and read its image;
    --explain writes the reasons into it
cutaway check <folder> [--json]
    what would keep its images from running, told without building
cutaway graph <folder> [--json | --svg] [-o FILE]
    the stages of its Dockerfiles and what gives files to what
cutaway inspect <image | archive | layout> [--json] [--output FILE] [--platform OS/ARCH]
                [--source tar-split | content-store | export | archive] [--no-cache]
    what one image is made of: layers, sizes, largest files, waste; an archive is a tar, a layout a tar or a folder
cutaway surface <image | archive | layout> [--json] [--output FILE] [--platform OS/ARCH]
    what an attacker could use of an image, and what was deleted and is still readable
cutaway sbom <image | archive | layout> [--format cyclonedx | spdx] [--output FILE] [--platform OS/ARCH]
    the packages of an image as CycloneDX 1.6 (unless told otherwise) or SPDX 2.3
cutaway read <image | archive | layout> <path> [--output FILE] [--platform OS/ARCH]
    one file of an image, without unpacking it
cutaway cache show | clear
    what indexing images has kept, see or remove it
cutaway engine start | stop | status
    set up an engine when none answers; end Cutaway's own one; say whether it runs

  --json         print the data as JSON (schema version 1) instead of a table
  --output FILE  write the result to a file
  --include-secrets
                 keep values that look like secrets in reports and saved files, instead of [redacted]
  --no-cache     compare: build without the engine's cache; inspect: without Cutaway's index cache`

const print = (line: string): void => console.error(printable(line))

const flags = {
  json: { type: 'boolean', default: false },
  output: { type: 'string', short: 'o' },
  to: { type: 'string' },
  before: { type: 'string' },
  variant: { type: 'string', multiple: true },
  'build-arg': { type: 'string', multiple: true },
  'build-context': { type: 'string', multiple: true },
  after: { type: 'string' },
  explain: { type: 'boolean', default: false },
  scan: { type: 'boolean', default: false },
  save: { type: 'string' },
  report: { type: 'string' },
  markdown: { type: 'boolean', default: false },
  run: { type: 'boolean', default: false },
  matrix: { type: 'boolean', default: false },
  runs: { type: 'string' },
  input: { type: 'string' },
  port: { type: 'string' },
  path: { type: 'string' },
  seconds: { type: 'string' },
  network: { type: 'boolean', default: false },
  svg: { type: 'boolean', default: false },
  'include-secrets': { type: 'boolean', default: false },
  'no-cache': { type: 'boolean', default: false },
  source: { type: 'string' },
  platform: { type: 'string' },
  format: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const

async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: flags,
  })
  const [name, ...rest] = positionals
  if (values.help || name === undefined) {
    await writeStandardOutput(`${usage}\n`)
    return values.help ? 0 : 2
  }
  const load = commandNamed(name)
  if (load === undefined) throw new UsageError(`there is no command ${name}`)
  const file = values.output === undefined ? undefined : await writablePath(values.output)
  for (const path of [values.save, values.report]) if (path !== undefined) await writablePath(path)
  const written = [values.output, values.save, values.report].flatMap((path) =>
    path === undefined ? [] : fromHere(path),
  )
  if (new Set(written).size < written.length) throw new UsageError('two results in one file')
  const call: PlainCall = {
    name,
    arguments: rest,
    flags: values,
    worker: new URL('./worker.js', import.meta.url).href,
    resources: join(import.meta.dirname, '../../resources'),
    reportPage: join(import.meta.dirname, '../report/report.html'),
  }
  const { output, isVerbatim, exitCode } = isLongRunning(name)
    ? await runInThread(new URL('./cli-thread.js', import.meta.url), call, {
        print,
        onStart: endOnSignal,
      })
    : await (await load()).run({ ...call, worker: new URL(call.worker), signal: new AbortController().signal, print })
  const shown = isVerbatim && !isTerminal(file) ? output : printable(textOf(output))
  if (file === undefined) await writeStandardOutput(shown)
  else await writeUserFile(file, shown)
  return exitCode
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
  const problem = usageProblem(error)
  if (problem !== undefined) {
    print(`${problem}\n\n${usage}`)
    return 2
  }
  print(inspect(error))
  return 70
}

function usageProblem(error: unknown): string | undefined {
  if (error instanceof UsageError) return `This is not a command of Cutaway: ${process.argv.slice(2).join(' ')}`
  const isWrongFlag = error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
  return isWrongFlag ? error.message : undefined
}

// Every write says itself how it ended; without a listener its error would end the process a second time.
process.stdout.on('error', () => undefined)
process.stderr.on('error', () => undefined)

endWithStarter()
setWatchdogScript(new URL('./watchdog.js', import.meta.url))
process.exitCode = await main(process.argv.slice(2)).catch(reportError)
