import { expect, test } from 'vitest'
import { compareImages } from '../../../electron/core/compare/comparison'
import { type Ledger, makeLedger, noLedgerClass } from '../../../electron/core/compare/ledger'
import { ledgerClasses } from '../../../electron/core/compare/ledger-classes'
import { type ImageIndex, makeImageIndex } from '../../../electron/core/image/image-index'
import { nodePath } from '../../../electron/core/image/path-tree'
import { RootfsPaths } from '../../../electron/core/image/rootfs-paths'
import { ownFiles } from '../../../electron/core/packages/find-packages'
import { type FoundPackage, makePackage } from '../../../electron/core/packages/package'
import { layer, type Member } from '../../support/tar'

function ledgerOf(before: ImageIndex, after: ImageIndex, found: readonly FoundPackage[] = []): Ledger {
  const installed = ownFiles(found, before.rootfs, new RootfsPaths(before.rootfs))
  return makeLedger({ ...compareImages(before, after), installed })
}

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
  const [one, two] = [await before(), await after()]
  const { lines, column } = ledgerOf(one, two)
  const { tree } = compareImages(one, two)
  expect(Object.fromEntries(lines.map((line) => [line.class, line.bytes]))).toEqual({
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
  expect(lines.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(one.unpackedBytes)
  const classes = Object.fromEntries(
    Array.from(column, (at, node) => [nodePath(tree, node), ledgerClasses[at]]).filter(([, name]) => name),
  )
  expect(classes['src/program']).toBe('moved')
  expect(classes['opt/app/node_modules/jest/index.js']).toBe('developmentPackages')
  expect(Object.keys(classes)).not.toContain('usr/local/bin/program')
  expect(column[0]).toBe(noLedgerClass)
})

test('the package that owns a file decides before its path does', async () => {
  const deb = (name: string, section: string, ...owns: string[]): FoundPackage => ({
    package: makePackage({ type: 'deb', name, version: '1', section, path: '/var/lib/dpkg/status' }),
    owns,
  })
  const [one, two] = [await before(), await after()]
  const { lines } = ledgerOf(one, two, [
    deb('curl', 'devel', '/usr/bin/curl'), // moves to the toolchain
    deb('runtime', 'libs', '/usr/bin/gcc'), // and away from it
    deb('bash', 'shells', '/usr/bin/bash', '/usr/share/doc/bash/copyright'), // its manual stays a manual
    deb('app', 'misc', '/src/main.c'), // no source: a package brought it
  ])
  const bytes = Object.fromEntries(lines.map((line) => [line.class, line.bytes]))
  expect(bytes).toMatchObject({ toolchain: 22 + 24, systemPackages: 21 + 31, baseSystem: 11, docs: 12, source: 41 })
  expect(lines.reduce((sum, line) => sum + line.bytes, 0)).toBe(one.unpackedBytes)
})

test('an image against itself ships whole, and an empty one has no ledger', async () => {
  const same = ledgerOf(await before(), await before())
  expect(same.lines.map((line) => line.class)).toEqual(['shipped', 'waste'])
  expect(ledgerOf(await image(0), await after()).lines).toEqual([])
})
