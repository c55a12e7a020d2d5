// Parses Electron's command line, starts Chromium, resolves 'electron' to the stand-in, and runs the app's main entry.
import { existsSync, readFileSync, statSync } from 'node:fs'
import Module, { createRequire, register } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { launchChromium } from './chromium.mjs'

const here = import.meta.dirname
const argv = process.argv.slice(2)
const preloads = []
const switches = new Map()
let appPath
for (let at = 0; at < argv.length; at++) {
  const argument = argv[at]
  if (appPath !== undefined) continue
  if (argument === '-r' || argument === '--require') preloads.push(argv[++at])
  else if (argument.startsWith('--')) {
    const [name, ...value] = argument.slice(2).split('=')
    switches.set(name, value.join('='))
  } else appPath = argument
}
if (appPath === undefined || !existsSync(appPath)) {
  console.error('electron stand-in: no app to run')
  process.exit(1)
}
const root = statSync(appPath).isDirectory() ? resolve(appPath) : dirname(resolve(appPath))
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

process.argv.splice(0, process.argv.length, join(here, 'bin/electron'), ...argv)
Object.defineProperty(process, 'versions', { value: { ...process.versions, electron: '0.0.0', chrome: '0.0.0' } })
globalThis.standIn = { root, manifest }

const electron = await import('./electron.mjs')
const stub = electron.electronModule
const load = Module._load
Module._load = (request, ...rest) => (request === 'electron' ? stub : load(request, ...rest))
// ES imports of 'electron' end here too; Playwright's loader is CommonJS and needs the line above.
const hook = `export const resolve = (name, context, next) =>
  name === 'electron' ? { url: ${JSON.stringify(pathToFileURL(join(here, 'electron.mjs')).href)}, shortCircuit: true } : next(name, context)`
register(`data:text/javascript,${encodeURIComponent(hook)}`)
for (const preload of preloads) createRequire(join(process.cwd(), 'index.js'))(preload)

const port = switches.get('remote-debugging-port')
const chromium = await launchChromium({
  flags: port === undefined ? [] : [`--remote-debugging-port=${port || 0}`],
  onDevTools: (line) => process.stderr.write(`\n${line}\n`),
})
electron.start(chromium)
await import(pathToFileURL(join(root, manifest.main)).href)
electron.becomeReady()
