// Reports of the bundled comparison and of two made images with 200,000 entries each: sizes, and how long a browser takes from the file to
// the map. Medians of 5 in one run; prints Markdown. usage: node bench/report.mjs; needs Chromium.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium } from 'playwright-core'
import { build } from 'vite'
import { ensureBuild, ensurePackages, node, root } from '../scripts/bootstrap.mjs'

const runs = 5
ensurePackages()
ensureBuild()
const folder = mkdtempSync(join(tmpdir(), 'cutaway-bench-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
const ssr = { ssr: 'bench/archive.ts', outDir: join(root, 'out/bench'), emptyOutDir: false }
await build({ configFile: false, logLevel: 'error', root, build: ssr })
const archives = [1, 2].map((seed) => {
  const path = join(folder, `${seed}.tar`)
  node(['out/bench/archive.js', path, '200000', '8', String(seed)])
  return path
})
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium-headless-shell',
  args: ['--no-sandbox', '--disable-background-networking', '--enable-precise-memory-info'],
})
console.log('| | comparison | report | from the file to the map | heap |\n|---|---|---|---|---|')
await measure('two images with 200,000 entries each', async (page) => {
  await page.getByLabel('Image', { exact: true }).fill(archives[0])
  await page.getByLabel('Image to compare it with').fill(archives[1])
  await page.getByRole('button', { name: 'Open image' }).click()
})
await measure('the bundled comparison, 27,831 entries and 1', (page) =>
  page.getByRole('button', { name: 'See a finished comparison' }).first().click(),
)
await browser.close()

async function measure(name, show) {
  const host = spawn(process.execPath, ['out/main/web.js'], {
    cwd: root,
    env: { ...process.env, CUTAWAY_DATA: folder },
  })
  const url = await new Promise((resolve) => host.stdout.once('data', (text) => resolve(String(text).trim())))
  const page = await browser.newPage()
  await page.goto(url)
  await show(page)
  await page.getByTestId('verdict').waitFor({ timeout: 120_000 })
  await page.getByText('Looking into the files').waitFor({ state: 'hidden', timeout: 120_000 })
  const saved = {}
  for (const ending of ['cutaway', 'html']) {
    await page.getByRole('button', { name: 'Save …' }).click()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: new RegExp(`\\.${ending}`) }).click(),
    ])
    saved[ending] = join(folder, `saved.${ending}`)
    await download.saveAs(saved[ending])
  }
  await page.close()
  host.kill()
  const opened = []
  for (let at = 0; at < runs; at++) opened.push(await open(saved.html))
  const median = (key) => opened.map((each) => each[key]).sort((a, b) => a - b)[runs >> 1]
  const size = (path) => `${(statSync(path).size / 1e6).toFixed(2)} MB`
  const figures = [
    size(saved.cutaway),
    size(saved.html),
    `${median('ms').toFixed(0)} ms`,
    `${(median('heap') / 1e6).toFixed(0)} MB`,
  ]
  console.log(`| ${name} | ${figures.join(' | ')} |`)
}

/** From going to the file until both panes have been painted. */
async function open(path) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  const startMs = performance.now()
  await page.goto(pathToFileURL(path).href)
  await page.locator('.pane-canvas canvas').nth(1).waitFor()
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))))
  const ms = performance.now() - startMs
  const heap = await page.evaluate(() => performance.memory.usedJSHeapSize)
  await page.close()
  return { ms, heap }
}
