// npm test: checks, then unit, engine and browser tests. The last line counts what the test runner's own report says.
import { spawn, spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ensureBuild, ensureDebianPackage, ensurePackages, root } from './bootstrap.mjs'
import { dataFolder } from './data-folder.mjs'

const results = join(root, 'test-results')
const report = join(results, 'vitest.json')
const args = process.argv.slice(2)
const projects = wantedProjects(args)
/** In the environment of everything that the tests start, so that nothing of it outlives them. */
const mark = `CUTAWAY_TEST_RUN=${randomUUID()}`

let interruptedBy
let interruptedMs = 0
let isCleaningUp = false
const running = new Set()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => interrupt(signal))
// npm that is killed tells nobody, and its shell lives on.
const startedBy = ancestors()
const watch = setInterval(() => {
  if (ancestors() === startedBy) return
  clearInterval(watch)
  if (interruptedBy === undefined) interrupt('SIGTERM')
}, 500)

process.exitCode = await main()
clearInterval(watch)

async function main() {
  ensurePackages()
  rmSync(results, { recursive: true, force: true })
  mkdirSync(results, { recursive: true })
  const failedChecks = await node(['scripts/check.mjs'])
  let status = 1
  let isEngineOurs = false
  const temporary = mkdtempSync(join(tmpdir(), 'cutaway-'))
  try {
    if (!interruptedBy && !projects.every((name) => name === 'unit')) isEngineOurs = await prepare()
    if (!interruptedBy) {
      const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
      const [name, value] = mark.split('=')
      const environment = { ...process.env, [name]: value, TMPDIR: temporary }
      status = await node(['node_modules/vitest/vitest.mjs', 'run', ...reporters, ...args], environment)
    }
  } finally {
    isCleaningUp = true
    await endMarked()
    if (isEngineOurs) await stopEngine()
    removeWithMounts(temporary)
  }
  return finish(status, failedChecks)
}

/** What engine and browser tests need; whether the engine is ours to end. */
async function prepare() {
  ensureBuild()
  if (!ensureDebianPackage('chromium-headless-shell', '/usr/bin/chromium-headless-shell'))
    console.error('There is no Chromium: browser tests will be skipped.')
  if (interruptedBy || (await isEngineRunning())) return false
  if ((await node(['out/main/cli.js', 'engine', 'start'])) !== 0)
    console.error('There is no container engine: engine tests will be skipped.')
  return true
}

/** The projects that a command line asks for: by name, by the folders of files, or all. */
function wantedProjects(words) {
  const named = words.flatMap((word, at) => {
    if (word === '--project') return [words[at + 1]]
    return word.startsWith('--project=') ? [word.slice('--project='.length)] : []
  })
  if (named.length > 0) return named
  const folders = { engine: 'engine', e2e: 'e2e', electron: 'unit', renderer: 'unit' }
  const files = words.map((word) => /^(?:\.\/)?test\/(\w+)/.exec(word)?.[1]).filter((folder) => folder in folders)
  return files.length > 0 ? files.map((folder) => folders[folder]) : ['unit', 'engine', 'e2e']
}

/** Our parent and its parent, where we were started by npm. */
function ancestors() {
  if (process.env.npm_lifecycle_event === undefined) return ''
  const stat = readOr(`/proc/${process.ppid}/stat`)
  return `${process.ppid} ${stat.slice(stat.lastIndexOf(')')).split(' ')[2]}`
}

/** Runs Node to its end; 1 when a signal ended it. */
function node(words, environment = process.env, stdio = ['ignore', 2, 2]) {
  return new Promise((resolve) => {
    // A group of its own: an interrupt from the terminal reaches us, and we tell it.
    const child = spawn(process.execPath, words, { cwd: root, stdio, env: environment, detached: true })
    running.add(child)
    child.on('close', (code) => {
      running.delete(child)
      resolve(code ?? 1)
    })
    child.on('error', (error) => {
      console.error(error.message)
      resolve(1)
    })
  })
}

/** Ends what runs now; a second signal, or ten seconds, end it for certain. What is cleaning up goes on. */
function interrupt(signal) {
  // Ctrl+C comes from the terminal and from npm.
  const isSecond = interruptedBy !== undefined
  interruptedBy ??= signal
  if (isCleaningUp || Date.now() - interruptedMs < 1000) return
  interruptedMs = Date.now()
  for (const child of running) {
    endGroup(child, isSecond ? 'SIGKILL' : 'SIGTERM')
    setTimeout(() => running.has(child) && endGroup(child, 'SIGKILL'), 10_000).unref()
  }
}

function endGroup({ pid }, signal) {
  try {
    process.kill(-pid, signal)
  } catch {
    // It has ended.
  }
}

/** Ends what the tests started and left: engines of their own, browsers, hosts. */
async function endMarked() {
  for (const [signal, patienceMs] of [
    ['SIGTERM', 5000],
    ['SIGKILL', 2000],
  ]) {
    for (const pid of marked()) {
      console.error(`Still running after the tests: ${commandOf(pid)} (${signal})`)
      try {
        process.kill(pid, signal)
      } catch {
        // It has ended.
      }
    }
    for (const endMs = Date.now() + patienceMs; marked().length > 0 && Date.now() < endMs; ) await sleep(100)
  }
}

/** Processes that have the mark of this run. */
function marked() {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => readOr(`/proc/${pid}/environ`).split('\0').includes(mark))
    .map(Number)
}

function commandOf(pid) {
  return readOr(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim().slice(0, 120)
}

function readOr(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/** Whether Cutaway's own engine ran before us; then it is not ours to end. */
async function isEngineRunning() {
  return (await node(['out/main/cli.js', 'engine', 'status'], process.env, 'ignore')) === 0
}

async function stopEngine() {
  if (!(await isEngineRunning())) printEngineLog()
  await node(['out/main/cli.js', 'engine', 'stop'])
}

/** An engine that ended before its time says why in its log. */
function printEngineLog() {
  const log = join(dataFolder(), 'engine/dockerd.log')
  if (existsSync(log)) console.error(`The engine ended; its log:\n${readFileSync(log, 'utf8').slice(-6000)}`)
}

/** A test engine that was killed leaves its mounts; a folder with mounts cannot be removed. */
function removeWithMounts(folder) {
  const mounts = readOr('/proc/self/mounts')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((path) => path.startsWith(`${folder}/`))
  for (const path of mounts.reverse()) spawnSync('umount', ['-l', path])
  rmSync(folder, { recursive: true, force: true })
}

/** Prints the slowest files and the last line; gives the exit code. */
function finish(status, failedChecks) {
  const told = readReport()
  if (told === undefined) console.error('The test runner left no report.')
  else printSlowest(told.testResults)
  const { numPassedTests: passed = 0, numFailedTests = 0, numPendingTests = 0, numTodoTests = 0 } = told ?? {}
  if (failedChecks > 0) console.error(`${failedChecks} of the checks before the tests failed; see above.`)
  const isRunnerGreen = status === 0 && told?.success === true
  if (!isRunnerGreen && numFailedTests === 0) console.error('The test runner failed beside the tests; see above.')
  const failed = numFailedTests + failedChecks + (isRunnerGreen || numFailedTests > 0 ? 0 : 1)
  console.log(`${passed} passed, ${failed} failed, ${numPendingTests + numTodoTests} skipped`)
  if (interruptedBy !== undefined) return 128 + constants.signals[interruptedBy]
  return failed === 0 ? 0 : 1
}

function readReport() {
  try {
    return JSON.parse(readFileSync(report, 'utf8'))
  } catch {
    return undefined
  }
}

function printSlowest(files) {
  const slowest = files.map(({ name, startTime, endTime }) => ({ name, seconds: (endTime - startTime) / 1000 }))
  slowest.sort((one, two) => two.seconds - one.seconds)
  console.error('The slowest files:')
  for (const { name, seconds } of slowest.slice(0, 10))
    console.error(`${seconds.toFixed(1).padStart(7)} s  ${name.slice(root.length + 1)}`)
}
