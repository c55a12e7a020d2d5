import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { engineOrSkip, removeImages } from '../support/engine'
import { makeShop } from '../support/shop'
import { axeFaults, hasBrowser, openWebApp, shot, type WebApp } from '../support/web-app'

const engine = await engineOrSkip()

describe.skipIf(engine === undefined || !hasBrowser)('map, layers and lines of a made project', () => {
  const shop = makeShop()
  let app: WebApp
  let page: Page
  const key = (name: string): Promise<void> => page.keyboard.press(name)
  const focusMap = (): Promise<void> => page.locator('#explorer-main').focus()
  const crumbs = (): Promise<string | null> => page.getByRole('navigation', { name: 'Folder' }).textContent()
  const count = (): Promise<string | null> => page.getByTestId('match-count').textContent()
  const line = (): Promise<string | null> => page.getByTestId('entry-line').textContent()
  const titles = (): Promise<string[]> => page.locator('.pane-title').allTextContents()
  const step = (name: RegExp): Promise<void> =>
    page.getByRole('navigation', { name: 'Steps' }).getByRole('button', { name }).click()
  const find = async (query: string): Promise<void> => {
    await key('Control+f')
    await key('Control+a')
    await page.keyboard.type(query)
  }
  /** Finds one file, selects it, and goes back to the map. */
  const select = async (query: string): Promise<void> => {
    await find(query)
    await key('Enter')
    await focusMap()
  }
  const clear = async (): Promise<void> => {
    await focusMap()
    for (let at = 0; at < 3; at++) await key('Escape')
  }

  beforeAll(async () => {
    app = await openWebApp([shop.folder])
    page = app.page
    await page.getByRole('button', { name: 'Build both variants' }).click()
    await page.getByTestId('verdict').waitFor({ timeout: 120_000 })
    await page.getByTestId('built-findings').waitFor({ timeout: 60_000 })
  })
  afterAll(async () => {
    await app.close()
    await removeImages(engine!.client, shop.folder)
    shop.remove()
  })

  test('X shows the other image alone, in the same place', async () => {
    await select('/site-packages/shop/shop-3')
    await key('x')
    await expect.poll(titles).toEqual([expect.stringMatching(/^After/)])
    expect(await line()).toContain('site-packages/shop/shop-3')
    await key('x')
    await expect.poll(titles).toEqual([expect.stringMatching(/^Before/)])
    await key('1')
    await expect.poll(async () => (await titles()).length).toBe(2)
    await clear()
  })

  test('a selection among small files is said, S and a double click show them, Backspace leaves them', async () => {
    await select('etc/passwd')
    await expect.poll(line).toMatch(/inside [\d,]+ small entr/)
    await key('s')
    await expect.poll(crumbs).toMatch(/[\d,]+ small entr(y|ies)$/)
    expect(await axeFaults(page)).toEqual([])
    await shot(page, 'map-small-light')
    await focusMap()
    await key('t')
    await expect.poll(() => page.locator('.table-body').textContent()).toContain('passwd')
    await key('t')
    await key('Backspace')
    await expect.poll(crumbs).not.toMatch(/small/)
    await clear()
    await expect.poll(crumbs).toBe('/')
  })

  test('Escape clears the search, then the selection, then the zoom', async () => {
    await select('/usr/include/linux/linux-1.h')
    await key('ArrowLeft')
    await key('Enter')
    await expect.poll(crumbs).toMatch(/linux$/)
    const selected = (): Promise<number> => page.getByTestId('entry-line').locator('strong').count()
    await expect.poll(count).not.toBe('')
    await key('Escape')
    await expect.poll(count).toBe('')
    expect(await selected()).toBe(1)
    await key('Escape')
    await expect.poll(selected).toBe(0)
    await key('Escape')
    await expect.poll(crumbs).toBe('/')
  })

  test('Enter and Shift+Enter go from match to match; / finds, L and F6 go to the other parts', async () => {
    const focused = (): Promise<string | undefined> => page.evaluate(() => document.activeElement?.id)
    await focusMap()
    await key('/')
    expect(await focused()).toBe('file-search')
    await page.keyboard.type('*.deb')
    await key('Enter')
    await expect.poll(count).toBe('1/6')
    await key('Enter')
    await expect.poll(count).toBe('2/6')
    await key('Shift+Enter')
    await expect.poll(count).toBe('1/6')
    await focusMap()
    await key('l')
    expect(await focused()).toBe('layer-list')
    await key('F6')
    expect(await focused()).toBe('file-search')
    await key('F6')
    expect(await focused()).toBe('explorer-main')
    await clear()
  })

  test('the wheel goes one folder in, towards the pointer, and out again; the page does not scroll', async () => {
    const box = (await page.getByTestId('map-before').boundingBox())!
    await page.mouse.move(box.x + 30, box.y + 120)
    await page.mouse.wheel(0, -120)
    await expect.poll(crumbs).toMatch(/^\/ › \w+/)
    const first = await crumbs()
    await page.waitForTimeout(400)
    await page.mouse.wheel(0, -120)
    await expect.poll(async () => (await crumbs())!.length).toBeGreaterThan(first!.length)
    await page.waitForTimeout(400)
    await page.mouse.wheel(0, 120)
    await page.waitForTimeout(400)
    await page.mouse.wheel(0, 120)
    await expect.poll(crumbs).toBe('/')
    expect(await page.evaluate(() => document.querySelector('.main')!.scrollTop)).toBe(0)
    await clear()
  })

  test('files without content are counted, not drawn; what a filter hides can be had again', async () => {
    expect(await page.getByTestId('not-drawn').textContent()).toMatch(/^1 empty file not drawn$/)
    await find('no-such-name')
    await expect.poll(count).toMatch(/^0 of [\d,]+ match$/)
    await page.getByRole('button', { name: 'Clear filter' }).click()
    await expect.poll(count).toBe('')
  })

  test('a folder that only one image has is empty in the other, and that is said', async () => {
    await select('/usr/include/linux/linux-1.h')
    await key('ArrowLeft')
    await key('Enter')
    await key('4')
    await expect
      .poll(() => page.locator('.map-empty').textContent())
      .toBe('The image after has nothing of /usr/include/linux.')
    await key('1')
    await clear()
  })

  test('a layer is hidden and shown again, in map, table and search', async () => {
    await find('*.deb')
    await expect.poll(count).toBe('6')
    await page.getByRole('checkbox', { name: 'Show files of layer 1 of before' }).uncheck()
    await expect.poll(count).toMatch(/^0 of/)
    await expect.poll(async () => (await titles())[0]).toMatch(/ shown$/)
    expect(await axeFaults(page)).toEqual([])
    await page.getByRole('button', { name: '1 layer is hidden: show all' }).click()
    await expect.poll(count).toBe('6')
    await clear()
  })

  test('a line of the Dockerfile finds its files, and the line of the selected file is marked', async () => {
    await page.getByRole('button', { name: 'Dockerfile', exact: true }).click()
    const lines = page.getByRole('list', { name: 'Lines of before' })
    await lines.getByRole('button', { name: /COPY app \/app/ }).click()
    await expect.poll(count).toBe('3')
    expect(await axeFaults(page)).toEqual([])
    await key('Tab')
    await select('/app/logo.png')
    const marked = lines.locator('[aria-current=true]')
    await expect.poll(() => marked.textContent()).toMatch(/^4COPY app \/app\//)
    expect(
      await page.getByRole('list', { name: 'Lines of after' }).locator('[aria-current=true]').textContent(),
    ).toMatch(/^8COPY --from=build \/app/)
    await page.getByRole('button', { name: 'Layers', exact: true }).click()
    await clear()
  })

  test('a picture is shown as one', async () => {
    await select('/app/logo.png')
    await key('Enter')
    const image = page.getByRole('dialog', { name: 'File' }).getByRole('img')
    await expect.poll(() => image.evaluate((element) => (element as HTMLImageElement).naturalWidth)).toBe(8)
    await shot(page, 'file-picture-light')
    await key('Escape')
    await clear()
  })

  test('a deleted secret is opened from its layer, and saved', async () => {
    await step(/Findings/)
    const residue = page.getByRole('region', { name: 'Deleted and still readable' })
    await residue.getByRole('button', { name: 'Open /root/.npmrc' }).click()
    const dialog = page.getByRole('dialog', { name: 'File' })
    await expect.poll(() => dialog.textContent()).toContain('_authToken=not-a-real-token')
    expect(await dialog.textContent()).toMatch(/in layer 1 of before; no container sees it/)
    expect(await axeFaults(page)).toEqual([])
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      dialog.getByRole('button', { name: 'Save a copy' }).click(),
    ])
    expect(readFileSync(await download.path(), 'utf8')).toMatch(/^\/\/registry\.example/)
    await key('Escape')
  })

  test('stages open to their instructions with measured bytes; arrow keys follow the edges; files of a line are found', async () => {
    await step(/Build/)
    const after = page.getByRole('region', { name: 'After: multi-stage' })
    const target = after.locator('.node-stage').nth(1)
    await expect.poll(() => after.locator('.node-stage').first().textContent(), { timeout: 30_000 }).toMatch(/MB/)
    await expect.poll(() => after.locator('.edge-copy text').allTextContents()).toEqual(['COPY 1.08 MB'])
    await after.locator('.node-stage').first().focus()
    await key('ArrowRight')
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('data-node'))).toBe('stage:1')
    await key('Enter')
    const details = after.getByRole('region', { name: 'Stage stage-1' })
    expect(await target.getAttribute('aria-expanded')).toBe('true')
    expect(await details.locator('code').allTextContents()).toHaveLength(5)
    expect(await axeFaults(page)).toEqual([])
    await details.getByRole('button', { name: 'Files' }).nth(1).click()
    await expect.poll(count).toBe('3')
    await step(/Build/)
    expect(await target.getAttribute('class')).toContain('found')
  })

  test('the log follows the pointer over the steps, and goes back', async () => {
    const rows = page.getByRole('list', { name: 'Before steps' }).locator('.step-row')
    await rows.nth(1).hover()
    await expect.poll(() => rows.nth(1).getAttribute('class')).toContain('current')
    await rows.nth(2).hover()
    await expect.poll(() => rows.nth(2).getAttribute('class')).toContain('current')
    await page.mouse.move(5, 500)
    await expect.poll(() => rows.nth(2).getAttribute('class')).not.toContain('current')
  })

  test('a saved comparison opens without the images: the same verdict, map and findings', async () => {
    await step(/Compare/)
    const verdict = await page.getByTestId('verdict').textContent()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save comparison' }).click(),
    ])
    expect(download.suggestedFilename()).toBe('shop.cutaway')
    const other = await openWebApp([await saved(await download.path())], { DOCKER_HOST: 'unix:///no/such.sock' })
    try {
      await expect.poll(() => other.page.getByTestId('verdict').textContent()).toBe(verdict)
      await other.page
        .getByRole('navigation', { name: 'Steps' })
        .getByRole('button', { name: /Findings/ })
        .click()
      const headings = other.page.getByRole('heading', { level: 3 })
      await expect.poll(async () => (await headings.allTextContents()).join()).toMatch(/Where the .*Attack surface/)
      expect(await axeFaults(other.page)).toEqual([])
      await other.page.getByRole('button', { name: 'Open /root/.npmrc' }).click()
      await expect.poll(() => other.page.getByRole('alert').first().textContent()).toMatch(/keeps no content of files/)
      expect(other.problems).toEqual([])
    } finally {
      await other.close()
    }
  })

  test('nothing was written to the console as an error', () => expect(app.problems).toEqual([]))
})

/** Downloads have no ending by which they are known. */
async function saved(path: string): Promise<string> {
  const { copyFileSync } = await import('node:fs')
  copyFileSync(path, `${path}.cutaway`)
  return `${path}.cutaway`
}
