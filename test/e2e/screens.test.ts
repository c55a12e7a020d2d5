import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { copyExample, engineOrSkip, removeImages } from '../support/engine'
import { type ExplorerPage, explorerPage, type OpenedExplorer } from '../support/explorer-page'
import { differingScreens, large, small, tall } from '../support/screens'
import { makeShop } from '../support/shop'
import { axeFaults, hasBrowser, openWebApp, painted, type WebApp } from '../support/web-app'

const engine = await engineOrSkip()
const both = [large, small]

/** All views of a made project, whose images are the same each time, against pictures that somebody looked at. */
describe.skipIf(engine === undefined || !hasBrowser)('screens', () => {
  const shop = makeShop()
  const data = copyExample('calculator-c') // any folder of its own will do
  let app: WebApp
  let page: Page
  let explorer: ExplorerPage
  const build = async (): Promise<void> => {
    await explorer.key('Control+Enter')
    await page.getByTestId('verdict').waitFor()
    await page.getByTestId('built-findings').waitFor()
  }
  const check = async (shown: Page, name: string, sizes = both, element?: Locator): Promise<void> => {
    expect(await differingScreens(shown, name, sizes, element)).toEqual([])
    expect(await axeFaults(shown), name).toEqual([])
  }
  /** The project on a page of its own, on which nothing has been built. */
  const openUnbuilt = async (): Promise<OpenedExplorer> => {
    const opened = await app.openAgain()
    onTestFinished(async () => {
      await opened.close()
      expect(opened.problems).toEqual([])
    })
    await opened.page.getByRole('button', { name: 'Build both variants' }).waitFor()
    return { page: opened.page, explorer: explorerPage(opened.page) }
  }

  // Built twice, so that everything came from the cache.
  beforeAll(async () => {
    const environment = { DOCKER_HOST: engine!.endpoint.address, CUTAWAY_DATA: join(data.folder, 'data') }
    app = await openWebApp([shop.folder], environment)
    page = app.page
    explorer = explorerPage(page)
    await page.getByRole('button', { name: 'Build both variants' }).waitFor()
    await build()
    await explorer.step(/Variants/)
    await build()
  })
  afterAll(async () => {
    await app.close()
    await removeImages(engine!.client, shop.folder)
    shop.remove()
    data.remove()
    expect(app.problems).toEqual([])
  })

  test('variants', async () => {
    const { page: own } = await openUnbuilt()
    await own.locator('.cm-content').nth(1).waitFor()
    await check(own, 'variants')
  })

  test('build, after everything came from the cache', async () => {
    await explorer.start()
    await explorer.step(/Build/)
    const stage = page.locator('.node-stage').nth(1)
    await expect.poll(() => stage.textContent()).toMatch(/MB/)
    await stage.click()
    await page.mouse.move(0, 0)
    await check(page, 'build')
    await stage.click()
  })

  test.each([
    ['1', 'both'],
    ['2', 'difference'],
    ['4', 'after'],
    ['t', 'table'],
  ])('compare with key %s: %s', async (key, view) => {
    await explorer.start()
    await page.locator('.layer-chart svg').waitFor()
    await explorer.key(key)
    await check(page, `compare-${view}`)
    if (view === 'table') await explorer.key('t')
  })

  test('compare: lines of the Dockerfiles', async () => {
    await explorer.start()
    await page.getByRole('button', { name: 'Dockerfile', exact: true }).click()
    await page.getByRole('list', { name: 'Lines of before' }).getByRole('button').nth(0).click()
    await page.mouse.move(0, 0)
    await check(page, 'compare-lines')
    await page.getByRole('button', { name: 'Layers', exact: true }).click()
  })

  test('the window of a file', async () => {
    await explorer.start()
    await explorer.select('/app/shop.conf')
    await explorer.key('Enter')
    await page.getByTestId('file-body').locator('.cm-content').waitFor()
    await check(page, 'file', [large], page.getByRole('dialog', { name: 'File' }))
  })

  test('commands, and the list of keys', async () => {
    await explorer.start()
    await explorer.key('Control+k')
    await page.getByRole('combobox', { name: 'Command' }).waitFor()
    await check(page, 'commands', [large], page.getByRole('dialog'))
    await explorer.key('Escape')
    await explorer.key('F1')
    await page.getByRole('region', { name: 'In map and table' }).waitFor()
    await check(page, 'keys', both, page.getByRole('dialog'))
  })

  test('engines', async () => {
    const { page: own } = await openUnbuilt()
    await own.getByRole('button', { name: /^Container engine/ }).click()
    await own.locator('.engine-row').nth(1).waitFor()
    await own.evaluate(() => {
      // Which engines a machine has is not ours to say.
      for (const row of [...document.querySelectorAll('.engine-list li')].slice(1)) row.remove()
    })
    await check(own, 'engines', [large], own.getByRole('dialog'))
  })

  test('what can be saved', async () => {
    await explorer.start()
    await page.getByRole('button', { name: 'Save …' }).click()
    await check(page, 'save', [large])
    await explorer.key('Escape')
  })

  test('findings, at the top and part by part', async () => {
    await explorer.start()
    await explorer.step(/Findings/)
    await page.locator('.size-charts svg').first().waitFor()
    await check(page, 'findings')
    // Each by itself: one that is a line longer moves no other.
    await page.setViewportSize({ width: tall[0], height: tall[1] })
    const parts = page.locator('.main section[aria-label]')
    await expect.poll(() => parts.count()).toBeGreaterThan(6)
    const count = await parts.count()
    for (let at = 0; at < count; at++) {
      const title = (await parts.nth(at).getAttribute('aria-label')) ?? ''
      const slug = title
        .toLowerCase()
        .replace(/[^a-z]+/g, '-')
        .replace(/^-|-$/g, '')
      expect(await differingScreens(page, `findings-${slug}`, [tall], parts.nth(at))).toEqual([])
    }
  })

  test('more than two variants', async () => {
    const { page: own } = await openUnbuilt()
    await own.getByRole('button', { name: /^Build and measure/ }).click()
    const compare = own.getByRole('button', { name: 'Compare the chosen two' })
    await compare.waitFor({ timeout: 300_000 })
    await own.locator('.ladder-charts svg').first().waitFor()
    const panel = own.locator('section', { has: compare }).last()
    await check(own, 'ladder', [tall, [small[0], tall[1]]], panel)
    await own.getByRole('radio', { name: 'Dockerfile.multistage, stage build as after' }).check()
    await compare.click()
    await expect.poll(() => own.getByTestId('verdict').textContent()).toMatch(/MB/)
  })

  test('source', async () => {
    const { page: own, explorer: ownExplorer } = await openUnbuilt()
    await ownExplorer.step(/Source/)
    await own.getByTestId('drop-zone').waitFor()
    await own.mouse.move(0, 0)
    await check(own, 'source')
  })

  test('a page that is zoomed to 200 % needs no sideways scrolling, in any view', async () => {
    await explorer.start()
    await page.setViewportSize({ width: 720, height: 450 })
    for (const view of [/Source/, /Variants/, /Build/, /Compare/, /Findings/]) {
      await explorer.step(view)
      await painted(page)
      const widths = await page.evaluate(() => {
        const main = document.querySelector('main')!
        return [document.documentElement.scrollWidth - window.innerWidth, main.scrollWidth - main.clientWidth]
      })
      expect([String(view), ...widths.map((over) => Math.max(0, over))]).toEqual([String(view), 0, 0])
    }
  })
})
