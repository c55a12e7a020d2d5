// npm test: checks, then unit, engine and browser tests. The last line counts what the test runner's own report says.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ensureBuild, ensureDebianPackage, ensurePackages, node, root } from './bootstrap.mjs'
import { dataFolder } from './data-folder.mjs'

const results = join(root, 'test-results')
const report = join(results, 'vitest.json')

ensurePackages()
rmSync(results, { recursive: true, force: true })
mkdirSync(results, { recursive: true })
const failedChecks =
  spawnSync(process.execPath, ['scripts/check.mjs'], { cwd: root, stdio: ['ignore', 2, 2] }).status ?? 1
ensureBuild()
if (!ensureDebianPackage('chromium-headless-shell', '/usr/bin/chromium-headless-shell'))
  console.error('There is no Chromium: browser tests will be skipped.')
const isEngineOurs = !isEngineRunning()
if (node(['out/main/cli.js', 'engine', 'start']) !== 0)
  console.error('There is no container engine: engine tests will be skipped.')
try {
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  node(['node_modules/vitest/vitest.mjs', 'run', ...reporters, ...process.argv.slice(2)])
} finally {
  if (isEngineOurs && !isEngineRunning()) printEngineLog()
  if (isEngineOurs) node(['out/main/cli.js', 'engine', 'stop'])
}
finish()

/** Whether Cutaway's own engine ran before us; then it is not ours to end. */
function isEngineRunning() {
  const { status } = spawnSync(process.execPath, ['out/main/cli.js', 'engine', 'status'], {
    cwd: root,
    stdio: 'ignore',
  })
  return status === 0
}

/** An engine that ended before its time says why in its log. */
function printEngineLog() {
  const log = join(dataFolder(), 'engine/dockerd.log')
  if (existsSync(log)) console.error(`The engine ended; its log:\n${readFileSync(log, 'utf8').slice(-6000)}`)
}

function finish() {
  if (!existsSync(report)) {
    console.error('The test runner left no report.')
    process.exitCode = 1
    console.log(`0 passed, ${1 + failedChecks} failed, 0 skipped`)
    return
  }
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, success } = JSON.parse(
    readFileSync(report, 'utf8'),
  )
  const isGreen = success && failedChecks === 0 && numFailedTests === 0
  if (failedChecks > 0) console.error(`${failedChecks} of the checks before the tests failed; see above.`)
  if (!success && numFailedTests === 0) console.error('A test file could not be run; see above.')
  process.exitCode = isGreen ? 0 : 1
  const failed = numFailedTests + failedChecks + (success || numFailedTests > 0 ? 0 : 1)
  console.log(`${numPassedTests} passed, ${failed} failed, ${numPendingTests + numTodoTests} skipped`)
}
