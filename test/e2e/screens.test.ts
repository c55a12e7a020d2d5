import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { copyExample, engineOrSkip, removeImages } from '../support/engine'
import { differingScreens, hasFont, large, small } from '../support/screens'
import { makeShop } from '../support/shop'
import { axeFaults, hasBrowser, openWebApp, type WebApp } from '../support/web-app'

const engine = await engineOrSkip()
const both = [large, small]

/** All views of a made project, whose images are the same each time, against pictures that somebody looked at. */
describe.skipIf(engine === undefined || !hasBrowser || !hasFont)('screens', () => {
  const shop = makeShop('/tmp/cutaway-screens')
  const data = copyExample('calculator-c') // any folder of its own will do
  let app: WebApp
  let page: Page
  const key = (name: string): Promise<void> => page.keyboard.press(name)
  const step = (name: RegExp): Promise<void> =>
    page.getByRole('navigation', { name: 'Steps' }).getByRole('button', { name }).click()
  const focusMap = (): Promise<void> => page.locator('#explorer-main').focus()
  const build = async (): Promise<void> => {
    await key('Control+Enter')
    await page.getByTestId('verdict').waitFor({ timeout: 120_000 })
    await page.getByTestId('built-findings').waitFor({ timeout: 60_000 })
  }
  const check = async (name: string, sizes = both): Promise<void> => {
    expect(await differingScreens(page, name, sizes)).toEqual([])
    expect(await axeFaults(page), name).toEqual([])
  }

  beforeAll(async () => {
    const environment = { DOCKER_HOST: engine!.endpoint.address, CUTAWAY_DATA: join(data.folder, 'data') }
    app = await openWebApp([shop.folder], environment)
    page = app.page
    await page.getByRole('button', { name: 'Build both variants' }).waitFor()
  })
  afterAll(async () => {
    await app.close()
    await removeImages(engine!.client, shop.folder)
    shop.remove()
    data.remove()
  })

  test('variants', async () => {
    await page.locator('.cm-content').nth(1).waitFor()
    await check('variants')
  })

  test('build, after everything came from the cache', async () => {
    await build()
    await step(/Variants/)
    await build()
    await step(/Build/)
    await expect.poll(() => page.locator('.node-stage').nth(1).textContent(), { timeout: 30_000 }).toMatch(/MB/)
    await page.locator('.node-stage').nth(1).click()
    await check('build')
    await page.locator('.node-stage').nth(1).click()
  })

  test('compare: both, difference, one alone, table, lines of the Dockerfiles', async () => {
    await step(/Compare/)
    await page.locator('.layer-chart svg').waitFor()
    await check('compare-both')
    for (const [name, view] of [
      ['2', 'difference'],
      ['4', 'after'],
      ['t', 'table'],
    ] as const) {
      await focusMap()
      await key(name)
      await check(`compare-${view}`)
    }
    await focusMap()
    await key('1')
    await page.getByRole('button', { name: 'Dockerfile', exact: true }).click()
    await page.getByRole('list', { name: 'Lines of before' }).getByRole('button').nth(0).click()
    await check('compare-lines')
    await focusMap()
    await key('Escape')
    await page.getByRole('button', { name: 'Layers', exact: true }).click()
  })

  test('the window of a file, what can be saved, commands, keys and engines', async () => {
    await page.locator('#file-search').fill('/app/shop.conf')
    await page.locator('#file-search').press('Enter')
    await focusMap()
    await key('Enter')
    await page.getByTestId('file-body').locator('.cm-content').waitFor()
    await check('file', [large])
    await key('Escape')
    await focusMap()
    for (let at = 0; at < 3; at++) await key('Escape')
    await key('Control+k')
    await check('commands', [large])
    await key('Escape')
    await key('F1')
    await check('keys', both)
    await key('Escape')
    await page.getByRole('button', { name: /^Container engine/ }).click()
    await page.locator('.engine-row').nth(1).waitFor()
    await page.evaluate(() => {
      // Which engines a machine has is not ours to say.
      for (const row of [...document.querySelectorAll('.engine-list li')].slice(1)) row.remove()
    })
    await check('engines', [large])
    await key('Escape')
    await page.getByRole('button', { name: 'Save …' }).click()
    await check('save', [large])
    await key('Escape')
  })

  test('findings', async () => {
    await step(/Findings/)
    await page.locator('.size-charts svg').first().waitFor()
    await check('findings')
    await page.locator('.main').evaluate((main) => main.scrollTo(0, 900))
    await check('findings-below', [large])
  })

  test('more than two variants', async () => {
    await step(/Variants/)
    await page.getByRole('button', { name: /^Build and measure/ }).click()
    await page.getByRole('button', { name: 'Compare the chosen two' }).waitFor({ timeout: 120_000 })
    await page.locator('.ladder-charts svg').first().waitFor()
    await page.getByRole('button', { name: 'Compare the chosen two' }).scrollIntoViewIfNeeded()
    await check('ladder')
    await page.getByRole('radio', { name: 'Dockerfile.multistage, stage build as after' }).check()
    await page.getByRole('button', { name: 'Compare the chosen two' }).click()
    await expect.poll(() => page.getByTestId('verdict').textContent(), { timeout: 60_000 }).toMatch(/MB/)
  })

  test('source', async () => {
    await step(/Source/)
    await check('source')
  })

  test('a page that is zoomed to 200 % needs no sideways scrolling, in any view', async () => {
    await page.setViewportSize({ width: 720, height: 450 })
    for (const view of [/Source/, /Variants/, /Build/, /Compare/, /Findings/]) {
      await step(view)
      await page.waitForTimeout(300)
      const widths = await page.evaluate(() => {
        const main = document.querySelector('main')!
        return [document.documentElement.scrollWidth - window.innerWidth, main.scrollWidth - main.clientWidth]
      })
      expect([String(view), ...widths.map((over) => Math.max(0, over))]).toEqual([String(view), 0, 0])
    }
  })

  test('nothing was written to the console as an error', () => expect(app.problems).toEqual([]))
})
