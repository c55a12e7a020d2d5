import { decodeUtf8 } from '../utf8'
import { type FoundPackage, makePackage, type PackageReader } from './package'

/** Packages of Alpine: one letter, a colon, a value; `F` names a folder, `R` a file in it (https://wiki.alpinelinux.org/wiki/Apk_spec). */
export function apkReader(): PackageReader {
  const found: FoundPackage[] = []
  return {
    wants: ({ name, path }) => name === 'installed' && /^(usr\/)?lib\/apk\/db\/installed$/.test(path),
    take: (path, bytes) => {
      for (const paragraph of decodeUtf8(bytes).split(/\n{2,}/)) found.push(...readParagraph(paragraph, path))
    },
    finish: () => found,
  }
}

function readParagraph(paragraph: string, path: string): FoundPackage[] {
  const fields = new Map<string, string>()
  const owns: string[] = []
  let folder = ''
  for (const line of paragraph.split('\n')) {
    const [key, value] = [line[0], line.slice(2)]
    if (line[1] !== ':' || key === undefined) continue
    if (key === 'F') folder = value
    else if (key === 'R') owns.push(folder === '' ? `/${value}` : `/${folder}/${value}`)
    else fields.set(key, value)
  }
  const name = fields.get('P')
  const version = fields.get('V')
  if (name === undefined || version === undefined) return []
  const found = makePackage({
    type: 'apk',
    name,
    version,
    architecture: fields.get('A') ?? '',
    license: fields.get('L') ?? '',
    source: fields.get('o') === name ? '' : (fields.get('o') ?? ''),
    path: `/${path}`,
  })
  return [{ package: found, owns }]
}
