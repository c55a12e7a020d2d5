// What the scripts need before anything else: npm packages, the built app, Debian packages. Node built-ins only.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

export const root = dirname(import.meta.dirname)
const say = (text) => console.error(text)
const digest = (text) => createHash('sha256').update(text).digest('hex')

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
  if (run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']) !== 0)
    fail('npm ci failed; its message is above.')
  writeFileSync(stamp, wanted)
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

/** Runs a program to its end in the foreground with our own standard streams, and ends as it ends. */
export function become(program, args, environment = process.env) {
  const child = spawn(program, args, { cwd: root, stdio: 'inherit', env: environment })
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => process.exit(code ?? (signal ? 130 : 1)))
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
