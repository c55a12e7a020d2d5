import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { copyExample, engineOrSkip, removeImages, watchContainers } from '../support/engine'
import { type ExplorerPage, explorerPage } from '../support/explorer-page'
import { axeFaults, dropPaths, hasBrowser, openWebApp, painted, setTheme, shot, type WebApp } from '../support/web-app'

const engine = await engineOrSkip()
describe.skipIf(engine === undefined || !hasBrowser)('the Go example in a browser', () => {
  const copy = copyExample('calculator-go')
  let app: WebApp
  let page: Page
  let explorer: ExplorerPage
  let wayToComparison: Promise<void> | undefined

  beforeAll(async () => {
    app = await openWebApp()
    page = app.page
    explorer = explorerPage(page)
  })
  // Whichever test comes first goes the way from a folder to the comparison, once for all; each starts at the comparison.
  beforeEach(async () => {
    wayToComparison ??= compareFromFolder()
    await wayToComparison
    await explorer.start()
  })
  afterAll(async () => {
    await app.close()
    await removeImages(engine!.client, copy.folder)
    copy.remove()
    expect(app.problems).toEqual([])
  })

  /** From a dropped folder to the finished comparison. */
  async function compareFromFolder(): Promise<void> {
    // The token leaves the address, and the engine is shown.
    expect(page.url()).not.toContain('token')
    await expect.poll(() => page.locator('.engine').textContent()).toContain(engine!.version.version)
    await expect.poll(() => page.getByRole('button', { name: /^Calculator in/ }).count()).toBe(4)
    await shot(page, '1-source-light')
    expect(await axeFaults(page)).toEqual([])

    // A dropped folder whose place a browser does not tell leads to the folder list.
    await dropPaths(page, 'drop-zone', [copy.folder])
    await page.getByText('A browser does not tell where').waitFor()
    await page.getByLabel('Folder path').fill(copy.folder)
    await page.getByRole('button', { name: 'Open', exact: true }).click()
    await page.getByRole('button', { name: 'Build both variants' }).waitFor()

    // Both variants are found with their stage graphs.
    await expect.poll(() => page.getByRole('region', { name: 'Before: traditional' }).isVisible()).toBe(true)
    const after = page.getByRole('region', { name: 'After: multi-stage' })
    const stages = after.getByRole('button', { name: /step/ })
    await expect
      .poll(() => stages.allTextContents())
      .toEqual(['build5 stepsline 2, feeds stage-1', 'stage-1image1 stepline 8, becomes the image'])
    await shot(page, '2-variants-light')
    expect(await axeFaults(page)).toEqual([])

    // One click builds both; steps change state and write logs while they run.
    await page.getByLabel('without cache').check()
    const watched = await page.evaluateHandle(watchBuild)
    await page.getByRole('button', { name: 'Build both variants' }).click()
    await page.waitForFunction(({ logs }) => logs.size > 0, watched, { timeout: 300_000 })
    await shot(page, '3-building-light')
    await page.getByTestId('verdict').waitFor({ timeout: 300_000 })
    const { states, logs } = await watched.evaluate(({ states, logs }) => ({ states: [...states], logs: [...logs] }))
    expect(states.sort()).toEqual(expect.arrayContaining(['done', 'queued', 'running']))
    expect(logs.join('\n')).toMatch(/^(Get:\d+ |Selecting previously unselected|Setting up )/m)
  }

  test('a folder is found, built and compared, and each step of it is shown', async () => {
    await wayToComparison
    await expect.poll(() => page.getByTestId('verdict').isVisible()).toBe(true)
  })

  test('the compare view says the verdict and names its sizes', async () => {
    await expect
      .poll(() => page.getByTestId('verdict').textContent())
      .toMatch(/The multi-stage image is \d{3} times smaller: 1\.\d+ GB against 1\.\d+ MB unpacked/)
    await painted(page)
    await shot(page, '4-compare-light')
    await setTheme(page, 'dark')
    await shot(page, '4-compare-dark')
    await setTheme(page, 'light')
    expect(await axeFaults(page)).toEqual([])
  })

  test('the map is painted: many colours before, one file and hatching after', async () => {
    const colours = (side: string): Promise<number> =>
      page
        .getByTestId(`map-${side}`)
        .locator('canvas')
        .first()
        .evaluate((canvas) => {
          const { width, height } = canvas as HTMLCanvasElement
          const pixels = (canvas as HTMLCanvasElement).getContext('2d')!.getImageData(0, 0, width, height).data
          const found = new Set<string>()
          for (let at = 0; at < pixels.length; at += 4 * 97)
            found.add(`${pixels[at]! >> 5},${pixels[at + 1]! >> 5},${pixels[at + 2]! >> 5}`)
          return found.size
        })
    await expect.poll(() => colours('before')).toBeGreaterThan(6)
    expect(await colours('after')).toBeLessThan(await colours('before'))
  })

  test('hovering tells path and sizes; a click selects, a double click zooms, the breadcrumb goes back', async () => {
    const map = page.getByTestId('map-before')
    await map.hover({ position: { x: 60, y: 60 } })
    await expect.poll(() => page.locator('.hover-card').textContent()).toMatch(/^\/usr\//)
    await map.click({ position: { x: 60, y: 60 } })
    await expect
      .poll(() => page.getByTestId('entry-line').textContent())
      .toMatch(/\/usr\/.*before: .*layer 2 RUN apt-get.*after: absent/)
    await map.dblclick({ position: { x: 60, y: 4 } })
    const crumbs = page.getByRole('navigation', { name: 'Folder' })
    await expect.poll(() => crumbs.textContent()).toBe('/ › usr')
    await painted(page)
    await shot(page, '5-zoomed-light')
    await crumbs.getByRole('button', { name: '/', exact: true }).click()
    await expect.poll(() => crumbs.textContent()).toBe('/')
  })

  test('search counts its matches and goes to each; the selection is in the table, and the keys work there', async () => {
    await page.keyboard.press('Control+f')
    await page.keyboard.type('gofmt')
    await expect.poll(() => page.getByTestId('match-count').textContent()).toMatch(/^\d+$/)
    await page.keyboard.press('Enter')
    await expect.poll(() => page.getByTestId('entry-line').textContent()).toContain('gofmt')
    await shot(page, '6-search-light')
    await page.keyboard.press('Escape')
    await expect.poll(() => page.getByTestId('match-count').textContent()).toBe('')
    // The same selection is in the table.
    await page.getByRole('button', { name: 'Table' }).click()
    const selected = page.locator('[role=row][aria-selected=true]')
    await expect.poll(() => selected.textContent()).toContain('gofmt')
    await page.locator('.explorer-main').focus()
    await page.keyboard.press('ArrowLeft')
    await expect.poll(() => selected.textContent()).not.toContain('gofmt')
    await shot(page, '7-table-light')
    await setTheme(page, 'dark')
    await shot(page, '7-table-dark')
    expect(await axeFaults(page)).toEqual([])
    await setTheme(page, 'light')
    await page.keyboard.press('t')
    await page.getByTestId('map-before').waitFor()
  })

  test('the after image can be seen alone', async () => {
    await page.getByRole('button', { name: 'After is small on this scale' }).click()
    await page.getByTestId('map-after').hover({ position: { x: 300, y: 200 } })
    await expect.poll(() => page.locator('.hover-card').textContent()).toContain('/calculator')
    await expect.poll(() => page.getByTestId('map-before').count()).toBe(0)
  })

  test('both images are run when asked, and what they did is side by side', async () => {
    await page
      .getByRole('navigation', { name: 'Steps' })
      .getByRole('button', { name: /Findings/ })
      .click()
    const panel = page.getByRole('region', { name: 'Does it still run?' })
    await panel.getByLabel('Standard input').fill('1 + 2\n')
    await panel.getByLabel('Seconds at most').fill('5')
    await panel.getByRole('button', { name: 'Run both' }).click()
    await panel.getByText(/^Both did the same: ended with exit code 0/).waitFor({ timeout: 30_000 })
    await expect
      .poll(() => panel.getByRole('row', { name: /^Ended/ }).textContent())
      .toMatch(/exit code 0.*exit code 0/)
    await panel.getByText('What after printed').click()
    await page
      .getByRole('region', { name: 'What you give up' })
      .getByText(/^docker run --rm -it/)
      .waitFor()
    await shot(page, '21-run-light')
    expect(await axeFaults(page)).toEqual([])
    await setTheme(page, 'dark')
    await shot(page, '21-run-dark')
    expect(await axeFaults(page)).toEqual([])
    await setTheme(page, 'light')
  })

  test('a run and a measurement can be cancelled, and nothing is left', async () => {
    await explorer.step(/Findings/)
    const containers = await watchContainers(engine!.client)
    const panel = page.getByRole('region', { name: 'Is it faster, and what does it cost to ship?' })
    await panel.getByRole('button', { name: 'Build and measure' }).click()
    await panel.getByText('Run 1 of 1: traditional, from nothing …').waitFor()
    await panel.getByRole('button', { name: 'Cancel' }).click()
    await panel.getByText('Cancelled; nothing was left in the engine.').waitFor()
    await containers.expectNoneLeft()
  })

  test('a suggestion is applied in the editor, and the next build says what it did', async () => {
    const { page, close, problems } = await app.openAgain()
    onTestFinished(close)
    await page.getByRole('button', { name: 'Choose folder' }).click()
    await page.getByLabel('Folder path').fill(copy.folder)
    await page.getByRole('button', { name: 'Open', exact: true }).click()
    await page.getByRole('button', { name: 'Build both variants' }).click()
    await page.getByTestId('verdict').waitFor({ timeout: 240_000 })
    await page
      .getByRole('navigation', { name: 'Steps' })
      .getByRole('button', { name: /Findings/ })
      .click()
    const steps = page.getByRole('region', { name: 'What the Dockerfiles could do without' })
    await steps.getByText(/MB: The apt package lists stay in the image/).waitFor()
    await steps
      .getByRole('button', { name: /^Apply in the editor: Dockerfile, line/ })
      .first()
      .click()
    const editor = page.getByRole('textbox', { name: 'Dockerfile of before' })
    await expect.poll(() => editor.textContent()).toContain('rm -rf /var/lib/apt/lists/*')
    await page.getByRole('button', { name: 'Build both variants' }).click()
    await page.getByTestId('verdict').waitFor({ timeout: 240_000 })
    await page
      .getByRole('navigation', { name: 'Steps' })
      .getByRole('button', { name: /Findings/ })
      .click()
    await expect
      .poll(() => page.getByTestId('since-last').textContent())
      .toMatch(
        /^Since the build before this one, the image before is [\d.]+ MB smaller, and the image after is (as large as it was|\d+ B (smaller|larger))\.$/,
      )
    expect(problems).toEqual([])
  })

  test('it fits the smallest window', async () => {
    await page.setViewportSize({ width: 1100, height: 700 })
    await painted(page)
    await shot(page, '8-compare-small')
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(1100)
    await page.setViewportSize({ width: 1440, height: 900 })
  })

  test('the build view keeps its result', async () => {
    await page.getByRole('navigation', { name: 'Steps' }).getByRole('button', { name: /Build/ }).click()
    await page.getByText('Both variants are built').waitFor()
    const after = page.getByRole('region', { name: 'After: multi-stage' })
    await expect.poll(() => after.locator('.edge-copy text').textContent()).toMatch(/^COPY 1\.\d+ MB$/)
    const [graph] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save graph of after' }).click(),
    ])
    expect(readFileSync(await graph.path(), 'utf8')).toMatch(/^<svg .*COPY 1\.\d+ MB/)
    await shot(page, '9-built-light')
    await setTheme(page, 'dark')
    await shot(page, '9-built-dark')
    expect(await axeFaults(page)).toEqual([])
  })
})

/** Keeps every state that a step of the second variant has, and every log that is shown while the build runs, from here on. */
function watchBuild(): { readonly states: Set<string>; readonly logs: Set<string> } {
  const seen = { states: new Set<string>(), logs: new Set<string>() }
  const look = (): void => {
    for (const symbol of document.querySelectorAll<HTMLElement>('[aria-label="After steps"] .state-symbol'))
      seen.states.add(symbol.title)
    const text = document.querySelector('[data-testid="step-log"]')?.textContent ?? ''
    if (text !== '' && !/^(Cached: |This step has written nothing)/.test(text)) seen.logs.add(text)
  }
  new MutationObserver(look).observe(document.body, {
    subtree: true,
    childList: true,
    characterData: true,
    attributes: true,
  })
  return seen
}
