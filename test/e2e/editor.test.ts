import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { describe, expect, onTestFinished, test } from 'vitest'
import { copyExample, engineOrSkip, removeImages } from '../support/engine'
import { folderChecksum, makeFolder } from '../support/folder'
import { axeFaults, hasBrowser, openWebApp, setTheme, shot } from '../support/web-app'

const engine = await engineOrSkip()

const editor = (page: Page, role: 'before' | 'after') => page.getByRole('textbox', { name: `Dockerfile of ${role}` })

/** Puts the cursor at the end of the text and types. */
async function typeAtEnd(page: Page, role: 'before' | 'after', text: string): Promise<void> {
  await editor(page, role).click()
  await page.keyboard.press('Control+End')
  // A list that opens while lines are typed would take the Enter of a line for its own.
  const typed = /[^\n]?$/.exec(text)![0]
  await page.keyboard.insertText(text.slice(0, text.length - typed.length))
  await page.keyboard.type(typed)
}

describe.skipIf(!hasBrowser)('the editor', () => {
  const twoStages = 'FROM debian AS build\nRUN make\nFROM scratch\nCOPY --from=build /a /a\nCMD ["/a"]\n'

  test('graph and findings follow what is typed, an error has its place, and all can be undone', async () => {
    const folder = makeFolder({ 'Dockerfile.multistage': twoStages })
    const { page, close, problems } = await openWebApp([folder])
    onTestFinished(close)
    const after = page.getByRole('region', { name: /^After/ })
    await editor(page, 'after').waitFor()
    await typeAtEnd(page, 'after', 'FROM debian AS extra\nCOPY --from=build /a /a\n')
    await after.getByRole('button', { name: /^extra/ }).waitFor()
    await after.getByText('edited, not in your folder').waitFor()
    await typeAtEnd(page, 'after', 'COPI . .')
    await after.getByText('Line 8, column 1: unknown instruction COPI.').waitFor()
    await expect.poll(() => page.getByRole('button', { name: 'Build both variants' }).isDisabled()).toBe(true)
    expect(await axeFaults(page)).toEqual([])
    await shot(page, '15-editor-light')
    await setTheme(page, 'dark')
    await shot(page, '15-editor-dark')
    await after.getByRole('button', { name: 'Undo all edits' }).click()
    await after.getByText('unknown instruction COPI').waitFor({ state: 'detached' })
    await expect.poll(() => page.getByRole('button', { name: 'Build both variants' }).isDisabled()).toBe(false)
    expect(readFileSync(join(folder, 'Dockerfile.multistage'), 'utf8')).toBe(twoStages)
    expect(problems).toEqual([])
  })

  test('instructions, flags and names of stages are completed', async () => {
    const { page, close } = await openWebApp([makeFolder({ Dockerfile: twoStages })])
    onTestFinished(close)
    await editor(page, 'after').waitFor()
    await typeAtEnd(page, 'after', 'HEAL')
    await page.getByRole('option', { name: /HEALTHCHECK/ }).waitFor()
    await page.keyboard.press('Escape')
    await page.keyboard.press('Control+A')
    // At once: a list that opens while lines are typed would take the Enter of a line for its own.
    await page.keyboard.insertText(`${twoStages}COPY --from`)
    await page.keyboard.type('=')
    await page
      .locator('.cm-tooltip-autocomplete')
      .getByRole('option', { name: /^build/ })
      // The editor takes no key for a list that has only just opened.
      .click()
    await page
      .getByRole('region', { name: /^After/ })
      .getByText('COPY --from=build', { exact: true })
      .waitFor()
  })

  test('a suggestion is applied with one click, and is gone then', async () => {
    const folder = makeFolder({ Dockerfile: 'FROM alpine:3.20\nRUN apk add git\nUSER 1\nCMD ["git"]\n' })
    const { page, close } = await openWebApp([folder])
    onTestFinished(close)
    const before = page.getByRole('region', { name: /^Before/ })
    await before.getByText('Smaller, faster, safer: 1 suggestion').click()
    await before.getByRole('list', { name: 'Smaller, faster, safer' }).getByText('DL3019').waitFor()
    expect(await axeFaults(page)).toEqual([])
    await shot(page, '17-suggestion-light')
    await setTheme(page, 'dark')
    await shot(page, '17-suggestion-dark')
    await before.getByRole('button', { name: /Apply the fix of line 2/ }).click()
    await before.getByText('Smaller, faster, safer').waitFor({ state: 'detached' })
    await expect.poll(() => editor(page, 'before').innerText()).toContain('RUN apk add --no-cache git')
  })

  test('an edit outlives another choice and reading again, and is saved where the user says', async () => {
    const folder = makeFolder({ 'Dockerfile.multistage': twoStages })
    const { page, close } = await openWebApp([folder])
    onTestFinished(close)
    const after = page.getByRole('region', { name: /^After/ })
    await editor(page, 'after').waitFor()
    await typeAtEnd(page, 'after', 'LABEL mine=1')
    await after.getByText('edited, not in your folder').waitFor()
    const choice = page.getByLabel('Variant for after')
    await choice.selectOption('traditional:Dockerfile.multistage')
    await page.getByRole('region', { name: 'After: traditional' }).waitFor()
    await choice.selectOption('Dockerfile.multistage')
    await page.getByRole('button', { name: 'Read again' }).click()
    await after.getByText('edited, not in your folder').waitFor()
    const download = page.waitForEvent('download')
    await after.getByRole('button', { name: 'Save as …' }).click()
    const saved = await download
    expect(saved.suggestedFilename()).toBe('Dockerfile.multi-stage')
    expect(readFileSync(await saved.path(), 'utf8')).toBe(`${twoStages}LABEL mine=1`)
  })

  test('typing on both sides, or choosing right after typing, loses neither', async () => {
    const { page, close } = await openWebApp([makeFolder({ 'Dockerfile.multistage': twoStages })])
    onTestFinished(close)
    await editor(page, 'after').waitFor()
    await typeAtEnd(page, 'before', 'LABEL one=1')
    await typeAtEnd(page, 'after', 'LABEL two=2')
    for (const side of [/^Before/, /^After/])
      await page.getByRole('region', { name: side }).getByText('edited, not in your folder').waitFor()
    await page.keyboard.type(' three=3')
    const choice = page.getByLabel('Variant for after')
    await choice.selectOption('Dockerfile.multistage#build')
    await page.waitForTimeout(600) // longer than the pause after which a text is asked about
    await expect.poll(() => choice.inputValue()).toBe('Dockerfile.multistage#build')
    await choice.selectOption('Dockerfile.multistage')
    await expect.poll(() => editor(page, 'after').innerText()).toContain('LABEL two=2 three=3')
  })

  test('what is derived from the first build says so before it, and can be written by the user instead', async () => {
    const { page, close } = await openWebApp([makeFolder({ Dockerfile: 'FROM debian:12\nCMD ["ls"]\n' })])
    onTestFinished(close)
    await expect.poll(() => editor(page, 'after').innerText()).toContain('will be derived from the image of the first')
    await typeAtEnd(page, 'after', 'LABEL mine=1')
    await page
      .getByRole('region', { name: /^After/ })
      .getByText('edited, not in your folder')
      .waitFor()
    await shot(page, '16-unpaired-light')
  })
})

describe.skipIf(engine === undefined || !hasBrowser)('an edited Dockerfile', () => {
  test('is built as it stands in the editor, and the folder stays as it is', async () => {
    const { folder, remove } = copyExample('calculator-c')
    const before = folderChecksum(folder)
    const { page, close } = await openWebApp([folder])
    onTestFinished(async () => {
      await close()
      await removeImages(engine!.client, folder)
      remove()
    })
    await editor(page, 'after').waitFor()
    await typeAtEnd(page, 'after', 'COPY calculator.c /marker-of-the-edit\nCMD ["/no-such-program"]\n')
    await page
      .getByRole('region', { name: /^After/ })
      .getByText('edited, not in your folder')
      .waitFor()
    await page.getByRole('button', { name: 'Build both variants' }).click()
    await page.getByTestId('verdict').waitFor({ timeout: 240_000 })
    await page.getByPlaceholder('Find file …').fill('marker-of-the-edit')
    await expect.poll(() => page.getByTestId('match-count').textContent()).toMatch(/^(1\/)?1$/)
    await page
      .getByTestId('built-findings')
      .getByText(/After: The image runs \/no-such-program/)
      .waitFor()
    await expect.poll(() => page.getByTestId('verdict').textContent()).toContain('But it will not run: ')
    await page.getByTestId('built-findings').getByText('Instead (line 12)').waitFor()
    expect(await axeFaults(page)).toEqual([])
    await shot(page, '18-will-not-run-light')
    await setTheme(page, 'dark')
    await shot(page, '18-will-not-run-dark')
    expect(folderChecksum(folder)).toBe(before)
  })
})
