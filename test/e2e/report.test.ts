import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { gunzipSync } from 'node:zlib'
import type { Download } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { CompareReport } from '../../electron/core/report/compare-report'
import { comparisonFile, readComparisonFile } from '../../electron/engine/store/comparison-file'
import { reportFile } from '../../electron/engine/store/report-file'
import { explorerPage, type OpenedExplorer } from '../support/explorer-page'
import { saveFrom } from '../support/saving'
import { axeFaults, hasBrowser, openPage, openWebApp, shot } from '../support/web-app'

const root = join(import.meta.dirname, '../..')
const sample = join(root, 'resources/sample/calculator-go.cutaway')
const verdict = /^The multi-stage image is 647 times smaller: 1.22 GB against 1.89 MB unpacked/

describe.skipIf(!hasBrowser)('a report: one file that any browser shows', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cutaway-report-'))
  const path = join(folder, 'go.cutaway.html')

  beforeAll(async () =>
    writeFileSync(path, await reportFile(join(root, 'out/report/report.html'), readFileSync(sample))),
  )
  afterAll(() => rmSync(folder, { recursive: true }))

  /** The report on a page of its own, which by the end of the test has asked nobody for anything, and written no error. */
  const openReport = async (): Promise<OpenedExplorer> => {
    const { page, problems, close } = await openPage(pathToFileURL(path).href)
    const requests: string[] = []
    page.on('request', (request) => requests.push(request.url()))
    onTestFinished(async () => {
      await close()
      expect(requests.filter((url) => !/^(blob|data):/.test(url))).toEqual([])
      expect(problems).toEqual([])
    })
    await page.getByTestId('verdict').waitFor()
    return { page, explorer: explorerPage(page) }
  }

  test('map, search and table work without host, engine or images', async () => {
    const { page, explorer } = await openReport()
    await expect.poll(() => page.getByTestId('verdict').textContent()).toMatch(verdict)
    await explorer.select('class:toolchain')
    await expect.poll(explorer.count).toMatch(/^1\/15,\d{3}$/)
    await expect.poll(explorer.line).toMatch(/^\/usr\/.*before: .*line 3/)
    await explorer.key('Enter')
    await expect.poll(() => page.getByRole('alert').first().textContent()).toMatch(/keeps no content of files/)
    await explorer.key('Escape')
    await explorer.clear()
    await explorer.key('t')
    await expect.poll(() => page.locator('.table-body').textContent()).toContain('usr')
    await explorer.key('t')
    expect(await axeFaults(page)).toEqual([])
    await shot(page, 'report')
  })

  test('stages with their bytes, lines of the Dockerfiles, and all findings are in it, with nothing to press in vain', async () => {
    const { page, explorer } = await openReport()
    await page.getByRole('button', { name: 'Dockerfile', exact: true }).click()
    await page.getByRole('button', { name: /COPY --from=build/ }).click()
    await expect.poll(explorer.count).toBe('1')
    await explorer.step(/Build/)
    await expect.poll(() => page.locator('.edge-copy text').allTextContents()).toEqual(['COPY 1.89 MB'])
    expect(await axeFaults(page)).toEqual([])
    await explorer.step(/Findings/)
    const ran = page.getByRole('region', { name: 'Does it still run?' })
    await expect.poll(() => ran.textContent()).toContain('exit code 0')
    await expect.poll(() => page.getByTestId('matrix').textContent()).toMatch(/after a source edit/i)
    await expect.poll(() => page.getByText('Where the 1.22 GB of the image before go').count()).toBe(1)
    const asking = page.getByRole('button', { name: /Run both|Build and measure|vulnerabilities|editor|Build again/ })
    await expect.poll(() => asking.count()).toBe(0)
    expect(await axeFaults(page)).toEqual([])
    const steps = page.getByRole('navigation', { name: 'Steps' }).getByRole('button')
    await expect.poll(() => steps.allTextContents()).toEqual(['1Build', '2Compare', '3Findings'])
    await explorer.step(/Compare/)
  })

  test('it gives back the comparison it was made of, its data, and a summary', async () => {
    const { page } = await openReport()
    const kept = await saveFrom(page, /\.cutaway/)
    expect(readFileSync(await kept.path()).equals(readFileSync(sample))).toBe(true)
    const data = JSON.parse(readFileSync(await (await saveFrom(page, /\.json/)).path(), 'utf8')) as CompareReport
    expect(data).toMatchObject({ schemaVersion: 1, project: 'calculator-go', run: { before: { exitCode: 0 } } })
    expect(data.variants[0]!.findings!.length).toBeGreaterThan(0)
    const summary = readFileSync(await (await saveFrom(page, /\.md/)).path(), 'utf8')
    expect(summary).toMatch(/^## The multi-stage image is 647 times smaller/)
    expect(summary).toMatch(/^\| Toolchain \| 711 MB \| 58\.1 % \|$/m)
    await page.getByRole('button', { name: 'Save …' }).click()
    await expect.poll(() => page.getByRole('button', { name: /\.html/ }).count()).toBe(0)
    expect(await axeFaults(page)).toEqual([])
    await page.keyboard.press('Escape')
  })

  test('markup that gets into it can neither send a form nor move its links', async () => {
    const reached: string[] = []
    const server = createServer((request, response) => {
      reached.push(request.url ?? '')
      response.end('reached')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const other = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    const own = await openPage(pathToFileURL(path).href)
    onTestFinished(() => own.close())
    const violations = await own.page.evaluate(async (target) => {
      const found: string[] = []
      document.addEventListener('securitypolicyviolation', (event) => found.push(event.effectiveDirective))
      const base = document.createElement('base')
      base.href = target
      document.head.append(base)
      const plugin = document.createElement('object')
      plugin.data = target
      const form = document.createElement('form')
      form.action = target
      form.method = 'post'
      document.body.append(plugin, form)
      form.submit()
      const endMs = performance.now() + 10_000
      while (new Set(found).size < 3 && performance.now() < endMs)
        await new Promise((resolve) => setTimeout(resolve, 20))
      return { directives: [...new Set(found)].sort(), baseUri: document.baseURI.slice(0, 8) }
    }, other)
    expect(violations).toEqual({ directives: ['base-uri', 'form-action', 'object-src'], baseUri: 'file:///' })
    expect(reached).toEqual([])
  })

  test('a damaged one says so, and one that is cut does not pretend', async () => {
    const whole = readFileSync(path, 'utf8')
    const at = whole.indexOf('type="text/plain">') + 2000
    const damaged = `${whole.slice(0, at)}AAAA${whole.slice(at + 4)}`
    for (const [name, text, message] of [
      ['damaged', damaged, /This report cannot be shown: .*damaged/],
      ['cut', whole.slice(0, whole.length - 1000), /Reading the report … Where this stays, the file is not complete/],
    ] as const) {
      const file = join(folder, `${name}.html`)
      writeFileSync(file, text)
      const other = await openPage(pathToFileURL(file).href, '#root')
      onTestFinished(() => other.close())
      await expect.poll(() => other.page.locator('#root').textContent()).toMatch(message)
    }
  })

  test('the app opens it as the comparison it is made of', async () => {
    const app = await openWebApp([path], { DOCKER_HOST: 'unix:///no/such.sock' })
    onTestFinished(() => app.close())
    await expect.poll(() => app.page.getByTestId('verdict').textContent()).toMatch(verdict)
    expect(app.problems).toEqual([])
  })
})

describe.skipIf(!hasBrowser)('the finished comparison that comes with Cutaway', () => {
  test('opens without an engine, from where the missing one is told; its report is that of the app', async () => {
    const app = await openWebApp([], { DOCKER_HOST: 'unix:///no/such.sock' })
    onTestFinished(() => app.close())
    const { page } = app
    const note = page.getByRole('alert').filter({ hasText: 'The engine in DOCKER_HOST' })
    await note.getByRole('button', { name: 'See a finished comparison' }).click()
    await expect.poll(() => page.getByTestId('verdict').textContent()).toMatch(verdict)
    await expect.poll(() => page.locator('.project-path').textContent()).toBe('calculator-go, as it was saved')
    const report = await saveFrom(page, /\.html/)
    expect(report.suggestedFilename()).toBe('calculator-go.cutaway.html')
    const text = readFileSync(await report.path(), 'utf8')
    expect(text).toMatch(/^<!doctype html>/)
    const other = await openPage(pathToFileURL(keptAs(await report.path(), text)).href)
    onTestFinished(() => other.close())
    await expect.poll(() => other.page.getByTestId('verdict').textContent()).toMatch(verdict)
    expect([app.problems, other.problems]).toEqual([[], []])
  })
})

describe.skipIf(!hasBrowser)('what looks like a secret', () => {
  test('is not in what is saved, unless the user ticks it; where there is none, nothing is asked', async () => {
    const saved = (await readComparisonFile(sample))!
    const { config } = saved.after
    const env = { ...config.run.env, API_TOKEN: 'hunter2secret' }
    const layers = saved.after.layers.map((layer) => ({ ...layer, createdBy: 'RUN echo hunter2secret' }))
    const after = { ...saved.after, layers, config: { ...config, run: { ...config.run, env } } }
    const folder = mkdtempSync(join(tmpdir(), 'cutaway-secret-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const file = join(folder, 'secret.cutaway')
    const page = structuredClone(saved.page) as { view: { report: { variants: { layers: unknown[] }[] } } }
    page.view.report.variants[1]!.layers = layers.map(({ diffId, createdBy }) => ({ diffId, createdBy }))
    writeFileSync(file, await comparisonFile({ ...saved, after, page }))
    const app = await openWebApp([file], { DOCKER_HOST: 'unix:///no/such.sock' })
    onTestFinished(() => app.close())
    await expect.poll(() => app.page.getByTestId('verdict').textContent()).toMatch(verdict)
    const textOf = async (download: Download): Promise<string> => {
      const bytes = readFileSync(await download.path())
      const isPacked = download.suggestedFilename().endsWith('.cutaway')
      return isPacked ? gunzipSync(bytes.subarray(40)).toString('latin1') : bytes.toString()
    }
    const contentOf = async (form: RegExp): Promise<string> => textOf(await saveFrom(app.page, form))
    const forms = [/\.cutaway\)/, /\.json/]
    for (const form of forms) expect(await contentOf(form)).not.toContain('hunter2secret')
    expect(await contentOf(/\.json/)).toContain('"redactedValues": 1')
    for (const form of forms) {
      await app.page.getByRole('button', { name: 'Save …' }).click()
      const box = app.page.getByRole('checkbox', { name: 'Include 1 value that looks like a secret' })
      await box.check()
      expect(await axeFaults(app.page)).toEqual([])
      const [download] = await Promise.all([
        app.page.waitForEvent('download'),
        app.page.getByRole('button', { name: form }).click(),
      ])
      expect(await textOf(download)).toContain('hunter2secret')
      // Off again for the next file.
      await app.page.getByRole('button', { name: 'Save …' }).click()
      await expect.poll(() => box.isChecked()).toBe(false)
      await app.page.keyboard.press('Escape')
    }
    expect(app.problems).toEqual([])
  })
})

/** Downloads have no ending, by which a browser knows a page. */
function keptAs(path: string, text: string): string {
  writeFileSync(`${path}.html`, text)
  return `${path}.html`
}
