import { readFile } from 'node:fs/promises'

// A report is a page that shows one saved comparison without a host. Its template is built with the app; the comparison stands in it as text.

const opening = '<script id="comparison" type="text/plain">'
const closing = '</script>'

/** The report of a saved comparison, as one HTML file that needs nothing but itself. `template` is the path of the built page. */
export async function reportFile(template: string, comparison: Uint8Array): Promise<Uint8Array> {
  const [head, tail, ...more] = (await readFile(template, 'utf8')).split(opening + closing)
  if (tail === undefined || more.length > 0) throw new Error(`${template} has not one place for a comparison`)
  return Buffer.from(`${head}${opening}${Buffer.from(comparison).toString('base64')}${closing}${tail}`)
}

/** How every report begins, and every other HTML file of the kind. */
export const htmlStart = Buffer.from('<!doctyp')

/** The saved comparison in a report; undefined for another page. */
export function comparisonIn(html: Buffer): Buffer | undefined {
  const at = html.indexOf(opening)
  if (at < 0) return undefined
  const end = html.indexOf(closing, at)
  return Buffer.from(html.toString('latin1', at + opening.length, end), 'base64')
}
