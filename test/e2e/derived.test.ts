import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { copyExample, engineOrSkip, removeImages } from '../support/engine'
import { makeFolder } from '../support/folder'
import { axeFaults, hasBrowser, openWebApp, setTheme, shot } from '../support/web-app'

const engine = await engineOrSkip()

describe.skipIf(engine === undefined || !hasBrowser)('a folder with a traditional Dockerfile only', () => {
  test('the other variant is derived, says why, is built and compared', async () => {
    const { folder, remove } = copyExample('calculator-c')
    rmSync(join(folder, 'Dockerfile.multistage'))
    const { page, close, problems } = await openWebApp([folder])
    onTestFinished(async () => {
      await close()
      await removeImages(engine!.client, folder)
      remove()
    })
    const after = page.getByRole('region', { name: 'After: multi-stage' })
    await expect.poll(() => after.textContent()).toContain('will be derived from the image of the first')
    expect(await axeFaults(page)).toEqual([])
    await shot(page, '13-derived-light')
    await setTheme(page, 'dark')
    await shot(page, '13-derived-dark')
    await page.getByRole('button', { name: 'Build both variants' }).click()
    await page.getByTestId('verdict').waitFor({ timeout: 240_000 })
    await expect
      .poll(() => page.getByTestId('verdict').textContent())
      .toMatch(/multi-stage image is [\d.]+ times smaller/)
    await page.getByRole('button', { name: /Findings/ }).click()
    const ledger = page.getByRole('region', { name: 'Where the bytes of the image before go' })
    await ledger.getByRole('rowheader', { name: /^Toolchain/ }).waitFor()
    const surface = page.getByRole('region', { name: 'Attack surface' })
    await surface.getByText('Compilers and build tools').click()
    await surface.getByText('Only before has').first().waitFor()
    const packages = page.getByRole('region', { name: 'Packages' })
    await packages.getByText(/^Debian packages: \d+ before, \d+ after$/).click()
    expect(await axeFaults(page)).toEqual([])
    await shot(page, '19-findings-light')
    await setTheme(page, 'dark')
    await shot(page, '19-findings-dark')
    await ledger.getByRole('button', { name: 'Show in map: Toolchain' }).click()
    await expect.poll(() => page.getByTestId('match-count').textContent()).toMatch(/^[\d,]{3,}$/)
    await shot(page, '20-ledger-in-map-dark')
    await page.getByRole('button', { name: /Findings/ }).click()
    await packages.getByText(/^Debian packages:/).click()
    await packages.getByRole('button', { name: 'Show in map: gcc-12', exact: true }).click()
    await expect.poll(() => page.getByLabel('Find file').inputValue()).toBe('package:gcc-12')
    await expect.poll(() => page.getByTestId('match-count').textContent()).toMatch(/^[\d,]+$/)
    await page.getByLabel('Find file').fill('')
    await page.getByRole('combobox', { name: /^Group/ }).selectOption('package')
    await page.getByRole('button', { name: 'Table' }).click()
    const first = page.getByRole('row').nth(1)
    await expect.poll(() => first.textContent()).toMatch(/golang-1\.19-go|No package/)
    await shot(page, '22-by-package-dark')
    await page.getByRole('button', { name: 'Both', exact: true }).click()
    await page.getByTestId('map-before').hover({ position: { x: 60, y: 60 } })
    await expect.poll(() => page.locator('.hover-card').textContent()).toMatch(/^\/(usr|var)\//)
    await page.getByTestId('map-before').click({ position: { x: 60, y: 60 } })
    await expect.poll(() => page.getByTestId('entry-line').textContent()).toMatch(/^\/(usr|var)\/.*before: /)
    await shot(page, '23-map-by-package-dark')
    await page.getByRole('combobox', { name: /^Group/ }).selectOption('folder')
    await expect.poll(() => page.getByTestId('entry-line').textContent()).toMatch(/^\/(usr|var)\/.*before: /)
    expect(await axeFaults(page)).toEqual([])
    expect(problems).toEqual([])
  })

  test('what would keep the image from running is told before it is built, with its line', async () => {
    const broken = join(import.meta.dirname, '../corpus/broken/packages-lost')
    const folder = makeFolder({
      'Dockerfile.multistage': readFileSync(join(broken, 'broken.Dockerfile'), 'utf8'),
      'main.py': '',
    })
    const { page, close } = await openWebApp([folder])
    onTestFinished(close)
    const after = page.getByRole('region', { name: 'After: multi-stage' })
    const found = after.getByRole('list', { name: 'Will it run?' })
    await found.getByText('Line 4: pip installs packages into the system site-packages').waitFor()
    await after.locator('.cm-lint-marker-error').waitFor()
    await expect.poll(() => after.locator('.cm-lint-marker-error').count()).toBe(1)
    await expect
      .poll(() =>
        page.getByRole('region', { name: 'Before: traditional' }).getByRole('list', { name: 'Will it run?' }).count(),
      )
      .toBe(0)
    expect(await axeFaults(page)).toEqual([])
    await shot(page, '14-findings-light')
    await setTheme(page, 'dark')
    await shot(page, '14-findings-dark')
  })
})
