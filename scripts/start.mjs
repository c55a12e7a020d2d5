// npm start [-- FOLDER]: sets up what is missing and opens the app, in Electron where it can run, else in the browser.
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { become, ensureBuild, ensurePackages, node, root } from './bootstrap.mjs'

const args = process.argv.slice(2)
ensurePackages()
ensureBuild()
// Without an engine the app opens all the same and says how to get one.
node(['out/main/cli.js', 'engine', 'start'])
const electron = electronBinary()
if (electron === undefined) {
  console.error('Opening Cutaway in the browser: there is no display for a window, or Electron cannot be fetched.')
  console.error('This address gives access to the container engine, which is as good as root. Keep it to yourself:')
  become(process.execPath, ['out/main/web.js', '--open', ...args])
} else {
  const flags = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  if (flags.length > 0) console.error('Running as root, so Electron runs without its sandbox.')
  become(electron, [...flags, root, ...args])
}

/** The binary when it is installed or can be fetched; a failed fetch is not tried again for a day. */
function electronBinary() {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH
  if (override) return join(override, 'electron')
  const hasDisplay = process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY
  if (!hasDisplay) return undefined
  const folder = join(root, 'node_modules/electron')
  const failedAt = join(root, 'node_modules/.cache/electron-not-fetched')
  const isRecent = existsSync(failedAt) && Date.now() - statSync(failedAt).mtimeMs < 86_400_000
  if (!existsSync(join(folder, 'dist/version')) && !isRecent) {
    console.error('Fetching Electron …')
    if (node([join(folder, 'install.js')], { timeout: 180_000 }) !== 0) {
      mkdirSync(join(root, 'node_modules/.cache'), { recursive: true })
      writeFileSync(failedAt, '')
    }
  }
  const pathFile = join(folder, 'path.txt')
  return existsSync(pathFile) ? join(folder, 'dist', readFileSync(pathFile, 'utf8')) : undefined
}
