import { decodeUtf8 } from '../utf8'
import { type FoundPackage, makePackage, type PackageReader } from './package'
import { readStanza } from './stanzas'

const metadata = /^(.*\/|)([^/]+\.dist-info\/METADATA|[^/]+\.egg-info\/PKG-INFO|[^/]+\.egg-info)$/
const record = /\.(dist-info\/RECORD|egg-info\/(installed-files|top_level)\.txt)$/

/** Packages of Python: wheels (https://packaging.python.org/en/latest/specifications/recording-installed-packages/) and eggs. */
export function pythonReader(): PackageReader {
  const packages = new Map<string, { readonly site: string; readonly found: FoundPackage['package'] }>()
  const files = new Map<string, string[]>()
  return {
    wants: ({ name, path }) =>
      /^(METADATA|PKG-INFO|RECORD|installed-files\.txt|top_level\.txt)$|\.egg-info$/.test(name) &&
      /(site|dist)-packages\/[^/]+\.(dist|egg)-info/.test(path) &&
      (metadata.test(path) || record.test(path)),
    take: (path, bytes) => {
      const text = decodeUtf8(bytes)
      const info = path.replace(/\/[^/]*$/, (last) => (last.endsWith('.egg-info') ? last : ''))
      const site = info.slice(0, info.lastIndexOf('/'))
      if (record.test(path)) {
        files.set(info, [...(files.get(info) ?? []), ...ownedBy(path, text).map((name) => joined(site, name))])
        return
      }
      const fields = readStanza(text.split(/\r?\n\r?\n/)[0]!)
      const [name, version] = [fields.get('name'), fields.get('version')]
      if (name === undefined || version === undefined) return
      const license = fields.get('license-expression') ?? fields.get('license')?.split('\n')[0] ?? ''
      packages.set(info, {
        site,
        found: makePackage({ type: 'pypi', name, version, license: license.slice(0, 100), path: `/${path}` }),
      })
    },
    finish: () =>
      [...packages].map(([info, { found }]) => ({
        package: found,
        owns: [...(files.get(info) ?? []), info.endsWith('.egg-info') ? `/${info}` : `/${info}/`, `/${info}/`],
      })),
  }
}

function ownedBy(path: string, text: string): string[] {
  const lines = text.split(/\r?\n/).filter((line) => line !== '')
  if (path.endsWith('top_level.txt')) return lines.flatMap((name) => [`${name}/`, `${name}.py`])
  if (path.endsWith('installed-files.txt')) return lines.map((name) => `_egg/${name}`)
  return lines.map(
    (line) =>
      (line.startsWith('"') ? /^"((?:[^"]|"")*)"/.exec(line)?.[1]?.replaceAll('""', '"') : line.split(',')[0]) ?? '',
  )
}

/** A path of RECORD counts from the folder of packages, and may lead out of it: `../../../bin/flask`. */
function joined(site: string, name: string): string {
  if (name.startsWith('/')) return name
  const parts = site.split('/')
  for (const part of name.split('/').slice(0, -1)) {
    if (part === '..') parts.pop()
    else if (part !== '.') parts.push(part)
  }
  const last = name.endsWith('/') ? '' : name.split('/').at(-1)
  return `/${[...parts, last].join('/')}`
}
