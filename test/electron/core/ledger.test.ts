import { expect, test } from 'vitest'
import { compareImages } from '../../../electron/core/compare/comparison'
import { ledgerClasses } from '../../../electron/core/compare/ledger'
import { packUnionTree, unpackUnionTree } from '../../../electron/core/compare/pack-columns'
import { noLedgerClass } from '../../../electron/core/compare/union-tree'
import { type ImageIndex, makeImageIndex } from '../../../electron/core/image/image-index'
import { nodePath } from '../../../electron/core/image/path-tree'
import { layer, type Member } from '../../support/tar'

/** An image whose layers were made by these instructions; the first `baseLayers` are those of its base. */
async function image(baseLayers: number, ...layers: (readonly [string, readonly Member[]])[]): Promise<ImageIndex> {
  const configJson = JSON.stringify({
    rootfs: { diff_ids: layers.map((_, at) => `sha256:${at}`) },
    history: layers.map(([createdBy]) => ({ created_by: createdBy })),
  })
  const tables = await Promise.all(layers.map(([, members]) => layer(members)))
  const parts = { imageId: 'sha256:x', source: 'export-stream' as const, configJson, tables }
  return makeImageIndex(parts, {
    base: baseLayers === 0 ? undefined : { name: 'base', layers: baseLayers },
    diskBytes: 0,
  })
}

const before = () =>
  image(
    1,
    [
      'ADD rootfs.tar /',
      [
        ['usr/bin/bash', 'b'.repeat(11)],
        ['usr/share/doc/bash/copyright', 'd'.repeat(12)],
        ['usr/lib/libkept.so', 'k'.repeat(13)],
        ['etc/changed.conf', 'c'.repeat(14)],
      ],
    ],
    [
      'RUN apt-get install',
      [
        ['usr/bin/gcc', 'g'.repeat(21)],
        ['usr/bin/curl', 'u'.repeat(22)],
        ['var/lib/apt/lists/all', 'a'.repeat(23)],
        ['usr/include/stdio.h', 'h'.repeat(24)],
      ],
    ],
    [
      'COPY . .',
      [
        ['src/main.c', 's'.repeat(31)],
        ['src/removed', 'r'.repeat(32)],
      ],
    ],
    [
      'RUN make',
      [
        ['src/main.o', 'o'.repeat(41)],
        ['src/program', 'p'.repeat(42)],
        ['src/.wh.removed', ''],
        ['usr/lib/python3/dist-packages/dev/x.py', 'x'.repeat(43)],
        ['opt/app/node_modules/jest/index.js', 'j'.repeat(44)],
        ['opt/app/node_modules/express/index.js', 'e'.repeat(45)],
      ],
    ],
  )

const after = () =>
  image(0, [
    'COPY / /',
    [
      ['usr/lib/libkept.so', 'k'.repeat(13)],
      ['etc/changed.conf', 'C'.repeat(14)],
      ['usr/local/bin/program', 'p'.repeat(42)],
      ['opt/app/node_modules/express/index.js', 'e'.repeat(45)],
    ],
  ])

test('every byte of the image before is in one class, and the classes add up to all that its layers store', async () => {
  const { ledger, before: index, tree } = compareImages(await before(), await after())
  expect(Object.fromEntries(ledger.map((line) => [line.class, line.bytes]))).toEqual({
    shipped: 13 + 45,
    shippedChanged: 14,
    moved: 42,
    toolchain: 21 + 24,
    packageCache: 23,
    developmentPackages: 44,
    languagePackages: 43,
    docs: 12,
    source: 31 + 41,
    baseSystem: 11,
    systemPackages: 22,
    waste: 32,
  })
  expect(ledger.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(index.unpackedBytes)
  const classes = Object.fromEntries(
    Array.from(tree.ledger, (at, node) => [nodePath(tree, node), ledgerClasses[at]]).filter(([, name]) => name),
  )
  expect(classes['src/program']).toBe('moved')
  expect(classes['opt/app/node_modules/jest/index.js']).toBe('developmentPackages')
  expect(Object.keys(classes)).not.toContain('usr/local/bin/program')
  expect(unpackUnionTree(packUnionTree(tree)).ledger).toEqual(tree.ledger)
  expect(tree.ledger[0]).toBe(noLedgerClass)
})

test('an image against itself ships whole, and an empty one has no ledger', async () => {
  const same = compareImages(await before(), await before())
  expect(same.ledger.map((line) => line.class)).toEqual(['shipped', 'waste'])
  const empty = compareImages(await image(0), await after())
  expect(empty.ledger).toEqual([])
})
