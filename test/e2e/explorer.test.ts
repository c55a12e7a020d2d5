import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { variantReference } from '../../electron/engine/docker/build-variants'
import { copyExample, engineOrSkip, saveImage } from '../support/engine'
import { type ComparedFolder, compareFolder, explorerPage } from '../support/explorer-page'
import { makeFolder } from '../support/folder'
import { axeFaults, hasBrowser, openWebApp, painted, setTheme, shot } from '../support/web-app'

const engine = await engineOrSkip()

describe.skipIf(engine === undefined || !hasBrowser)('the explorer', () => {
  const copy = copyExample('calculator-python')
  let compared: ComparedFolder
  const selected = (page: Page): Promise<string | null> =>
    page.getByTestId('entry-line').locator('strong').textContent()
  const pressed = (page: Page): Promise<string | null> =>
    page.getByRole('group', { name: 'View' }).locator('[aria-pressed=true]').textContent()

  // From the start to the comparison with keys alone.
  beforeAll(async () => {
    compared = await compareFolder(engine!.client, copy.folder)
  })
  afterAll(async () => {
    await compared.close()
    copy.remove()
  })

  test('the comparison that was built is shown as a tree of both images', async () => {
    const { page, explorer } = compared
    await explorer.start()
    await explorer.focusMap()
    await expect.poll(() => page.getByRole('tree').getAttribute('aria-label')).toBe('Files of both images')
  })

  test('each view has its key and is announced by its button; no view has a fault', async () => {
    const { page, explorer } = await compared.open()
    for (const [name, view] of [
      ['2', 'Difference'],
      ['3', 'Only before'],
      ['4', 'Only after'],
      ['1', 'Both'],
      ['t', 'Table'],
      ['t', 'Both'],
    ] as const) {
      await explorer.focusMap()
      await explorer.key(name)
      await expect.poll(() => pressed(page)).toBe(view)
      await painted(page)
      expect(await axeFaults(page), view).toEqual([])
      await shot(page, `explorer-${view.toLowerCase().replace(' ', '-')}-light`)
      await setTheme(page, 'dark')
      await shot(page, `explorer-${view.toLowerCase().replace(' ', '-')}-dark`)
      await setTheme(page, 'light')
    }
  })

  test('arrows walk the tree, in the map as in the table', async () => {
    const { page, explorer } = await compared.open()
    await explorer.focusMap()
    const walk = async (): Promise<(string | null)[]> => {
      const seen: (string | null)[] = []
      for (const name of ['ArrowDown', 'ArrowRight', 'ArrowDown', 'ArrowUp', 'End', 'Home', 'ArrowLeft']) {
        await explorer.key(name)
        // Each of these keys goes to another entry.
        await expect.poll(() => selected(page)).not.toBe(seen.at(-1))
        seen.push(await selected(page))
      }
      await explorer.key('Escape')
      return seen
    }
    const inMap = await walk()
    expect(inMap[0]).toBe('/usr')
    expect(inMap[1]).toMatch(/^\/usr\/\w+$/)
    expect(inMap[3]).toBe(inMap[1])
    expect(inMap.at(-1)).toBe('/usr')
    await explorer.key('t')
    expect(await walk()).toEqual(inMap)
    await explorer.key('t')
  })

  test('Enter zooms, Backspace zooms out, 0 shows all, Alt+Left goes back; a screen reader is told the siblings', async () => {
    const { page, explorer } = await compared.open()
    await explorer.focusMap()
    await explorer.key('ArrowDown')
    const item = page.locator('[role=treeitem][aria-selected=true]')
    await expect.poll(() => item.textContent()).toMatch(/^usr, folder of .* entries, .* before, \d+ % of it, .* after/)
    await expect
      .poll(() => page.getByRole('tree').getAttribute('aria-activedescendant'))
      .toBe(await item.getAttribute('id'))
    await explorer.key('Enter')
    await expect.poll(explorer.crumbs).toBe('/ › usr')
    await explorer.key('Backspace')
    await expect.poll(explorer.crumbs).toBe('/')
    await explorer.key('Alt+ArrowLeft')
    await expect.poll(explorer.crumbs).toBe('/ › usr')
    await explorer.key('0')
    await expect.poll(explorer.crumbs).toBe('/')
    await explorer.key('Escape')
  })

  test('G and C go round; Space shows the other image for as long as it is held', async () => {
    const { page, explorer } = await compared.open()
    await explorer.focusMap()
    for (const grouping of ['layer', 'kind', 'class', 'package', 'folder']) {
      await explorer.key('g')
      await expect.poll(() => page.getByRole('combobox', { name: 'Group' }).inputValue()).toBe(grouping)
      if (grouping === 'layer') await shot(page, 'explorer-by-layer-light')
    }
    for (const colouring of ['layer', 'change', 'kind']) {
      await explorer.key('c')
      await expect.poll(() => page.getByRole('combobox', { name: 'Colour' }).inputValue()).toBe(colouring)
    }
    const title = page.locator('.pane-title').first()
    await page.keyboard.down(' ')
    await expect.poll(() => title.textContent()).toMatch(/^After/)
    await page.keyboard.up(' ')
    await expect.poll(() => title.textContent()).toMatch(/^Before/)
  })

  test('a search counts, says what it does not understand, and hides nothing', async () => {
    const { page, explorer } = await compared.open()
    await explorer.find('*.so kind:runtime >1kb')
    await expect.poll(explorer.count).toMatch(/^[\d,]+$/)
    await explorer.find('kind:nonsense')
    await expect.poll(explorer.count).toMatch(/^0 of [\d,]+ match$/)
    await expect.poll(() => page.getByRole('alert').textContent()).toContain('Kinds are runtime')
    expect(await axeFaults(page)).toEqual([])
    await explorer.key('Escape')
    await expect.poll(explorer.count).toBe('')
    await expect.poll(explorer.focused).toBe('explorer-main')
  })

  test('a layer of the list finds its files, and says its line and stage', async () => {
    const { page, explorer } = await compared.open()
    const row = page
      .locator('.layer-row')
      .filter({ hasText: /RUN.*line \d/ })
      .last()
    await expect.poll(() => row.textContent()).toMatch(/line \d+, stage-0/)
    await row.click()
    await expect.poll(explorer.count).toMatch(/^[\d,]+$/)
    await row.click()
    await expect.poll(explorer.count).toBe('')
  })

  test('the table sorts by a column, lists files flat and exports what it lists', async () => {
    const { page, explorer } = await compared.open()
    await explorer.focusMap()
    await explorer.key('t')
    await page.getByLabel('Flat list of files').check()
    await page.getByRole('columnheader', { name: 'Path' }).getByRole('button').click()
    const paths = page.locator('.table-body .cell-path')
    await expect
      .poll(async () => (await paths.allTextContents()).slice(0, 10))
      .toEqual((await paths.allTextContents()).slice(0, 10).sort())
    await expect
      .poll(() => page.getByRole('columnheader', { name: 'Path' }).getAttribute('aria-sort'))
      .toBe('ascending')
    await explorer.find('kind:application')
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export CSV' }).click(),
    ])
    const lines = readFileSync(await download.path(), 'utf8')
      .trim()
      .split('\r\n')
    expect(lines[0]).toMatch(/^path,before_bytes/)
    expect(lines.length - 1).toBe(Number((await page.getByTestId('match-count').textContent())!.replaceAll(',', '')))
    await explorer.key('Escape')
    await page.getByLabel('Flat list of files').uncheck()
    await page.getByRole('button', { name: 'Both' }).click()
  })

  test('a text and a program are shown; the same on both sides is said', async () => {
    const { page, explorer } = compared
    await explorer.start()
    const open = async (query: string): Promise<string> => {
      await explorer.find(query)
      await explorer.key('Enter')
      await explorer.focusMap()
      await explorer.key('Enter')
      const body = page.getByTestId('file-body')
      await body.locator('.cm-content, pre').first().waitFor({ timeout: 20_000 })
      return (await page.getByRole('dialog', { name: 'File' }).textContent()) ?? ''
    }
    expect(await open('/usr/lib/os-release')).toMatch(/the same content on both sides.*PRETTY_NAME/)
    await shot(page, 'file-text-light')
    expect(await axeFaults(page)).toEqual([])
    await explorer.key('Escape')
    await expect.poll(explorer.focused).toBe('explorer-main')
    expect(await open('/usr/bin/dash')).toContain('·ELF')
    await setTheme(page, 'dark')
    await shot(page, 'file-hex-dark')
    await setTheme(page, 'light')
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save a copy of before' }).click(),
    ])
    expect(
      readFileSync(await download.path())
        .subarray(1, 4)
        .toString(),
    ).toBe('ELF')
    await explorer.key('Escape')
  })

  test('what differs between two versions of a file is shown line by line', async () => {
    const { page, explorer } = compared
    await explorer.start()
    await explorer.find('change:changed /var/lib/dpkg/status')
    await explorer.key('Enter')
    await explorer.focusMap()
    await explorer.key('Enter')
    await page.getByRole('button', { name: 'Difference', exact: true }).nth(1).waitFor()
    const diff = page.getByTestId('file-body').locator('pre.diff, p')
    await expect.poll(() => diff.first().textContent()).toMatch(/^@@|too different/)
    await shot(page, 'file-difference-light')
    await explorer.key('Escape')
    await explorer.find('')
    await explorer.key('Escape')
  })

  test('the menu of an entry, by key and by pointer', async () => {
    const { page, explorer } = await compared.open()
    await explorer.focusMap()
    await explorer.key('Escape')
    await explorer.key('ArrowDown')
    await explorer.key('Shift+F10')
    const menu = page.getByRole('menu')
    await expect
      .poll(() => menu.getByRole('menuitem').allTextContents())
      .toEqual(expect.arrayContaining(['Zoom to this folder', 'Copy path', 'Show in the table']))
    expect(await axeFaults(page)).toEqual([])
    await explorer.key('ArrowDown')
    await explorer.key('Escape')
    await expect.poll(() => menu.count()).toBe(0)
    await page.getByTestId('map-before').click({ button: 'right', position: { x: 80, y: 80 } })
    await menu.getByRole('menuitem', { name: 'Show in the table' }).click()
    await expect.poll(() => pressed(page)).toBe('Table')
    await page.getByRole('button', { name: 'Both' }).click()
  })

  test('commands by name, and the list of keys', async () => {
    const { page, explorer } = await compared.open()
    await explorer.key('Control+k')
    await page.getByRole('combobox', { name: 'Command' }).waitFor()
    await page.keyboard.type('differ')
    await expect
      .poll(() => page.getByRole('listbox').getByRole('option').allTextContents())
      .toEqual(['Show the difference2'])
    expect(await axeFaults(page)).toEqual([])
    await shot(page, 'commands-light')
    await explorer.key('Enter')
    await expect.poll(() => pressed(page)).toBe('Difference')
    await explorer.key('F1')
    await expect
      .poll(() => page.getByRole('region', { name: 'In map and table' }).locator('kbd').count())
      .toBeGreaterThan(15)
    expect(await axeFaults(page)).toEqual([])
    await shot(page, 'shortcuts-light')
    await explorer.key('Escape')
    await explorer.key('Control+k')
    await page.getByRole('combobox', { name: 'Command' }).waitFor()
    await page.keyboard.type('go to source')
    await explorer.key('Enter')
    await page.getByRole('heading', { name: 'Open an image, or compare two' }).waitFor()
  })

  test('an image of the engine and a saved one are compared without a project; one alone is opened', async () => {
    const { page, close, problems } = await openWebApp()
    onTestFinished(close)
    const explorer = explorerPage(page)
    const folder = makeFolder({})
    const image = variantReference(copy.folder, 'before')
    const archive = join(folder, 'saved.tar')
    await saveImage(engine!.client, image, archive)
    await page.getByLabel('Image', { exact: true }).fill(image)
    await page.getByLabel('Image to compare it with').fill(archive)
    await page.getByRole('button', { name: 'Open image' }).click()
    await expect
      .poll(() => page.getByTestId('verdict').textContent(), { timeout: 60_000 })
      .toMatch(/^No differences: both are/)
    await explorer.step(/Source/)
    await page.getByLabel('Image', { exact: true }).fill(archive)
    await page.getByRole('button', { name: 'Open image' }).click()
    await expect
      .poll(() => page.getByTestId('verdict').textContent(), { timeout: 60_000 })
      .toMatch(/unpacked, [\d,]+ entries in \d+ layers?\.$/)
    await expect
      .poll(() => page.getByRole('group', { name: 'View' }).getByRole('button').allTextContents())
      .toEqual(['Map', 'Table'])
    expect(await axeFaults(page)).toEqual([])
    await shot(page, 'single-image-light')
    await explorer.find('/usr/lib/os-release')
    await explorer.key('Enter')
    await explorer.focusMap()
    await explorer.key('Enter')
    await page.getByTestId('file-body').locator('.cm-content').waitFor({ timeout: 30_000 })
    await explorer.key('Escape')
    await explorer.step(/Source/)
    await page.getByLabel('Image', { exact: true }).fill('no-such-image:1')
    await page.getByRole('button', { name: 'Open image' }).click()
    await page.getByText('no-such-image:1').last().waitFor()
    expect(problems).toEqual([])
  })
})
