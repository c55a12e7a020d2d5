// npm run test:repeat -- N [--busy] [--shuffle] [--seed=S] [arguments of npm test]: the suite N times, and a table of what came of it.
import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { readFileSync, rmSync } from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'
import { root } from './bootstrap.mjs'

const [count, ...words] = process.argv.slice(2)
const runs = Number(count)
if (!Number.isInteger(runs) || runs < 1) {
  console.error('Usage: npm run test:repeat -- N [--busy] [--shuffle] [--seed=S] [arguments of npm test]')
  process.exit(2)
}
const isBusy = words.includes('--busy')
const firstSeed = words.find((word) => word.startsWith('--seed='))?.slice('--seed='.length)
const isShuffled = words.includes('--shuffle') || firstSeed !== undefined
const rest = words.filter(
  (word) => word !== '--busy' && word !== '--shuffle' && word !== '--' && !word.startsWith('--seed='),
)

/** Keeps a core busy, and ends by itself when we are gone. */
const busyLoop = `
  const parent = process.ppid
  const work = () => {
    const endMs = Date.now() + 200
    while (Date.now() < endMs);
    if (process.ppid === parent) setImmediate(work)
  }
  work()`

const rows = []
let suite
let loops = []
let interruptedBy
const endLoops = () => {
  for (const loop of loops) loop.kill('SIGKILL')
  loops = []
}
process.on('exit', endLoops)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, () => {
    interruptedBy ??= signal
    endLoops()
    suite?.kill('SIGTERM')
  })

for (let run = 1; run <= runs && interruptedBy === undefined; run++) {
  const seed = isShuffled
    ? Number(firstSeed ?? randomInt(1, 2 ** 31)) + (firstSeed === undefined ? 0 : run - 1)
    : undefined
  console.error(
    `Run ${run} of ${runs}${seed === undefined ? '' : `, seed ${seed}`}${isBusy ? ', beside two busy loops' : ''}`,
  )
  rows.push({ run, seed, ...(await runOnce(seed)) })
}
printTable()
if (interruptedBy !== undefined) process.exitCode = 128 + constants.signals[interruptedBy]
else process.exitCode = rows.some(({ code, failed }) => code !== 0 || failed > 0) ? 1 : 0

async function runOnce(seed) {
  const report = join(root, 'test-results/vitest.json')
  rmSync(report, { force: true })
  const order =
    seed === undefined ? [] : ['--sequence.shuffle.files', '--sequence.shuffle.tests', `--sequence.seed=${seed}`]
  const startMs = performance.now()
  if (isBusy) loops = [1, 2].map(() => spawn(process.execPath, ['-e', busyLoop], { stdio: 'ignore' }))
  try {
    const { code, lastLine } = await runSuite([...order, ...rest])
    const minutes = (performance.now() - startMs) / 60_000
    const [, passed, failed, skipped] = /^(\d+) passed, (\d+) failed, (\d+) skipped$/.exec(lastLine) ?? []
    return { code, passed, failed: Number(failed ?? 1), skipped, minutes, names: failedTests(report) }
  } finally {
    endLoops()
  }
}

/** Runs the suite with its output shown; gives its exit code and the last line that it wrote to standard output. */
function runSuite(args) {
  return new Promise((resolve) => {
    suite = spawn(process.execPath, ['scripts/test.mjs', ...args], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
    let text = ''
    suite.stdout.setEncoding('utf8').on('data', (chunk) => {
      process.stderr.write(chunk)
      text = (text + chunk).slice(-2000)
    })
    suite.on('close', (code, signal) => {
      suite = undefined
      resolve({ code: code ?? 128 + (constants.signals[signal] ?? 0), lastLine: text.trim().split('\n').at(-1) ?? '' })
    })
  })
}

function failedTests(report) {
  try {
    const { testResults } = JSON.parse(readFileSync(report, 'utf8'))
    return testResults.flatMap(({ name, message, assertionResults }) => {
      const failed = assertionResults.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName)
      const file = name.slice(root.length + 1)
      // A file that could not be loaded has no tests.
      return failed.length === 0 && message ? [file] : failed.map((title) => `${file}: ${title}`)
    })
  } catch {
    return ['the test runner left no report']
  }
}

function printTable() {
  const cells = rows.map(({ run, seed, passed, failed, skipped, minutes, names }) =>
    [
      run,
      seed ?? '-',
      isBusy ? 'busy' : '-',
      passed ?? '-',
      failed,
      skipped ?? '-',
      minutes.toFixed(1),
      names.join('; '),
    ].map(String),
  )
  const table = [['run', 'seed', 'load', 'passed', 'failed', 'skipped', 'minutes', 'failed tests'], ...cells]
  const widths = table[0].map((_, at) => Math.max(...table.map((row) => (at === 7 ? 0 : row[at].length))))
  for (const row of table)
    console.log(
      row
        .map((cell, at) => cell.padEnd(widths[at]))
        .join('  ')
        .trimEnd(),
    )
}
