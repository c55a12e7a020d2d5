import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { makeFolder } from '../support/folder'
import { axeFaults, hasBrowser, openWebApp, setTheme, shot } from '../support/web-app'

describe.skipIf(!hasBrowser)('settings', () => {
  test('the index cache is shown and cleared, and how layers are read is chosen and found again', async () => {
    const data = makeFolder({ 'index-cache/layer-ab.v2': 'x'.repeat(2500) })
    const { page, close, problems } = await openWebApp([], { CUTAWAY_DATA: data })
    try {
      await page.getByRole('button', { name: 'Settings' }).click()
      const dialog = page.getByRole('dialog', { name: 'Settings' })
      await dialog.getByText('Index cache: 2.50 kB in 1 file').waitFor()
      expect(await axeFaults(page)).toEqual([])
      await shot(page, '12-settings-light')
      await setTheme(page, 'dark')
      await shot(page, '12-settings-dark')
      await dialog.getByRole('button', { name: 'Clear' }).click()
      await dialog.getByText('Index cache: 0 B in 0 files').waitFor()
      expect(existsSync(join(data, 'index-cache/layer-ab.v2'))).toBe(false)
      const box = dialog.getByRole('checkbox', { name: 'Read layers from the engine’s own files' })
      await expect.poll(() => box.isChecked()).toBe(true)
      await box.click()
      await expect.poll(() => box.isChecked()).toBe(false)
      expect(JSON.parse(readFileSync(join(data, 'settings.json'), 'utf8'))).toEqual({ readsEngineFiles: false })
      await dialog.getByRole('button', { name: 'Close' }).click()
      await page.getByRole('button', { name: 'Settings' }).click()
      await expect.poll(() => box.isChecked()).toBe(false)
      expect(problems).toEqual([])
    } finally {
      await close()
    }
  })

  test('projects that were opened are offered again, and forgotten when asked', async () => {
    const data = makeFolder({})
    const folder = makeFolder({ Dockerfile: 'FROM debian:12\nCMD ["ls"]\n' })
    const first = await openWebApp([folder], { CUTAWAY_DATA: data })
    await first.page.getByRole('region', { name: /^Before/ }).waitFor()
    await first.close()
    const { page, close, problems } = await openWebApp([], { CUTAWAY_DATA: data })
    try {
      const recent = page.getByRole('region', { name: 'Recent projects' })
      await recent.getByText(folder, { exact: true }).waitFor()
      expect(await axeFaults(page)).toEqual([])
      await shot(page, '21-recent-light')
      await setTheme(page, 'dark')
      await shot(page, '21-recent-dark')
      await recent.getByRole('button').first().click()
      await page.getByRole('region', { name: /^Before/ }).waitFor()
      await page.getByRole('button', { name: /Source/ }).click()
      await recent.getByRole('button', { name: `Forget ${folder}` }).click()
      await recent.waitFor({ state: 'detached' })
      expect(JSON.parse(readFileSync(join(data, 'recent.json'), 'utf8'))).toEqual([])
      expect(problems).toEqual([])
    } finally {
      await close()
    }
  })
})
