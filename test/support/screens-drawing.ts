import { createHash } from 'node:crypto'
import type { Page } from 'playwright-core'

/** What pictures of a page depend on beside the page. */
export interface Drawing {
  readonly chromium: string
  /** Digest of the widths of texts in the fonts of the app. */
  readonly textWidths: string
}

export const isSameDrawing = (one: Drawing, two: Drawing): boolean =>
  one.chromium === two.chromium && one.textWidths === two.textWidths

/** What this page is drawn with. */
export async function drawnWith(page: Page): Promise<Drawing> {
  const widths = await page.evaluate(() => {
    const code = document.createElement('code')
    document.body.append(code)
    const families = [document.body, code].map((element) => getComputedStyle(element).fontFamily)
    code.remove()
    const canvas = document.createElement('canvas').getContext('2d')!
    const texts = [
      'The multi-stage image is 16 times smaller',
      'COPY --from=build /app /app',
      '0123456789',
      '… › → ✓ ×',
    ]
    return families.flatMap((family) =>
      ['400 12px', '400 14px', '600 14px', '700 17px'].flatMap((size) => {
        canvas.font = `${size} ${family}`
        return texts.map((text) => canvas.measureText(text).width)
      }),
    )
  })
  const textWidths = createHash('sha256').update(JSON.stringify(widths)).digest('hex')
  return { chromium: page.context().browser()!.version(), textWidths }
}
