import { fileKind, folderKind, pathKinds } from '../surface/path-kinds'

const other = pathKinds.indexOf('other')
const application = pathKinds.indexOf('application')

/** The columns of a union tree that tell a node's kind, and the one that says it. */
interface KindColumns {
  readonly names: readonly string[]
  readonly parent: Int32Array
  readonly nameId: Int32Array
  readonly isFolder: Uint8Array
  readonly kind: Uint8Array
  readonly beforeBytes: Float64Array
  readonly afterBytes: Float64Array
}

/** Fills the kind column: folders by their path, files by their name and what their folder has. */
export function assignKinds(union: KindColumns): void {
  const { kind, parent, nameId, names, isFolder } = union
  const paths = new Map<number, string>([[0, '']])
  // Names repeat, in every package the same; a rule is asked once for each name below each kind of folder.
  const known = new Int8Array(names.length * pathKinds.length).fill(-1)
  kind[0] = other
  for (let node = 1; node < kind.length; node++) {
    const above = parent[node]!
    const inherited = kind[above]!
    const name = names[nameId[node]!]!
    if (isFolder[node]) {
      const path = above === 0 ? name : `${paths.get(above)}/${name}`
      paths.set(node, path)
      kind[node] = pathKinds.indexOf(folderKind(path, pathKinds[inherited]!))
      continue
    }
    // A file with content directly under / comes from a COPY; base images keep only folders and links there.
    if (above === 0 && union.beforeBytes[node]! + union.afterBytes[node]! > 0) {
      kind[node] = application
      continue
    }
    const slot = nameId[node]! * pathKinds.length + inherited
    if (known[slot]! < 0) known[slot] = pathKinds.indexOf(fileKind(name, pathKinds[inherited]!))
    kind[node] = known[slot]!
  }
}
