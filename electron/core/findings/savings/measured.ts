import { hiddenFiles } from '../../image/hidden-files'
import { entryKind } from '../../image/layer-table'
import { nodePath } from '../../image/path-tree'
import type { Rootfs } from '../../image/rootfs'
import type { Finding } from '../finding'

/** What some rules are about, in an image that is built; the search of the map that shows it. */
export const savingPaths: Readonly<Record<string, { readonly path: RegExp; readonly search: string }>> = {
  DL3009: { path: /^var\/lib\/apt\/lists\//, search: '/var/lib/apt/lists/' },
  DL3019: { path: /^(var\/cache|etc)\/apk\//, search: '/apk/' },
  DL3042: { path: /(^|\/)\.cache\/pip\//, search: '/.cache/pip/' },
  DL3060: { path: /(^|\/)(\.cache\/yarn|\.yarn\/cache|usr\/local\/share\/\.cache\/yarn)\//, search: '/yarn/' },
  'npm-cache-kept': { path: /(^|\/)\.npm\//, search: '/.npm/' },
}

/** Bytes that a finding of a Dockerfile costs in the image that was built of it, by rule; rules that cannot be measured so are not there. */
export type SavingBytes = Readonly<Record<string, number>>

/** A finding of a Dockerfile, and what it costs in the image that was built of it; null where that cannot be measured. */
export interface MeasuredFinding extends Finding {
  readonly bytes: number | null
}

/** What saves most comes first; what is not measured keeps its order behind that. */
export function withBytes(findings: readonly Finding[], bytes: SavingBytes): MeasuredFinding[] {
  const measured = findings.map((finding) => ({ ...finding, bytes: bytes[finding.rule] ?? null }))
  return measured.sort((a, b) => (b.bytes ?? -1) - (a.bytes ?? -1))
}

export function measureSavings(rootfs: Rootfs, baseLayers: number): SavingBytes {
  const bytes: Record<string, number> = {}
  const rules = Object.entries(savingPaths)
  for (const [rule] of rules) bytes[rule] = 0
  let folder = { node: -1, path: '', rules: [] as string[] }
  for (let node = 1; node < rootfs.kind.length; node++) {
    if (rootfs.kind[node] !== entryKind.file || rootfs.layer[node]! < baseLayers) continue
    const parent = rootfs.parent[node]!
    if (parent !== folder.node) {
      const path = `${nodePath(rootfs, parent)}/`
      folder = { node: parent, path, rules: rules.filter(([, each]) => each.path.test(path)).map(([rule]) => rule) }
    }
    for (const rule of folder.rules) bytes[rule]! += rootfs.contentBytes[node]!
  }
  const hiddenBytes = hiddenFiles(rootfs)
    .filter(({ layer }) => layer >= baseLayers)
    .reduce((sum, { contentBytes }) => sum + contentBytes, 0)
  // Both rules are about what a later layer hides; which of them hid how much is not told apart.
  return { ...bytes, 'removed-in-later-layer': hiddenBytes, 'stored-twice': hiddenBytes }
}
