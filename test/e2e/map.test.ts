import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { engineOrSkip } from '../support/engine'
import { type ComparedFolder, openBuiltShop } from '../support/explorer-page'
import { axeFaults, hasBrowser, shot } from '../support/web-app'

const engine = await engineOrSkip()

describe.skipIf(engine === undefined || !hasBrowser)('map, layers and lines of a made project', () => {
  let shop: ComparedFolder

  beforeAll(async () => {
    shop = await openBuiltShop(engine!.client)
  })
  afterAll(() => shop.close())

  test('X shows the other image alone, in the same place', async () => {
    const { page, explorer } = await shop.open()
    await explorer.select('/site-packages/shop/shop-3')
    await explorer.key('x')
    await expect.poll(explorer.titles).toEqual([expect.stringMatching(/^After/)])
    await expect.poll(explorer.line).toContain('site-packages/shop/shop-3')
    await explorer.key('x')
    await expect.poll(explorer.titles).toEqual([expect.stringMatching(/^Before/)])
    await expect
      .poll(() => page.getByTestId('announcer').textContent())
      .toBe('Only before, coloured by kind, by folder: the whole image')
    await explorer.key('1')
    await expect.poll(async () => (await explorer.titles()).length).toBe(2)
  })

  test('a selection among small files is said, S and a double click show them, Backspace leaves them', async () => {
    const { page, explorer } = await shop.open()
    await explorer.select('etc/passwd')
    await expect.poll(explorer.line).toMatch(/inside [\d,]+ small entr/)
    await explorer.key('s')
    await expect.poll(explorer.crumbs).toMatch(/[\d,]+ small entr(y|ies)$/)
    expect(await axeFaults(page)).toEqual([])
    await shot(page, 'map-small-light')
    await explorer.focusMap()
    await explorer.key('t')
    await expect.poll(() => page.locator('.table-body').textContent()).toContain('passwd')
    await explorer.key('t')
    await explorer.key('Backspace')
    await expect.poll(explorer.crumbs).not.toMatch(/small/)
    await explorer.clear()
    await expect.poll(explorer.crumbs).toBe('/')
  })

  test('Escape clears the search, then the selection, then the zoom', async () => {
    const { page, explorer } = await shop.open()
    await explorer.select('/usr/include/linux/linux-1.h')
    await explorer.key('ArrowLeft')
    await explorer.key('Enter')
    await expect.poll(explorer.crumbs).toMatch(/linux$/)
    const selected = (): Promise<number> => page.getByTestId('entry-line').locator('strong').count()
    await expect.poll(explorer.count).not.toBe('')
    await explorer.key('Escape')
    await expect.poll(explorer.count).toBe('')
    await expect.poll(selected).toBe(1)
    await explorer.key('Escape')
    await expect.poll(selected).toBe(0)
    await explorer.key('Escape')
    await expect.poll(explorer.crumbs).toBe('/')
  })

  test('Enter and Shift+Enter go from match to match; / finds, L and F6 go to the other parts', async () => {
    const { page, explorer } = await shop.open()
    await explorer.focusMap()
    await explorer.key('/')
    await expect.poll(explorer.focused).toBe('file-search')
    await page.keyboard.type('*.deb')
    await explorer.key('Enter')
    await expect.poll(explorer.count).toBe('1/6')
    await explorer.key('Enter')
    await expect.poll(explorer.count).toBe('2/6')
    await explorer.key('Shift+Enter')
    await expect.poll(explorer.count).toBe('1/6')
    await explorer.focusMap()
    await explorer.key('l')
    await expect.poll(explorer.focused).toBe('layer-list')
    await explorer.key('F6')
    await expect.poll(explorer.focused).toBe('file-search')
    await explorer.key('F6')
    await expect.poll(explorer.focused).toBe('explorer-main')
  })

  test('the wheel goes one folder in, towards the pointer, and out again; the page does not scroll', async () => {
    const { page, explorer } = await shop.open()
    const box = (await page.getByTestId('map-before').boundingBox())!
    await page.mouse.move(box.x + 30, box.y + 120)
    await page.mouse.wheel(0, -120)
    await expect.poll(explorer.crumbs).toMatch(/^\/ › \w+/)
    const first = await explorer.crumbs()
    await page.waitForTimeout(400)
    await page.mouse.wheel(0, -120)
    await expect.poll(async () => (await explorer.crumbs())!.length).toBeGreaterThan(first!.length)
    await page.waitForTimeout(400)
    await page.mouse.wheel(0, 120)
    await page.waitForTimeout(400)
    await page.mouse.wheel(0, 120)
    await expect.poll(explorer.crumbs).toBe('/')
    expect(await page.evaluate(() => document.querySelector('.main')!.scrollTop)).toBe(0)
  })

  test('files without content are counted, not drawn; what a filter hides can be had again', async () => {
    const { page, explorer } = await shop.open()
    await expect.poll(() => page.getByTestId('not-drawn').textContent()).toMatch(/^1 empty file not drawn$/)
    await explorer.find('no-such-name')
    await expect.poll(explorer.count).toMatch(/^0 of [\d,]+ match$/)
    await page.getByRole('button', { name: 'Clear filter' }).click()
    await expect.poll(explorer.count).toBe('')
  })

  test('a folder that only one image has is empty in the other, and that is said', async () => {
    const { page, explorer } = await shop.open()
    await explorer.select('/usr/include/linux/linux-1.h')
    await explorer.key('ArrowLeft')
    await explorer.key('Enter')
    await explorer.key('4')
    await expect
      .poll(() => page.locator('.map-empty').textContent())
      .toBe('The image after has nothing of /usr/include/linux.')
    await explorer.key('1')
  })

  test('a layer is hidden and shown again, in map, table and search', async () => {
    const { page, explorer } = await shop.open()
    await explorer.find('*.deb')
    await expect.poll(explorer.count).toBe('6')
    await page.getByRole('checkbox', { name: 'Show files of layer 1 of before' }).uncheck()
    await expect.poll(explorer.count).toMatch(/^0 of/)
    await expect.poll(async () => (await explorer.titles())[0]).toMatch(/ shown$/)
    expect(await axeFaults(page)).toEqual([])
    await page.getByRole('button', { name: '1 layer is hidden: show all' }).click()
    await expect.poll(explorer.count).toBe('6')
  })
})
