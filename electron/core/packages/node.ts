import { asJsonObject, textOf } from './json'
import { type FoundPackage, makePackage, type PackageReader } from './package'

/** Packages of Node.js: every `node_modules/<name>/package.json`, also below another package. */
export function nodeReader(): PackageReader {
  const found: FoundPackage[] = []
  return {
    wants: ({ name, path }) =>
      name === 'package.json' && /(^|\/)node_modules\/(@[^/]+\/)?[^/@.][^/]*\/package\.json$/.test(path),
    take: (path, bytes) => {
      const { name: full, version, license } = asJsonObject(bytes)
      if (typeof full !== 'string' || typeof version !== 'string') return
      const [, namespace, name] = /^(?:(@[^/]+)\/)?([^/]+)$/.exec(full) ?? []
      if (name === undefined) return
      const licensed =
        typeof license === 'object' ? textOf((license as { type?: unknown } | null)?.type) : textOf(license)
      found.push({
        package: makePackage({
          type: 'npm',
          namespace: namespace ?? '',
          name,
          version,
          license: licensed,
          path: `/${path}`,
        }),
        owns: [`/${path.slice(0, -'package.json'.length)}`],
      })
    },
    finish: () => found,
  }
}
