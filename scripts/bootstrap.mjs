// What the scripts need before anything else: npm packages, the built app, Debian packages. Node built-ins only.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'

export const root = dirname(import.meta.dirname)
const say = (text) => console.error(text)
const digest = (text) => createHash('sha256').update(text).digest('hex')
const patienceMs = 3000
const samePressMs = 300
const npmProcesses = npmAncestors()

/** Runs a program in the project; its output goes to standard error, so that reports own standard output. */
export function run(program, args, options = {}) {
  const result = spawnSync(program, args, { cwd: root, stdio: ['ignore', 2, 2], ...options })
  return result.status ?? 1
}

export const node = (args, options) => run(process.execPath, args, options)

/** npm ci, when node_modules is not what the lock file says. */
export function ensurePackages() {
  const stamp = join(root, 'node_modules/.cutaway-lock')
  const wanted = digest(readFileSync(join(root, 'package-lock.json')))
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  say('Installing npm packages …')
  const [npm, ...args] = npmCommand()
  if (run(npm, [...args, 'ci', '--no-audit', '--no-fund', '--loglevel=error']) !== 0)
    fail('npm ci failed. See its message above.')
  writeFileSync(stamp, wanted)
}

/** How to run npm: its script with this Node, because what PATH has of it on Windows is a batch file, which only a shell can run. */
export function npmCommand(environment = process.env, execPath = process.execPath) {
  const folder = dirname(execPath)
  const scripts = [
    environment.npm_execpath ?? '',
    join(folder, 'node_modules/npm/bin/npm-cli.js'),
    join(folder, '../lib/node_modules/npm/bin/npm-cli.js'),
  ]
  // Other package managers name themselves in npm_execpath, too.
  const script = scripts.find((path) => path.endsWith('npm-cli.js') && existsSync(path))
  if (script !== undefined) return [execPath, script]
  if (process.platform === 'win32') fail('npm was not found next to Node.js. Run “npm ci”, then try again.')
  return ['npm']
}

/** Builds all when a source file is newer than what is built. */
export function ensureBuild() {
  const stamp = join(root, 'out/.stamp')
  const wanted = digest(sources().join('\n'))
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  say('Building the app …')
  buildAll()
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, wanted)
}

/** The app, and the page of reports. */
export function buildAll() {
  const builds = [
    ['node_modules/electron-vite/bin/electron-vite.js', 'build'],
    ['node_modules/vite/bin/vite.js', 'build', '--config', 'vite.report.config.ts'],
  ]
  for (const build of builds)
    if (node([...build, '--logLevel', 'warn']) !== 0) fail('The build failed; its message is above.')
}

/** Installs a Debian package when root may; says whether `file` is there afterwards. */
export function ensureDebianPackage(name, file) {
  if (existsSync(file)) return true
  if (process.platform !== 'linux' || process.getuid() !== 0 || !existsSync('/usr/bin/apt-get')) return false
  say(`Installing ${name} with apt …`)
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const apt = (args) =>
    run('apt-get', ['-q', '-o', 'DPkg::Lock::Timeout=120', ...args], {
      env: environment,
      stdio: ['ignore', 'ignore', 2],
    })
  apt(['update'])
  apt(['install', '-y', '--no-install-recommends', name])
  return existsSync(file)
}

/**
 * Runs a program to its end in the foreground with our own standard streams, and ends as it ends. It is told to end by a signal to us, or
 * when npm has ended, and is ended three seconds later at the latest.
 */
export function become(program, args, environment = process.env) {
  if (!npmProcesses.every(isRunning)) process.exit(128 + constants.signals.SIGTERM)
  const starter = { ...environment, CUTAWAY_STARTER: String(process.pid) }
  const child = spawn(program, args, { cwd: root, stdio: 'inherit', env: starter })
  let firstMs
  const end = (signal) => {
    // Ctrl+C reaches us from the terminal and from npm.
    if (firstMs !== undefined && performance.now() - firstMs < samePressMs) return
    child.kill(firstMs === undefined ? signal : 'SIGKILL')
    firstMs ??= performance.now()
    setTimeout(() => {
      child.kill('SIGKILL')
      process.exit(128 + constants.signals[signal])
    }, patienceMs)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => end(signal))
  const timer = setInterval(() => {
    if (npmProcesses.every(isRunning)) return
    clearInterval(timer)
    end('SIGTERM')
  }, 500)
  child.on('error', ({ message }) => fail(`${program} cannot be started: ${message}`))
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 1)))
}

/**
 * npm and the shell that it starts scripts with, where we were started by one. npm tells that shell alone that it ends, and not even that
 * when it is killed. What started npm may end: so does a shell that left us in the background.
 */
function npmAncestors() {
  if (process.env.npm_lifecycle_event === undefined || process.platform === 'win32') return []
  const parent = describeProcess(process.ppid)
  if (parent === undefined) return []
  const isShell = /(^|\/)(ba|da|z|k|a)?sh$/.test(parent.name)
  const npm = isShell ? describeProcess(parent.parentId) : undefined
  return [parent, ...(npm ? [npm] : [])]
}

/** Name and parent of a process; undefined when it has ended. */
function describeProcess(pid) {
  if (process.platform !== 'linux') {
    const { stdout } = spawnSync('ps', ['-o', 'ppid=,comm=', '-p', String(pid)], { encoding: 'utf8' })
    const [, parent, name] = /^\s*(\d+)\s+(.*)$/m.exec(stdout ?? '') ?? []
    return parent === undefined ? undefined : { pid, parentId: Number(parent), name }
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const name = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'))
    // A zombie has ended; its own parent has not asked for its exit code yet.
    return state === 'Z' ? undefined : { pid, parentId: Number(parent), name }
  } catch {
    return undefined
  }
}

function isRunning({ pid }) {
  try {
    process.kill(pid, 0)
    return process.platform !== 'linux' || describeProcess(pid) !== undefined
  } catch {
    return false
  }
}

export function fail(text) {
  say(text)
  process.exit(1)
}

/** Path, size and time of every file that the build reads. */
function sources() {
  const files = ['package-lock.json', 'electron.vite.config.ts', 'vite.report.config.ts']
  const visit = (folder) => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) visit(path)
      else files.push(path)
    }
  }
  visit('electron')
  visit('renderer')
  return files.sort().map((path) => {
    const { size, mtimeMs } = statSync(join(root, path))
    return `${path} ${size} ${mtimeMs}`
  })
}
