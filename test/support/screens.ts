import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pixelmatch from 'pixelmatch'
import type { Locator, Page } from 'playwright-core'
import { PNG } from 'pngjs'
import { drawnWith, isSameDrawing } from './screens-drawing'
import { painted, screens as results, setTheme } from './web-app'

const kept = join(import.meta.dirname, '../e2e/screens')
const recordedWith = join(kept, 'recorded-with.json')
const isRecording = process.env.UPDATE_SCREENS === '1'

export type WindowSize = readonly [width: number, height: number]
export const large: WindowSize = [1440, 900]
export const small: WindowSize = [1100, 700]
/** Higher than any view: nothing in it is scrolled. */
export const tall: WindowSize = [1440, 6000]

/** Share of pixels that may differ: the same browser smooths letters otherwise on another processor. */
const tolerance = 0.01

/**
 * Takes an element in both themes at each size of the window and compares it with what is kept; gives the names of those that differ, whose
 * picture and difference lie among the results. Another browser or other fonts than those it was recorded with draw otherwise: then
 * differences are printed, and none is given. With UPDATE_SCREENS=1 keeps the pictures instead.
 */
export async function differingScreens(
  page: Page,
  name: string,
  sizes: readonly WindowSize[],
  element: Locator = page.locator('.app'),
): Promise<string[]> {
  const differing: string[] = []
  for (const [width, height] of sizes) {
    await page.setViewportSize({ width, height })
    for (const theme of ['light', 'dark'] as const) {
      await setTheme(page, theme)
      await page.evaluate(() => document.querySelector('.main')?.scrollTo(0, 0))
      const file = `${name}-${theme}-${width}.png`
      if (!isLike(file, await steadyPicture(page, element))) differing.push(file)
    }
  }
  await page.setViewportSize({ width: large[0], height: large[1] })
  await setTheme(page, 'light')
  return isRecording ? record(page) : excused(page, differing)
}

/** Draws until nothing changes any more. */
async function steadyPicture(page: Page, element: Locator): Promise<Buffer> {
  await page.evaluate(async () => void (await document.fonts.ready))
  let last: Buffer | undefined
  for (;;) {
    await page.evaluate(makeSteady)
    await painted(page)
    const picture = await element.screenshot({ animations: 'disabled', caret: 'hide', scale: 'css' })
    if (last?.equals(picture)) return picture
    last = picture
  }
}

/** What changes from run to run is written the same: times, what the engine had cached, dates, temporary folders, the engine's version. */
function makeSteady(): void {
  const same = (text: string): string =>
    text
      .replace(/\b\d+\.\d+ s\b/g, '0.1 s')
      .replace(/\b\d+\/(\d+) cached/g, '$1/$1 cached')
      .replace(/\b(Docker|Podman) \d[\w.+~-]*/g, '$1 1.0')
      .replace(/^\d+\.\d+[\w.+~-]*$/, '1.0')
      .replace(/\b\d{1,2}\/\d{1,2}\/\d{4}\b/g, '1/1/2026')
      .replace(/\b[0-9a-f]{12}\b/g, '0123456789ab')
      .replace(/\bshop-[0-9a-f]{8}\b/g, 'shop-01234567')
      .replace(/\/\S*\/cutaway-shop-\w+/g, '/projects')
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node.nodeValue ?? ''
    if (same(text) !== text) node.nodeValue = same(text)
  }
  for (const input of document.querySelectorAll('input'))
    if (same(input.value) !== input.value) input.value = same(input.value)
  for (const chart of document.querySelectorAll<HTMLElement>('[data-varies]')) chart.style.visibility = 'hidden'
}

/** Nothing differs from what was just kept; what it was drawn with is kept beside it. */
async function record(page: Page): Promise<string[]> {
  writeFileSync(recordedWith, `${JSON.stringify(await drawnWith(page), undefined, 2)}\n`)
  return []
}

async function excused(page: Page, differing: readonly string[]): Promise<string[]> {
  if (differing.length === 0) return []
  const drawing = await drawnWith(page)
  if (isSameDrawing(drawing, JSON.parse(readFileSync(recordedWith, 'utf8')))) return [...differing]
  const difference = `Chromium ${drawing.chromium}, or its fonts, are not what the screens were recorded with`
  console.warn(`${difference}. Look at these in test-results/screens: ${differing.join(', ')}`)
  return []
}

function isLike(file: string, picture: Buffer): boolean {
  const path = join(kept, file)
  if (isRecording) {
    mkdirSync(kept, { recursive: true })
    writeFileSync(path, picture)
    return true
  }
  writeFileSync(join(results, file), picture)
  if (!existsSync(path)) return false
  const [one, two] = [PNG.sync.read(readFileSync(path)), PNG.sync.read(picture)]
  if (one.width !== two.width || one.height !== two.height) return false
  const difference = new PNG({ width: one.width, height: one.height })
  const { width, height } = one
  const count = pixelmatch(one.data, two.data, difference.data, width, height, { threshold: 0.2 })
  if (count <= tolerance * width * height) return true
  writeFileSync(join(results, file.replace('.png', '-difference.png')), PNG.sync.write(difference))
  return false
}
