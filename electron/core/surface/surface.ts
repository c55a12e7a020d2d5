import type { RunConfig } from '../image/image-config'
import { entryKind, isFolder } from '../image/layer-table'
import { nodePath } from '../image/path-tree'
import { contentNode, type Rootfs } from '../image/rootfs'
import type { RootfsPaths } from '../image/rootfs-paths'
import type { InstalledPackages } from '../packages/find-packages'
import { packageName } from '../packages/package'
import { readCapabilities } from './capabilities'
import type { SurfaceItem } from './item'
import { readLogins } from './logins'
import { type Secret, secretVariables } from './secrets'
import { toolCategories, toolCategory } from './tool-names'

/** What an attacker can use. Order is that of the list on screen. */
export const surfaceCategories = [
  'rootUser',
  'secrets',
  'setuid',
  'setgid',
  'capabilities',
  'worldWritable',
  ...toolCategories,
  'usersWithShell',
  'exposedPorts',
  'executables',
  'sharedLibraries',
  'packages',
] as const
export type SurfaceCategory = (typeof surfaceCategories)[number]

export const surfaceLabels: Readonly<Record<SurfaceCategory, string>> = {
  rootUser: 'Runs as root',
  secrets: 'Keys, tokens, .env files, .git',
  setuid: 'Setuid programs',
  setgid: 'Setgid programs',
  capabilities: 'Programs with capabilities',
  worldWritable: 'Writable by everyone',
  shells: 'Shells',
  packageManagers: 'Package managers',
  compilers: 'Compilers and build tools',
  interpreters: 'Interpreters',
  networkTools: 'Network tools',
  debuggers: 'Debuggers',
  usersWithShell: 'Users with a shell',
  exposedPorts: 'Exposed ports',
  executables: 'Executable files',
  sharedLibraries: 'Shared libraries',
  packages: 'Packages',
}

/** Everything of one image, by category. */
export type Surface = Readonly<Record<SurfaceCategory, readonly SurfaceItem[]>>

export interface SurfaceInput {
  readonly rootfs: Rootfs
  readonly paths: RootfsPaths
  readonly run: RunConfig
  readonly installed: InstalledPackages
  readonly secrets: readonly Secret[]
  /** `/etc/passwd`; '' when there is none. */
  readonly passwd: string
}

const sharedLibrary = /\.so(\.\d[\w.]*)?$/

/** Counts files first, since metadata of packages can be missing; every count has its list. */
export function attackSurface(input: SurfaceInput): Surface {
  const found = Object.fromEntries(surfaceCategories.map((category) => [category, [] as SurfaceItem[]])) as Record<
    SurfaceCategory,
    SurfaceItem[]
  >
  addFiles(input, found)
  addTools(input, found)
  const { run, installed, secrets } = input
  const user = run.user.split(':')[0]!
  if (user === '' || user === 'root' || /^0+$/.test(user))
    found.rootUser.push({ name: user === '' ? 'root' : user, detail: user === '' ? 'no USER is set' : '' })
  found.usersWithShell.push(...readLogins(input.passwd, input.paths))
  found.exposedPorts.push(...run.exposedPorts.map((port) => ({ name: port, detail: '' })))
  found.packages.push(
    ...installed.packages.map((each) => ({ name: `${each.type} ${packageName(each)}`, detail: each.version })),
  )
  const own = secrets.filter(({ path }) => !isOfPackage(path, input))
  found.secrets.push(...own.map(({ path, what }) => ({ name: `/${path}`, detail: what })))
  found.secrets.push(
    ...secretVariables(run.env).map((name) => ({ name: `ENV ${name}`, detail: 'in the image config' })),
  )
  for (const items of Object.values(found)) items.sort((a, b) => (a.name < b.name ? -1 : 1))
  return found
}

/** Keys that a public package brings, for its tests say, are known to everybody. */
function isOfPackage(path: string, { paths, installed }: SurfaceInput): boolean {
  const node = paths.locate(path)
  return node !== undefined && installed.owner[node]! >= 0
}

function addFiles({ rootfs }: SurfaceInput, found: Record<SurfaceCategory, SurfaceItem[]>): void {
  const { kind, layer, layerNode, layers, names, nameId } = rootfs
  for (let node = 1; node < kind.length; node++) {
    const table = layers[layer[node]!]
    // Links have no mode of their own, and devices are the runtime's.
    if (table === undefined || !(kind[node] === entryKind.file || isFolder(kind[node]!))) continue
    const at = layerNode[node]!
    const mode = table.mode[at]!
    const isFile = kind[node] === entryKind.file
    const add = (category: SurfaceCategory, detail: string): void => {
      found[category].push({ name: `/${nodePath(rootfs, node)}`, detail })
    }
    const isSticky = isFolder(kind[node]!) && (mode & 0o1000) !== 0
    if (mode & 0o002 && !isSticky) add('worldWritable', mode.toString(8).padStart(4, '0'))
    if (!isFile) continue
    if (mode & 0o111) add('executables', '')
    if (mode & 0o4000) add('setuid', `as user ${table.uid[at]}`)
    if (mode & 0o2000) add('setgid', `as group ${table.gid[at]}`)
    if (sharedLibrary.test(names[nameId[node]!]!)) add('sharedLibraries', '')
    const capability = table.xattrs.get(at)?.get('security.capability')
    const capabilities = capability === undefined ? undefined : readCapabilities(capability)
    if (capabilities !== undefined) add('capabilities', capabilities)
  }
  for (let node = 1; node < kind.length; node++)
    if (names[nameId[node]!] === 'HEAD' && names[nameId[rootfs.parent[node]!]!] === '.git')
      found.secrets.push({ name: `/${nodePath(rootfs, rootfs.parent[node]!)}`, detail: 'git history' })
}

/** Programs by their names; several names of one file are one program. */
function addTools({ rootfs, paths }: SurfaceInput, found: Record<SurfaceCategory, SurfaceItem[]>): void {
  const categories = rootfs.names.map(toolCategory)
  const byFile = new Map<string, { readonly node: number; readonly names: string[] }>()
  for (let node = 1; node < rootfs.kind.length; node++) {
    const category = categories[rootfs.nameId[node]!]
    const kind = rootfs.kind[node]!
    if (category === undefined || (kind !== entryKind.file && kind !== entryKind.symlink)) continue
    const path = nodePath(rootfs, node)
    const target = kind === entryKind.symlink ? paths.resolve(path).node : node
    if (target === undefined || !isProgram(rootfs, target) || !isInPlace(path)) continue
    const key = `${category} ${rootfs.layer[target]} ${contentNode(rootfs, target)}`
    const known = byFile.get(key)
    if (known) known.names.push(path)
    else byFile.set(key, { node: target, names: [path] })
  }
  for (const [key, { node, names }] of byFile) {
    const path = nodePath(rootfs, node)
    const others = names.filter((name) => name !== path).map((name) => name.slice(name.lastIndexOf('/') + 1))
    const category = key.split(' ')[0] as SurfaceCategory
    found[category].push({
      name: `/${path}`,
      detail: others.length === 0 ? '' : `also ${[...new Set(others)].join(', ')}`,
    })
  }
}

/** Where programs are found; tests, documentation and completions have files of such names too. */
const isInPlace = (path: string): boolean => /(^|\/)(s?bin|busybox)\/[^/]+$|^usr\/lib(exec)?\/gcc\//.test(path)

function isProgram({ kind, layers, layer, layerNode }: Rootfs, node: number): boolean {
  return kind[node] === entryKind.file && (layers[layer[node]!]!.mode[layerNode[node]!]! & 0o111) !== 0
}
