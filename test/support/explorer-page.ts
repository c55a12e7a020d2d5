import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, onTestFinished } from 'vitest'
import type { EngineClient } from '../../electron/engine/docker/client'
import { removeImages } from './engine'
import { saveFrom } from './saving'
import { makeShop } from './shop'
import { openPage, openWebApp, setTheme, startWebHost, type WebApp } from './web-app'

/** What the tests of the explorer do and look at, on one page. */
export function explorerPage(page: Page) {
  const key = (name: string): Promise<void> => page.keyboard.press(name)
  const focusMap = (): Promise<void> => page.locator('#explorer-main').focus()
  const count = (): Promise<string | null> => page.getByTestId('match-count').textContent()
  const step = (name: RegExp): Promise<void> =>
    page.getByRole('navigation', { name: 'Steps' }).getByRole('button', { name }).click()
  const find = async (query: string): Promise<void> => {
    await key('Control+f')
    await key('Control+a')
    await page.keyboard.type(query)
    await expect.poll(count).not.toBe('')
  }
  const clear = async (): Promise<void> => {
    await focusMap()
    for (let at = 0; at < 3; at++) await key('Escape')
  }
  return {
    key,
    focusMap,
    find,
    step,
    count,
    /** Finds one file, selects it, and goes back to the map. */
    select: async (query: string): Promise<void> => {
      await find(query)
      await key('Enter')
      await focusMap()
    },
    /** No search, no selection, no zoom. */
    clear,
    /** From wherever a test before left a page with a comparison: both maps, large and light, nothing open, found or selected. */
    start: async (): Promise<void> => {
      await page.setViewportSize({ width: 1440, height: 900 })
      await setTheme(page, 'light')
      await page.mouse.move(0, 0)
      for (let presses = 0; presses < 3 && (await page.getByRole('dialog').count()) > 0; presses++) await key('Escape')
      await expect.poll(() => page.getByRole('dialog').count()).toBe(0)
      await step(/Compare/)
      await page.getByTestId('verdict').waitFor()
      await clear()
      await key('1')
      await expect.poll(count).toBe('')
    },
    crumbs: (): Promise<string | null> => page.getByRole('navigation', { name: 'Folder' }).textContent(),
    line: (): Promise<string | null> => page.getByTestId('entry-line').textContent(),
    titles: (): Promise<string[]> => page.locator('.pane-title').allTextContents(),
    focused: (): Promise<string | undefined> => page.evaluate(() => document.activeElement?.id),
  }
}

export type ExplorerPage = ReturnType<typeof explorerPage>

/** A page with a comparison, and what is done on it. */
export interface OpenedExplorer {
  readonly page: Page
  readonly explorer: ExplorerPage
}

export interface ComparedFolder extends OpenedExplorer {
  /** The page on which it was built: it has the images behind it. */
  readonly app: WebApp
  /** The same comparison, saved and opened on a page of its own, which goes with the test. Files have no content there. */
  open(): Promise<OpenedExplorer>
  close(): Promise<void>
}

/** A folder in the browser, built and compared. */
export async function compareFolder(client: EngineClient, folder: string): Promise<ComparedFolder> {
  const app = await openWebApp([folder])
  const { page } = app
  await page.getByRole('button', { name: 'Build both variants' }).waitFor()
  await page.keyboard.press('Control+Enter')
  await page.getByTestId('verdict').waitFor({ timeout: 300_000 })
  await page.getByTestId('built-findings').waitFor()
  const kept = mkdtempSync(join(tmpdir(), 'cutaway-kept-'))
  const saved = join(kept, 'saved.cutaway')
  copyFileSync(await (await saveFrom(page, /\.cutaway/)).path(), saved)
  const host = await startWebHost([saved])
  const open = async (): Promise<OpenedExplorer> => {
    const opened = await openPage(host.url)
    onTestFinished(async () => {
      await opened.close()
      expect(opened.problems).toEqual([])
    })
    await opened.page.getByTestId('verdict').waitFor()
    return { page: opened.page, explorer: explorerPage(opened.page) }
  }
  const close = async (): Promise<void> => {
    await host.end()
    await app.close()
    await removeImages(client, folder)
    rmSync(kept, { recursive: true, force: true })
    expect(app.problems).toEqual([])
  }
  return { app, page, explorer: explorerPage(page), open, close }
}

/** The made project in the browser, built and compared. */
export async function openBuiltShop(client: EngineClient): Promise<ComparedFolder> {
  const shop = makeShop()
  const compared = await compareFolder(client, shop.folder)
  const close = async (): Promise<void> => {
    await compared.close()
    shop.remove()
  }
  return { ...compared, close }
}
