import type { Page } from 'playwright-core'
import type { EngineClient } from '../../electron/engine/docker/client'
import { removeImages } from './engine'
import { makeShop } from './shop'
import { openWebApp, type WebApp } from './web-app'

/** What the tests of the explorer do and look at, on one page. */
export function explorerPage(page: Page) {
  const key = (name: string): Promise<void> => page.keyboard.press(name)
  const focusMap = (): Promise<void> => page.locator('#explorer-main').focus()
  const find = async (query: string): Promise<void> => {
    await key('Control+f')
    await key('Control+a')
    await page.keyboard.type(query)
  }
  return {
    key,
    focusMap,
    find,
    /** Finds one file, selects it, and goes back to the map. */
    select: async (query: string): Promise<void> => {
      await find(query)
      await key('Enter')
      await focusMap()
    },
    /** No search, no selection, no zoom. */
    clear: async (): Promise<void> => {
      await focusMap()
      for (let at = 0; at < 3; at++) await key('Escape')
    },
    step: (name: RegExp): Promise<void> =>
      page.getByRole('navigation', { name: 'Steps' }).getByRole('button', { name }).click(),
    crumbs: (): Promise<string | null> => page.getByRole('navigation', { name: 'Folder' }).textContent(),
    count: (): Promise<string | null> => page.getByTestId('match-count').textContent(),
    line: (): Promise<string | null> => page.getByTestId('entry-line').textContent(),
    titles: (): Promise<string[]> => page.locator('.pane-title').allTextContents(),
    focused: (): Promise<string | undefined> => page.evaluate(() => document.activeElement?.id),
  }
}

export type ExplorerPage = ReturnType<typeof explorerPage>

export interface BuiltShop {
  readonly app: WebApp
  readonly page: Page
  readonly explorer: ExplorerPage
  close(): Promise<void>
}

/** The made project in the browser, built and compared. */
export async function openBuiltShop(client: EngineClient): Promise<BuiltShop> {
  const shop = makeShop()
  const app = await openWebApp([shop.folder])
  const { page } = app
  await page.getByRole('button', { name: 'Build both variants' }).click()
  await page.getByTestId('verdict').waitFor({ timeout: 120_000 })
  await page.getByTestId('built-findings').waitFor({ timeout: 60_000 })
  const close = async (): Promise<void> => {
    await app.close()
    await removeImages(client, shop.folder)
    shop.remove()
  }
  return { app, page, explorer: explorerPage(page), close }
}
