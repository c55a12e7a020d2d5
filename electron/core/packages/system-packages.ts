import type { FileInterest } from '../image/file-interest'
import { decodeUtf8 } from '../utf8'
import { readStanzas, type Stanza } from './stanzas'

/** A package of the operating system with what deciding about it needs. */
export interface SystemPackage {
  readonly name: string
  readonly source: string
  readonly section: string
  readonly isEssential: boolean
  /** Asked for by name, not brought along by another package. */
  readonly isManual: boolean
  /** Each is a list of alternatives. */
  readonly depends: readonly (readonly string[])[]
  readonly recommends: readonly string[]
  readonly provides: readonly string[]
  /** Paths as the database has them; folders are among them. */
  readonly paths: readonly string[]
  /** The file that lists them; '' where there is none. */
  readonly listPath: string
}

export interface SystemPackages {
  /** Undefined for an image without a package database. */
  readonly manager: 'apt' | 'apk' | undefined
  readonly byName: ReadonlyMap<string, SystemPackage>
}

/** Reads the databases of dpkg and apk with dependencies and reasons of installation. */
export function systemPackagesReader(): FileInterest & { finish(): SystemPackages } {
  const stanzas: Stanza[] = []
  const lists = new Map<string, { readonly path: string; readonly paths: readonly string[] }>()
  const automatic = new Set<string>()
  const apk: SystemPackage[] = []
  const world = new Set<string>()
  return {
    wants: ({ path }) =>
      /^var\/lib\/(dpkg\/(status|status\.d\/[^/]+|info\/[^/]+\.list)|apt\/extended_states)$/.test(path) ||
      /^((usr\/)?lib\/apk\/db\/installed|etc\/apk\/world)$/.test(path),
    take: (path, bytes) => {
      const text = decodeUtf8(bytes)
      const name = path.slice(path.lastIndexOf('/') + 1)
      if (name === 'extended_states') {
        for (const stanza of readStanzas(text))
          if (stanza.get('auto-installed') === '1') automatic.add(stanza.get('package') ?? '')
      } else if (name === 'installed') apk.push(...text.split(/\n{2,}/).flatMap(readApk))
      else if (name === 'world') for (const line of text.split('\n')) world.add(line.replace(/[=<>~@].*$/, ''))
      else if (name.endsWith('.list'))
        lists.set(name.slice(0, -'.list'.length), { path: `/${path}`, paths: linesOf(text) })
      else if (name.endsWith('.md5sums'))
        lists.set(name.slice(0, -'.md5sums'.length), {
          path: `/${path}`,
          paths: linesOf(text).map((line) => `/${line.replace(/^\S+\s+\.?\/?/, '')}`),
        })
      else stanzas.push(...readStanzas(text))
    },
    finish: () => {
      const found = [
        ...stanzas.flatMap((stanza) => readDpkg(stanza, lists, automatic)),
        ...apk.map((each) => ({ ...each, isManual: world.has(each.name) })),
      ]
      const manager = stanzas.length > 0 ? 'apt' : apk.length > 0 ? 'apk' : undefined
      return { manager, byName: new Map(found.map((each) => [each.name, each])) }
    },
  }
}

const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '' && line !== '/.')

function readDpkg(
  stanza: Stanza,
  lists: ReadonlyMap<string, { readonly path: string; readonly paths: readonly string[] }>,
  automatic: ReadonlySet<string>,
): SystemPackage[] {
  const name = stanza.get('package')
  if (name === undefined || /(not-installed|config-files)$/.test(stanza.get('status') ?? '')) return []
  const list = lists.get(name) ?? lists.get(`${name}:${stanza.get('architecture')}`)
  const listed = (field: string): string[][] =>
    (stanza.get(field) ?? '')
      .split(',')
      .map((each) => each.split('|').map((one) => one.trim().replace(/[\s:(].*$/s, '')))
      .filter(([first]) => first !== '')
  return [
    {
      name,
      source: stanza.get('source')?.split(' ')[0] ?? name,
      section: stanza.get('section')?.split('/').at(-1) ?? '',
      isEssential: stanza.get('essential') === 'yes',
      isManual: !automatic.has(name),
      depends: [...listed('pre-depends'), ...listed('depends')],
      recommends: listed('recommends').flat(),
      provides: listed('provides').flat(),
      paths: list?.paths ?? [],
      listPath: list?.path ?? '',
    },
  ]
}

/** One paragraph of apk's database (https://wiki.alpinelinux.org/wiki/Apk_spec). */
function readApk(paragraph: string): SystemPackage[] {
  const fields = new Map<string, string>()
  const paths: string[] = []
  let folder = ''
  for (const line of paragraph.split('\n')) {
    const [key, value] = [line[0] ?? '', line.slice(2)]
    if (key === 'F') {
      folder = value === '' ? '' : `/${value}`
      if (folder !== '') paths.push(folder)
    } else if (key === 'R') paths.push(`${folder}/${value}`)
    else fields.set(key, value)
  }
  const name = fields.get('P')
  const words = (key: string): string[] =>
    (fields.get(key) ?? '')
      .split(' ')
      .flatMap((word) => (word === '' || word.startsWith('!') ? [] : [word.replace(/[=<>~].*$/, '')]))
  if (name === undefined) return []
  return [
    {
      name,
      source: fields.get('o') ?? name,
      section: '',
      isEssential: false,
      isManual: false,
      depends: words('D').map((word) => [word]),
      recommends: [],
      provides: words('p'),
      paths,
      listPath: '/lib/apk/db/installed',
    },
  ]
}
