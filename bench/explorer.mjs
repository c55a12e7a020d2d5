// The explorer in Chromium: 200,000 made files in the real components, and the app as it is built. Prints Markdown.
// usage: node bench/explorer.mjs; needs a build (npm test makes one) and Chromium.
import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { chromium } from 'playwright-core'
import { build } from 'vite'
import { root } from '../scripts/bootstrap.mjs'

const files = 200_000
const outDir = join(root, 'out/bench/explorer')
await build({
  configFile: false,
  logLevel: 'error',
  root: join(root, 'bench/explorer'),
  base: './',
  plugins: [react()],
  build: { outDir, emptyOutDir: true, target: 'esnext' },
})
const types = { html: 'text/html', js: 'text/javascript', css: 'text/css' }
const server = createServer((request, response) => {
  const path = request.url === '/' ? '/index.html' : request.url
  response.setHeader('Content-Type', types[path.split('.').at(-1)] ?? 'text/plain')
  response.end(readFileSync(join(outDir, path)))
})
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium-headless-shell',
  args: ['--no-sandbox', '--disable-background-networking', '--js-flags=--expose-gc'],
})

const sorted = (values) => [...values].sort((a, b) => a - b)
const median = (values) => sorted(values)[values.length >> 1]
const at95 = (values) => sorted(values)[Math.floor(values.length * 0.95)]
const rows = []
const row = (name, figure, bar) => rows.push(`| ${name} | ${figure} | ${bar} |`)

await measureExplorer()
measureScripts()
await measureStart()
await browser.close()
server.close()
console.log(`| case | measured | bar |\n|---|---|---|\n${rows.join('\n')}`)

async function measureExplorer() {
  const page = await browser.newPage({ viewport: { width: 1400, height: 860 } })
  await page.goto(`http://127.0.0.1:${server.address().port}/`)
  await page.waitForFunction(() => window.bench !== undefined)
  const empty = await memory(page)
  const nodes = await page.evaluate((count) => window.bench.prepare(count), files)
  const times = async (name, count) => {
    const found = []
    for (let at = 0; at < count; at++) found.push(await page.evaluate((key) => window.bench[key](), name))
    return found
  }
  const first = await page.evaluate(() => window.bench.mount())
  const used = (await memory(page)) - empty
  const mount = median(await times('mount', 7))
  const d3 = median(await times('mountD3', 3))
  await page.evaluate(() => window.bench.mount())
  row(
    `${files.toLocaleString('en')} files (${nodes.toLocaleString('en')} nodes), mount and first paint`,
    `${first.toFixed(0)} ms at first, median ${mount.toFixed(0)} ms`,
    '100 ms',
  )
  row('the same against d3-hierarchy and canvas', `1/${(d3 / mount).toFixed(1)} (${d3.toFixed(0)} ms)`, '1/5')
  const zoom = await page.evaluate(() => window.bench.zoomFrames())
  row(
    'zoom, both panes: 95th percentile of frames, worst',
    `${at95(zoom).toFixed(1)} ms, ${Math.max(...zoom).toFixed(1)} ms`,
    '17 ms, 34 ms',
  )
  const hover = await page.evaluate(() => window.bench.hover())
  row(
    'hover: script per move, median and 95th percentile',
    `${median(hover).toFixed(2)} ms, ${at95(hover).toFixed(2)} ms`,
    '1 ms',
  )
  const search = await page.evaluate(() => window.bench.search())
  row(
    'search: per keystroke, median and worst',
    `${median(search).toFixed(1)} ms, ${Math.max(...search).toFixed(1)} ms`,
    '20 ms',
  )
  const table = await page.evaluate(() => window.bench.tableFrames())
  row(
    'flat table, scroll: 95th percentile of frames, worst',
    `${at95(table).toFixed(1)} ms, ${Math.max(...table).toFixed(1)} ms`,
    '34 ms',
  )
  await page.evaluate(() => window.bench.prepare(1_000_000))
  const million = await page.evaluate(() => window.bench.mount())
  const millionSearch = await page.evaluate(() => window.bench.search())
  row(
    '1,000,000 files: mount and first paint; worst keystroke',
    `${million.toFixed(0)} ms; ${Math.max(...millionSearch).toFixed(0)} ms`,
    'none',
  )
  row('memory over the empty page, the tree of both sides included', `${(used / 1e6).toFixed(0)} MB`, '60 MB')
  await page.close()
}

/** Heap and array buffers after a collection. */
async function memory(page) {
  const session = await page.context().newCDPSession(page)
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize, backingStorageSize } = await session.send('Runtime.getHeapUsage')
  await session.detach()
  return usedSize + (backingStorageSize ?? 0)
}

/** What the page loads before anything is shown: the scripts and styles that index.html names. */
function measureScripts() {
  const html = readFileSync(join(root, 'out/renderer/index.html'), 'utf8')
  const initial = readdirSync(join(root, 'out/renderer/assets')).filter(
    (name) => html.includes(name) && name.endsWith('.js'),
  )
  const bytes = initial.reduce(
    (sum, name) => sum + gzipSync(readFileSync(join(root, 'out/renderer/assets', name))).length,
    0,
  )
  row('JavaScript to first screen, gzipped', `${(bytes / 1000).toFixed(0)} kB`, '200 kB')
}

/** From the start of the process to a button that can be pressed; the second of two starts. */
async function measureStart() {
  const times = []
  for (let run = 0; run < 4; run++) {
    const startMs = performance.now()
    const host = spawn(process.execPath, ['out/main/web.js'], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
    const url = await new Promise((resolve) => host.stdout.once('data', (text) => resolve(String(text).trim())))
    const page = await browser.newPage()
    await page.goto(url)
    await page.getByRole('button', { name: 'Choose folder …' }).waitFor()
    times.push(performance.now() - startMs)
    await page.close()
    host.kill()
  }
  row('start of the web host to the first screen, warm', `median ${median(times.slice(1)).toFixed(0)} ms`, '800 ms')
}
