import { decodeUtf8 } from '../utf8'
import { type FoundPackage, makePackage, type Package, type PackageReader } from './package'
import { readStanza } from './stanzas'

/** Files of a zip by name. Throws nothing: what is no zip has no files. */
export type Unzip = (bytes: Uint8Array, isWanted: (name: string) => boolean) => ReadonlyMap<string, Uint8Array>

const archive = /\.(jar|war|ear)$/
const describing = /^META-INF\/(MANIFEST\.MF|maven\/[^/]+\/[^/]+\/pom\.properties)$/
const deepest = 3

/** Java libraries: `pom.properties` of Maven, else the manifest, else the file's name; archives inside archives too. */
export function javaReader(unzip: Unzip): PackageReader {
  const found: FoundPackage[] = []
  return {
    wants: ({ name }) => archive.test(name),
    take: (path, bytes) => {
      const packages = readArchive(bytes, `/${path}`, unzip, 1)
      packages.forEach((each, at) => {
        found.push({ package: each, owns: at === 0 ? [`/${path}`] : [] })
      })
    },
    finish: () => found,
  }
}

/** What the archive is, first; then what it carries. */
function readArchive(bytes: Uint8Array, path: string, unzip: Unzip, depth: number): Package[] {
  const files = unzip(bytes, (name) => describing.test(name) || (depth < deepest && archive.test(name)))
  const poms = [...files].filter(([name]) => name.endsWith('pom.properties')).flatMap(([, text]) => fromPom(text, path))
  const title = fileTitle(path)
  const own =
    poms.find(({ name }) => title.startsWith(name)) ?? fromManifest(files.get('META-INF/MANIFEST.MF'), title, path)
  const inner = [...files]
    .filter(([name]) => archive.test(name))
    .flatMap(([name, content]) => readArchive(content, `${path}!/${name}`, unzip, depth + 1))
  return [...(own ? [own] : []), ...poms.filter((pom) => pom !== own), ...inner]
}

const fileTitle = (path: string): string => path.slice(path.lastIndexOf('/') + 1).replace(archive, '')

function fromPom(bytes: Uint8Array, path: string): Package[] {
  const fields = new Map<string, string>()
  for (const line of decodeUtf8(bytes).split(/\r?\n/)) {
    const [key, value] = line.split(/\s*=\s*(.*)/s)
    if (key && value !== undefined) fields.set(key.trim(), value.trim())
  }
  const [namespace, name, version] = [fields.get('groupId'), fields.get('artifactId'), fields.get('version')]
  return name && version ? [makePackage({ type: 'maven', namespace: namespace ?? '', name, version, path })] : []
}

/** A line that begins with a blank goes on with the one before, without it. */
function fromManifest(bytes: Uint8Array | undefined, title: string, path: string): Package | undefined {
  const text = bytes === undefined ? '' : decodeUtf8(bytes).replaceAll(/\r?\n /g, '')
  const fields = readStanza(text.split(/\r?\n\r?\n/)[0]!)
  const [, named, numbered] = /^(.*?)-(\d[\w.-]*)$/.exec(title) ?? []
  const version = fields.get('implementation-version') ?? fields.get('bundle-version') ?? numbered
  const symbolic = fields.get('bundle-symbolicname')?.split(';')[0]
  const name = named ?? symbolic ?? fields.get('implementation-title') ?? title
  if (version === undefined || /[\s"]/.test(name)) return undefined
  const namespace = fields.get('implementation-vendor-id') ?? ''
  return makePackage({ type: 'maven', namespace, name, version, path })
}
