import { asJsonObject, textOf } from './json'
import { type FoundPackage, makePackage, type PackageReader } from './package'

/** Packages of PHP, in `vendor/composer/installed.json` (https://getcomposer.org/doc/07-runtime.md). */
export function phpReader(): PackageReader {
  const found: FoundPackage[] = []
  return {
    wants: ({ name, path }) => name === 'installed.json' && path.endsWith('/composer/installed.json'),
    take: (path, bytes) => {
      const document = asJsonObject(bytes)
      // Composer 1 wrote the list itself.
      const list = Array.isArray(document) ? document : document.packages
      if (!Array.isArray(list)) return
      const vendor = path.slice(0, -'/composer/installed.json'.length)
      for (const entry of list as readonly unknown[]) found.push(...readEntry(entry, vendor, path))
    },
    finish: () => found,
  }
}

function readEntry(entry: unknown, vendor: string, path: string): FoundPackage[] {
  if (typeof entry !== 'object' || entry === null) return []
  const { name: full, version, license } = entry as Record<string, unknown>
  const [, namespace, name] = /^([^/]+)\/([^/]+)$/.exec(textOf(full)) ?? []
  if (namespace === undefined || name === undefined || typeof version !== 'string') return []
  const licensed = Array.isArray(license) ? license.map(textOf).join(' OR ') : textOf(license)
  const found = makePackage({ type: 'composer', namespace, name, version, license: licensed, path: `/${path}` })
  return [{ package: found, owns: [`/${vendor}/${namespace}/${name}/`] }]
}
