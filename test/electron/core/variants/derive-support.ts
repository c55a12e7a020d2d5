import { type ImageSettings, noSettings } from '../../../../electron/core/image/image-settings'
import type { SystemPackage } from '../../../../electron/core/packages/system-packages'
import type { BuiltEvidence } from '../../../../electron/core/variants/derive/evidence'
import { type ImageFile, ImageFiles } from '../../../../electron/core/variants/derive/image-files'

/** `path` to what it is: a text is a file's content, `-> target` a link, undefined a folder; or all of its fields. */
export type Tree = Readonly<Record<string, string | undefined | (Partial<ImageFile> & { readonly content?: string })>>

/** Entries of one layer; folders above are made as root's where they are not listed. */
export function layerOf(layer: number, tree: Tree): ImageFile[] {
  const found = new Map<string, ImageFile>()
  const add = (path: string, fields: Partial<ImageFile>): void => {
    found.set(path, {
      path,
      kind: 'folder',
      mode: 0o755,
      uid: 0,
      gid: 0,
      bytes: 0,
      checksum: '',
      target: '',
      layer,
      capabilities: '',
      ...fields,
    })
  }
  for (const [path, given] of Object.entries(tree)) {
    const parts = path.split('/').slice(1, -1)
    parts.forEach((_, at) => {
      const folder = `/${parts.slice(0, at + 1).join('/')}`
      if (!found.has(folder)) add(folder, {})
    })
    const { content, ...fields } = typeof given === 'object' ? given : { content: given }
    if (content?.startsWith('-> ')) add(path, { kind: 'link', mode: 0o777, target: content.slice(3), ...fields })
    else if (content !== undefined) add(path, { kind: 'file', bytes: content.length, checksum: content, ...fields })
    else add(path, fields)
  }
  return [...found.values()]
}

/** A package with these files, listed by a layer. */
export function packageOf(name: string, paths: readonly string[], fields: Partial<SystemPackage> = {}): SystemPackage {
  return {
    name,
    source: name,
    section: '',
    isEssential: false,
    isManual: false,
    depends: [],
    recommends: [],
    provides: [],
    paths,
    listPath: `/var/lib/dpkg/info/${name}.list`,
    ...fields,
  }
}

export interface ImageOptions {
  readonly reference?: string
  readonly settings?: Partial<ImageSettings>
  readonly packages?: readonly SystemPackage[]
  readonly baseLayers?: number
  readonly createdBy?: readonly string[]
  readonly system?: Readonly<Record<string, string>>
}

const debian = { ID: 'debian', VERSION_ID: '12', VERSION_CODENAME: 'bookworm' }

/** An image of these layers; a later layer's entry replaces an earlier one's. Contents are what the tree says. */
export function imageOf(layers: readonly (readonly ImageFile[])[], options: ImageOptions = {}): BuiltEvidence {
  const { packages = [], baseLayers = 1, createdBy = [], system = debian, reference = 'debian:bookworm' } = options
  const merged = new Map<string, ImageFile>()
  for (const layer of layers)
    for (const file of layer) {
      const known = merged.get(file.path)
      const isImplied =
        known?.kind === 'folder' && file.kind === 'folder' && known.mode === file.mode && known.uid === file.uid
      if (!isImplied) merged.set(file.path, file)
    }
  const files = new ImageFiles(merged.values())
  const read = async (path: string): Promise<Uint8Array | undefined> => {
    const file = files.resolve(path)
    return file?.kind === 'file' ? new TextEncoder().encode(file.checksum) : undefined
  }
  return {
    reference,
    architecture: 'amd64',
    diffIds: [],
    files,
    settings: { ...noSettings, ...options.settings },
    packages: { manager: 'apt', byName: new Map(packages.map((each) => [each.name, each])) },
    system: new Map(Object.entries(system)),
    visibleBytes: [...files.all()].reduce((sum, { bytes }) => sum + bytes, 0),
    baseLayers,
    createdBy,
    read,
    readAll: async (paths, take) => {
      for (const path of paths) {
        const bytes = await read(path)
        if (bytes) take(path, bytes)
      }
    },
  }
}
