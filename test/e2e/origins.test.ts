import { copyFileSync, readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { engineOrSkip } from '../support/engine'
import { type ComparedFolder, type ExplorerPage, explorerPage, openBuiltShop } from '../support/explorer-page'
import { saveFrom } from '../support/saving'
import { axeFaults, hasBrowser, openWebApp, shot, type WebApp } from '../support/web-app'

const engine = await engineOrSkip()

describe.skipIf(engine === undefined || !hasBrowser)(
  'lines, stages, files and saved comparisons of a made project',
  () => {
    let shop: ComparedFolder
    let page: Page
    let explorer: ExplorerPage

    beforeAll(async () => {
      shop = await openBuiltShop(engine!.client)
      ;({ page, explorer } = shop)
    })
    beforeEach(() => explorer.start())
    afterAll(() => shop.close())

    test('a line of the Dockerfile finds its files, and the line of the selected file is marked', async () => {
      await page.getByRole('button', { name: 'Dockerfile', exact: true }).click()
      const lines = page.getByRole('list', { name: 'Lines of before' })
      await lines.getByRole('button', { name: /COPY app \/app/ }).click()
      await expect.poll(explorer.count).toBe('3')
      expect(await axeFaults(page)).toEqual([])
      await explorer.key('Tab')
      await explorer.select('/app/logo.png')
      const marked = lines.locator('[aria-current=true]')
      await expect.poll(() => marked.textContent()).toMatch(/^4COPY app \/app\//)
      await expect
        .poll(() => page.getByRole('list', { name: 'Lines of after' }).locator('[aria-current=true]').textContent())
        .toMatch(/^8COPY --from=build \/app/)
      await page.getByRole('button', { name: 'Layers', exact: true }).click()
      await explorer.clear()
    })

    test('a picture is shown as one', async () => {
      await explorer.select('/app/logo.png')
      await explorer.key('Enter')
      const image = page.getByRole('dialog', { name: 'File' }).getByRole('img')
      await expect.poll(() => image.evaluate((element) => (element as HTMLImageElement).naturalWidth)).toBe(8)
      await shot(page, 'file-picture-light')
      await explorer.key('Escape')
      await explorer.clear()
    })

    test('a deleted secret is opened from its layer, and saved', async () => {
      await explorer.step(/Findings/)
      const residue = page.getByRole('region', { name: 'Deleted and still readable' })
      await residue.getByRole('button', { name: 'Open /root/.npmrc' }).click()
      const dialog = page.getByRole('dialog', { name: 'File' })
      await expect.poll(() => dialog.textContent()).toContain('_authToken=not-a-real-token')
      await expect.poll(() => dialog.textContent()).toMatch(/in layer 1 of before; no container sees it/)
      expect(await axeFaults(page)).toEqual([])
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        dialog.getByRole('button', { name: 'Save a copy' }).click(),
      ])
      expect(readFileSync(await download.path(), 'utf8')).toMatch(/^\/\/registry\.example/)
      await explorer.key('Escape')
    })

    test('stages open to their instructions with measured bytes; arrow keys follow the edges; files of a line are found', async () => {
      await explorer.step(/Build/)
      const after = page.getByRole('region', { name: 'After: multi-stage' })
      const target = after.locator('.node-stage').nth(1)
      await expect.poll(() => after.locator('.node-stage').first().textContent(), { timeout: 30_000 }).toMatch(/MB/)
      await expect.poll(() => after.locator('.edge-copy text').allTextContents()).toEqual(['COPY 1.08 MB'])
      await after.locator('.node-stage').first().focus()
      await explorer.key('ArrowRight')
      await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('data-node'))).toBe('stage:1')
      await explorer.key('Enter')
      const details = after.getByRole('region', { name: 'Stage stage-1' })
      await expect.poll(() => target.getAttribute('aria-expanded')).toBe('true')
      await expect.poll(() => details.locator('code').allTextContents()).toHaveLength(5)
      expect(await axeFaults(page)).toEqual([])
      await details.getByRole('button', { name: 'Files' }).nth(1).click()
      await expect.poll(explorer.count).toBe('3')
      await explorer.step(/Build/)
      await expect.poll(() => target.getAttribute('class')).toContain('found')
    })

    test('the log follows the pointer over the steps, and goes back', async () => {
      await explorer.step(/Build/)
      const rows = page.getByRole('list', { name: 'Before steps' }).locator('.step-row')
      await rows.nth(1).hover()
      await expect.poll(() => rows.nth(1).getAttribute('class')).toContain('current')
      await rows.nth(2).hover()
      await expect.poll(() => rows.nth(2).getAttribute('class')).toContain('current')
      await page.mouse.move(5, 500)
      await expect.poll(() => rows.nth(2).getAttribute('class')).not.toContain('current')
    })

    /** The comparison that is shown, saved, and opened where there is no engine. */
    const openSaved = async (): Promise<WebApp> => {
      const download = await saveFrom(page, /\.cutaway/)
      expect(download.suggestedFilename()).toBe('shop.cutaway')
      const other = await openWebApp([saved(await download.path())], { DOCKER_HOST: 'unix:///no/such.sock' })
      onTestFinished(async () => {
        await other.close()
        expect(other.problems).toEqual([])
      })
      await other.page.getByTestId('verdict').waitFor()
      return other
    }

    test('a saved comparison opens without the images: the same verdict, map and findings', async () => {
      await explorer.step(/Compare/)
      const verdict = await page.getByTestId('verdict').textContent()
      const { page: other } = await openSaved()
      await expect.poll(() => other.getByTestId('verdict').textContent()).toBe(verdict)
      await explorerPage(other).step(/Findings/)
      const headings = other.getByRole('heading', { level: 3 })
      await expect.poll(async () => (await headings.allTextContents()).join()).toMatch(/Where the .*Attack surface/)
      expect(await axeFaults(other)).toEqual([])
      const residue = other.getByRole('region', { name: 'Deleted and still readable' })
      await expect.poll(() => residue.textContent()).toContain('/root/.npmrc')
      await expect.poll(() => residue.getByRole('button').count()).toBe(0)
      const couldDo = other.getByRole('region', { name: 'What the Dockerfiles could do without' })
      await expect.poll(() => couldDo.textContent()).toContain('Dockerfile:')
      await expect.poll(() => couldDo.getByRole('button', { name: /editor/ }).count()).toBe(0)
      await explorerPage(other).select('/app/shop.conf')
      await other.keyboard.press('Enter')
      await expect.poll(() => other.getByRole('alert').first().textContent()).toMatch(/keeps no content of files/)
    })

    test('a saved comparison has the build of its images: lines, stages with their bytes, and no log', async () => {
      const { page: other } = await openSaved()
      await other.getByRole('button', { name: 'Dockerfile', exact: true }).click()
      const lines = other.getByRole('list', { name: 'Lines of before' })
      await lines.getByRole('button', { name: /COPY app \/app/ }).click()
      await expect.poll(explorerPage(other).count).toBe('3')
      await explorerPage(other).step(/Build/)
      const after = other.getByRole('region', { name: 'After: multi-stage' })
      await expect.poll(() => after.locator('.edge-copy text').allTextContents()).toEqual(['COPY 1.08 MB'])
      await expect.poll(() => other.getByTestId('step-log').textContent()).toMatch(/has no logs|Cached/)
      await expect.poll(() => other.getByRole('button', { name: 'Build again' }).count()).toBe(0)
      expect(await axeFaults(other)).toEqual([])
    })
  },
)

/** Downloads have no ending by which they are known. */
function saved(path: string): string {
  copyFileSync(path, `${path}.cutaway`)
  return `${path}.cutaway`
}
