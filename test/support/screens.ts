import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pixelmatch from 'pixelmatch'
import type { Page } from 'playwright-core'
import { PNG } from 'pngjs'
import { screens as results, setTheme } from './web-app'

const kept = join(import.meta.dirname, '../e2e/screens')
/** Letters are drawn by what is installed; the kept pictures have DejaVu. */
export const hasFont = existsSync('/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf')
if (!hasFont) console.warn('Screens are not compared: the font DejaVu is missing.')

export type WindowSize = readonly [width: number, height: number]
export const large: WindowSize = [1440, 900]
export const small: WindowSize = [1100, 700]

/** Share of pixels that may differ: another version of the browser smooths letters otherwise. */
const tolerance = 0.01

/**
 * Takes the page in both themes at each size and compares it with what is kept; gives the names of those that differ, whose picture and
 * difference lie among the results. With UPDATE_SCREENS=1 keeps them instead.
 */
export async function differingScreens(page: Page, name: string, sizes: readonly WindowSize[]): Promise<string[]> {
  const differing: string[] = []
  for (const [width, height] of sizes) {
    await page.setViewportSize({ width, height })
    for (const theme of ['light', 'dark'] as const) {
      await setTheme(page, theme)
      await page.waitForTimeout(250)
      await page.evaluate(steady)
      const picture = await page.screenshot({ animations: 'disabled', caret: 'hide' })
      const file = `${name}-${theme}-${width}.png`
      if (!isLike(file, picture)) differing.push(file)
    }
  }
  await page.setViewportSize({ width: large[0], height: large[1] })
  await setTheme(page, 'light')
  return differing
}

/** What changes from run to run is written the same: times, dates, the engine's version. */
function steady(): void {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node.nodeValue ?? ''
    const same = text
      .replace(/\b\d+\.\d+ s\b/g, '0.1 s')
      .replace(/\b(Docker|Podman) \d[\w.+~-]*/g, '$1 1.0')
      .replace(/^\d+\.\d+[\w.+~-]*$/, '1.0')
      .replace(/\b\d{1,2}\/\d{1,2}\/\d{4}\b/g, '1/1/2026')
      .replace(/\b[0-9a-f]{12}\b/g, '0123456789ab')
    if (same !== text) node.nodeValue = same
  }
  for (const chart of document.querySelectorAll<HTMLElement>('[data-varies]')) chart.style.visibility = 'hidden'
}

function isLike(file: string, picture: Buffer): boolean {
  const path = join(kept, file)
  if (process.env.UPDATE_SCREENS === '1') {
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
