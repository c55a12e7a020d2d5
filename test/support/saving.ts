import type { Download, Page } from 'playwright-core'

/** What the page gives to keep, in one of the forms of its save menu. */
export async function saveFrom(page: Page, form: RegExp): Promise<Download> {
  await page.getByRole('button', { name: 'Save …' }).click()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: form }).click(),
  ])
  return download
}
