/** The bytes as text, or undefined where they are not UTF-8, or hold what no text holds. */
export function asText(bytes: Uint8Array, isWhole: boolean): string | undefined {
  if (bytes.includes(0)) return undefined
  try {
    // A file that was cut may end inside of a letter.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: !isWhole })
  } catch {
    return undefined
  }
}

const imageStarts: readonly { readonly type: string; readonly start: readonly number[] }[] = [
  { type: 'image/png', start: [0x89, 0x50, 0x4e, 0x47] },
  { type: 'image/jpeg', start: [0xff, 0xd8, 0xff] },
  { type: 'image/gif', start: [0x47, 0x49, 0x46, 0x38] },
  { type: 'image/bmp', start: [0x42, 0x4d] },
  { type: 'image/x-icon', start: [0x00, 0x00, 0x01, 0x00] },
]

/** The media type of a picture that browsers show, by its first bytes. */
export function imageType(bytes: Uint8Array): string | undefined {
  const isWebp = bytes.length > 12 && String.fromCharCode(...bytes.subarray(8, 12)) === 'WEBP'
  if (isWebp) return 'image/webp'
  return imageStarts.find(({ start }) => start.every((byte, at) => bytes[at] === byte))?.type
}

const perLine = 16

/** Lines of offset, sixteen bytes in hex, and what is printable of them. */
export function hexLines(bytes: Uint8Array): string {
  const lines: string[] = []
  for (let at = 0; at < bytes.length; at += perLine) {
    const part = [...bytes.subarray(at, at + perLine)]
    const hex = part.map((byte) => byte.toString(16).padStart(2, '0')).join(' ')
    const text = part.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·')).join('')
    lines.push(`${at.toString(16).padStart(8, '0')}  ${hex.padEnd(perLine * 3)} ${text}`)
  }
  return lines.join('\n')
}

/** Line differences as `diff -u` prints them; undefined where the files are too different to tell soon. */
export async function textDiff(before: string, after: string): Promise<string[] | undefined> {
  const { structuredPatch } = await import('diff')
  const patch = structuredPatch('before', 'after', before, after, '', '', { context: 4, timeout: 2000 })
  return patch?.hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => [
    `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`,
    ...lines,
  ])
}
