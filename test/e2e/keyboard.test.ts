import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { engineOrSkip, removeImages } from '../support/engine'
import { makeShop } from '../support/shop'
import { hasBrowser, openWebApp, type WebApp } from '../support/web-app'

const engine = await engineOrSkip()

/** No pointer is used here, and nothing is focused but by keys. */
describe.skipIf(engine === undefined || !hasBrowser)('the whole flow', () => {
  const shop = makeShop()
  let app: WebApp
  let page: Page
  const key = (name: string): Promise<void> => page.keyboard.press(name)
  const focused = (): Promise<string> =>
    page.evaluate(() => {
      const element = document.activeElement
      if (element === null || /^(BODY|MAIN)$/.test(element.tagName)) return ''
      const label = element?.getAttribute('aria-label') ?? element?.textContent ?? ''
      return `${element?.getAttribute('data-node') ?? ''} ${label}`.trim()
    })
  /** Tabs forward until the focus is on something of that name; every stop must be visible. */
  const tabTo = async (name: RegExp): Promise<void> => {
    for (let presses = 0; presses < 120; presses++) {
      if (name.test(await focused())) return
      await key('Tab')
    }
    throw new Error(`The tab key does not come to ${name}; it is on ${await focused()}`)
  }
  const command = async (name: string): Promise<void> => {
    await key('Control+k')
    await page.getByRole('combobox', { name: 'Command' }).waitFor()
    await page.keyboard.type(name)
    await key('Enter')
  }

  beforeAll(async () => {
    app = await openWebApp()
    page = app.page
  })
  afterAll(async () => {
    await app.close()
    await removeImages(engine!.client, shop.folder)
    shop.remove()
  })

  test('with keys alone: a folder is chosen, its variants looked at, built, compared, and its findings read', async () => {
    // Source: the folder is chosen.
    await key('Control+o')
    await page.getByLabel('Folder path').waitFor()
    await tabTo(/^Folder path$/)
    await key('Control+a')
    await page.keyboard.type(shop.folder)
    await key('Enter')
    await page.getByRole('button', { name: 'Build both variants' }).waitFor()

    // Variants: a stage is opened, the other variant chosen and taken back.
    await tabTo(/^stage:0/)
    await key('Enter')
    await page.getByRole('region', { name: 'Stage stage-0' }).waitFor()
    await key('Enter')
    await tabTo(/^Variant for after$/)
    await key('End')
    await expect.poll(() => page.getByRole('region', { name: /^After/ }).textContent()).toContain('not in your folder')
    await page.keyboard.type('Dockerfile.multistage')
    await expect
      .poll(() => page.getByRole('region', { name: /^After/ }).textContent())
      .not.toContain('not in your folder')

    // Build: started, its steps read, compared when it is done.
    await key('Control+Enter')
    await page.getByTestId('verdict').waitFor({ timeout: 120_000 })
    await page.getByTestId('built-findings').waitFor({ timeout: 60_000 })
    await command('go to build')
    await tabTo(/COPY rootfs/)
    await key('Enter')
    await expect.poll(() => page.locator('.step-row[aria-pressed=true]').count()).toBe(1)
    await command('go to compare')

    // Compare: walked, zoomed, searched, a file opened, a layer hidden.
    for (let presses = 0; (await focused()) !== 'Files of both images' && presses < 4; presses++) await key('F6')
    await expect.poll(focused).toBe('Files of both images')
    await key('ArrowDown')
    await key('Enter')
    await expect.poll(() => page.getByRole('navigation', { name: 'Folder' }).textContent()).toBe('/ › usr')
    await key('/')
    await page.keyboard.type('shop.conf')
    await key('Enter')
    await key('F6')
    await key('Enter')
    await page.getByRole('dialog', { name: 'File' }).waitFor()
    await expect.poll(() => page.getByTestId('file-body').textContent()).toContain('currency')
    await key('Escape')
    await key('l')
    await tabTo(/^Show files of layer 1 of before$/)
    await key(' ')
    await tabTo(/layer is hidden/).catch(() => command('show all layers'))
    if (/layer is hidden/.test(await focused())) await key('Enter')
    await expect.poll(() => page.getByText('layer is hidden').count()).toBe(0)

    // Findings: read, and shown in the map.
    await command('go to findings')
    await tabTo(/^Show in map: /)
    await key('Enter')
    await expect.poll(() => page.locator('#file-search').inputValue()).toMatch(/^class:/)
    expect(app.problems).toEqual([])
  })
})
