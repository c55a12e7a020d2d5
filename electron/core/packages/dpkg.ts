import { decodeUtf8 } from '../utf8'
import { type FoundPackage, makePackage, type Package, type PackageReader } from './package'
import { readStanzas, type Stanza } from './stanzas'

const wanted = /^var\/lib\/dpkg\/(status|status\.d\/[^/]+|info\/[^/]+\.list)$/

/**
 * Packages of Debian and Ubuntu: `status` with `info/*.list`, or, in distroless images, one file for each in `status.d` with its
 * `.md5sums` (https://github.com/GoogleContainerTools/distroless/blob/main/PACKAGE_METADATA.md).
 */
export function dpkgReader(): PackageReader {
  const stanzas: { readonly stanza: Stanza; readonly path: string }[] = []
  const lists = new Map<string, readonly string[]>()
  return {
    wants: ({ path }) => wanted.test(path),
    take: (path, bytes) => {
      const text = decodeUtf8(bytes)
      const name = path.slice(path.lastIndexOf('/') + 1)
      if (name.endsWith('.list')) lists.set(name.slice(0, -'.list'.length), lines(text))
      else if (name.endsWith('.md5sums')) {
        const owned = lines(text).map((line) => `/${line.replace(/^\S+\s+\.?\/?/, '')}`)
        lists.set(path.slice(0, -'.md5sums'.length), owned)
      } else for (const stanza of readStanzas(text)) stanzas.push({ stanza, path })
    },
    finish: () =>
      stanzas.flatMap(({ stanza, path }): FoundPackage[] => {
        const found = packageOf(stanza, path)
        if (found === undefined) return []
        const { name, architecture } = found
        const owned = lists.get(name) ?? lists.get(`${name}:${architecture}`) ?? lists.get(path) ?? []
        return [{ package: found, owns: owned }]
      }),
  }
}

const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '')

/** A package that was removed and left its settings has no files. */
function packageOf(stanza: Stanza, path: string): Package | undefined {
  const name = stanza.get('package')
  const version = stanza.get('version')
  const status = stanza.get('status')
  if (name === undefined || version === undefined) return undefined
  if (status !== undefined && /(not-installed|config-files)$/.test(status)) return undefined
  return makePackage({
    type: 'deb',
    name,
    version,
    architecture: stanza.get('architecture') ?? '',
    section: stanza.get('section')?.split('/').at(-1) ?? '',
    source: stanza.get('source')?.split(' ')[0] ?? '',
    path: `/${path}`,
  })
}
