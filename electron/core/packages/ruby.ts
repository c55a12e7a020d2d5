import { decodeUtf8 } from '../utf8'
import { type FoundPackage, makePackage, type PackageReader } from './package'

/** Ruby gems, by the specifications that `gem install` writes. */
export function rubyReader(): PackageReader {
  const found: FoundPackage[] = []
  return {
    wants: ({ name, path }) => name.endsWith('.gemspec') && /\/specifications\/(default\/)?[^/]+$/.test(path),
    take: (path, bytes) => {
      const text = decodeUtf8(bytes)
      const field = (name: string): string | undefined =>
        new RegExp(`^\\s*\\w+\\.${name}\\s*=\\s*\\[?\\s*["']([^"']+)["']`, 'm').exec(
          text.replaceAll('.freeze', ''),
        )?.[1]
      const [name, version] = [field('name'), field('version')]
      if (name === undefined || version === undefined) return
      const [, home, file] = /^(.*)\/specifications\/(?:default\/)?([^/]+)\.gemspec$/.exec(path)!
      found.push({
        package: makePackage({ type: 'gem', name, version, license: field('licenses') ?? '', path: `/${path}` }),
        owns: [`/${path}`, `/${home}/gems/${file}/`, `/${home}/cache/${file}.gem`],
      })
    },
    finish: () => found,
  }
}
