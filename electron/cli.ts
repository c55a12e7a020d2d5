import { access, constants, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { compareFolder } from './cli/compare-command'
import { inspectImage } from './cli/inspect-command'
import { describeFailure, EngineError } from './core/failure'
import { formatBytes, formatQuantity } from './core/format'
import { textInspect } from './core/report/inspect-report'
import { textReport } from './core/report/text-table'
import { indexCacheFolder } from './engine/setup/data-directory'
import { ensureEngine, isPrivateEngineRunning, stopPrivateEngine } from './engine/setup/private-engine'
import { DiskIndexCache } from './engine/store/index-cache'
import { RemoteImageStore } from './engine/store/remote-store'

const usage = `cutaway compare <folder> [--json] [--output FILE] [--no-cache]
    build both variants of the folder's image and compare them
cutaway inspect <image | archive.tar> [--json] [--output FILE] [--source tar-split | export | archive] [--platform OS/ARCH]
    what one image is made of: layers, sizes, largest files, waste
cutaway cache show | clear
    what indexing images has kept, see or remove it
cutaway engine start | stop | status
    set up an engine when none answers; end Cutaway's own one; say whether it runs

  --json         print the data as JSON (schema version 1) instead of a table
  --output FILE  write the report to a file
  --no-cache     compare: build without the engine's cache; inspect: without Cutaway's index cache`

const resources = join(import.meta.dirname, '../../resources')
const print = (line: string): void => console.error(line)

async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      output: { type: 'string' },
      'no-cache': { type: 'boolean', default: false },
      source: { type: 'string' },
      platform: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  const [command, argument] = positionals
  if (values.help || command === undefined) {
    console.log(usage)
    return values.help ? 0 : 2
  }
  if (command === 'engine' && argument === 'start') {
    const { endpoint, version } = await ensureEngine({ onMessage: print })
    print(`Using ${version.name} ${version.version} at ${endpoint.address} (${endpoint.origin}).`)
    return 0
  }
  if (command === 'engine' && argument === 'stop') {
    print((await stopPrivateEngine()) ? 'Cutaway’s own engine has ended.' : 'Cutaway’s own engine does not run.')
    return 0
  }
  if (command === 'cache' && (argument === 'show' || argument === 'clear')) {
    const cache = new DiskIndexCache(indexCacheFolder())
    const { files, bytes } = await cache.use()
    if (argument === 'clear') await cache.clear()
    const what = `${formatBytes(bytes)} in ${formatQuantity(files, 'file')}`
    print(argument === 'clear' ? `Cleared ${what}.` : `The index cache holds ${what}: ${indexCacheFolder()}`)
    return 0
  }
  if (command === 'engine' && argument === 'status') {
    const isRunning = isPrivateEngineRunning()
    print(`Cutaway’s own engine ${isRunning ? 'runs' : 'does not run'}.`)
    return isRunning ? 0 : 1
  }
  const isWrongSource = values.source !== undefined && !['tar-split', 'export', 'archive'].includes(values.source)
  const run = { compare, inspect }[command]
  if (run === undefined || argument === undefined || positionals.length > 2 || isWrongSource) {
    print(`This is not a command of Cutaway: ${args.join(' ')}\n\n${usage}`)
    return 2
  }
  const output = values.output === undefined ? undefined : await writablePath(values.output)
  const text = await run(argument, { ...values, signal: untilInterrupted() })
  if (output === undefined) process.stdout.write(text)
  else await writeFile(output, text)
  return 0
}

interface Flags {
  readonly json: boolean
  readonly 'no-cache': boolean
  readonly source?: string | undefined
  readonly platform?: string | undefined
  readonly signal: AbortSignal
}

const fromHere = (path: string): string => resolve(process.env.INIT_CWD ?? '.', path)
const asJson = (report: unknown): string => `${JSON.stringify(report, undefined, 2)}\n`

function untilInterrupted(): AbortSignal {
  const controller = new AbortController()
  process.once('SIGINT', () => controller.abort())
  process.once('SIGTERM', () => controller.abort())
  return controller.signal
}

async function compare(folder: string, { json, signal, ...flags }: Flags): Promise<string> {
  const store = new RemoteImageStore(new URL('./worker.js', import.meta.url))
  try {
    const report = await compareFolder({
      folder: fromHere(folder),
      noCache: flags['no-cache'],
      store,
      standInRecipes: join(resources, 'stand-ins'),
      signal,
      print,
    })
    return json ? asJson(report) : textReport(report)
  } finally {
    await store.dispose()
  }
}

async function inspect(image: string, { json, source, platform, signal, ...flags }: Flags): Promise<string> {
  const report = await inspectImage({
    image,
    path: fromHere(image),
    source,
    platform,
    usesCache: !flags['no-cache'],
    signal,
    print,
  })
  return json ? asJson(report) : textInspect(report)
}

/** Checked before the build, so that no report is lost after it. */
async function writablePath(path: string): Promise<string> {
  const full = fromHere(path)
  await access(dirname(full), constants.W_OK).catch((cause: NodeJS.ErrnoException) => {
    throw new EngineError({ code: 'path-unwritable', path: full, detail: cause.message }, { cause })
  })
  return full
}

/** 1 for what the environment refused, 2 for wrong use, 130 for a cancel, 70 for a bug. */
function reportError(error: unknown): number {
  if (error instanceof EngineError) {
    const { title, advice } = describeFailure(error.failure)
    print(`${title} ${advice}`)
    return error.failure.code === 'cancelled' ? 130 : 1
  }
  if (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')) {
    print(`${error.message}\n\n${usage}`)
    return 2
  }
  console.error(error)
  return 70
}

process.exitCode = await main(process.argv.slice(2)).catch(reportError)
