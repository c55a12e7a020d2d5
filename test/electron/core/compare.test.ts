import { expect, test } from 'vitest'
import { compareImages } from '../../../electron/core/compare/comparison'
import { entryDetail } from '../../../electron/core/compare/facts'
import { packUnionTree, unpackUnionTree } from '../../../electron/core/compare/pack-columns'
import { change } from '../../../electron/core/compare/union-tree'
import { type ImageIndex, makeImageIndex } from '../../../electron/core/image/image-index'
import { nodePath } from '../../../electron/core/image/path-tree'
import { layer, type Member } from '../../support/tar'

async function image(...layers: (readonly Member[])[]): Promise<ImageIndex> {
  const configJson = JSON.stringify({ rootfs: { diff_ids: layers.map((_, at) => `sha256:${at}`) } })
  return makeImageIndex({
    imageId: 'sha256:x',
    source: 'export-stream',
    configJson,
    tables: await Promise.all(layers.map(layer)),
  })
}

const sample = async () =>
  compareImages(
    await image([
      ['app/'],
      ['app/same', 'ss'],
      ['app/other', 'oooo'],
      ['tool', 'tttttttt'],
      ['mode', 'm', 0o600],
      ['link', { link: 'app' }],
      ['typed', 'x'],
    ]),
    await image([
      ['app/'],
      ['app/same', 'ss'],
      ['app/other', 'OOOO'],
      ['new', 'nnn'],
      ['mode', 'm', 0o644],
      ['link', { link: 'elsewhere' }],
      ['typed/'],
      ['typed/in', 'yy'],
    ]),
  )

test('every path is kept, removed, added or changed, and the bytes of each side add up', async () => {
  const { tree, summary, before, after } = await sample()
  const byPath = Object.fromEntries(Array.from(tree.change, (kind, node) => [nodePath(tree, node), kind]))
  expect(byPath).toEqual({
    '': change.kept,
    app: change.kept,
    'app/same': change.kept,
    'app/other': change.changed,
    tool: change.removed,
    new: change.added,
    mode: change.changed,
    link: change.changed,
    typed: change.changed,
    'typed/in': change.added,
  })
  expect(summary).toEqual({
    kept: { bytes: 2, entries: 2 },
    removed: { bytes: 8, entries: 1 },
    added: { bytes: 5, entries: 2 },
    changed: { beforeBytes: 6, afterBytes: 5, entries: 4 },
    ratio: 16 / 12,
  })
  expect(summary.kept.bytes + summary.removed.bytes + summary.changed.beforeBytes).toBe(before.rootfs.visibleBytes)
  expect(summary.kept.bytes + summary.added.bytes + summary.changed.afterBytes).toBe(after.rootfs.visibleBytes)
})

test('the union tree is in preorder with the largest sibling first, and folders sum what is below', async () => {
  const { tree } = await sample()
  const paths = Array.from(tree.parent, (_, node) => nodePath(tree, node))
  expect(paths).toEqual(['', 'tool', 'app', 'app/other', 'app/same', 'typed', 'typed/in', 'new', 'mode', 'link'])
  const app = paths.indexOf('app')
  expect([tree.end[app], tree.beforeBytes[app], tree.afterEntries[app]]).toEqual([app + 3, 6, 3])
  expect(tree.end[0]).toBe(paths.length)
})

test('the packed columns are the same after unpacking, names of any kind included', async () => {
  const { tree } = compareImages(await image([['ünï/'], ['ünï/\u{1f600}', 'x']]), await image([['b', 'y']]))
  const { beforeNode: _b, afterNode: _a, ...columns } = tree
  const packed = packUnionTree(tree)
  expect(unpackUnionTree(packed)).toEqual(columns)
  const shifted = new Uint8Array(packed.length + 3)
  shifted.set(packed, 3)
  expect(unpackUnionTree(shifted.subarray(3))).toEqual(columns)
})

test('an entry tells both sides with layer, mode, owner and link target', async () => {
  const comparison = compareImages(
    await image([['f', '1']], [['f', '22', 0o4755]]),
    await image([['f', { link: 'g' }]]),
  )
  expect(entryDetail(comparison, 1)).toEqual({
    path: '/f',
    before: {
      kind: 'file',
      contentBytes: 2,
      mode: '4755',
      uid: 0,
      gid: 0,
      mtime: 1_700_000_000,
      linkTarget: undefined,
      layer: 1,
      checksum: expect.stringMatching(/^[0-9a-f]{16}$/),
    },
    after: {
      kind: 'symlink',
      contentBytes: 0,
      mode: expect.any(String),
      uid: 0,
      gid: 0,
      mtime: 1_700_000_000,
      linkTarget: 'g',
      layer: 0,
      checksum: undefined,
    },
  })
})
