import { describe, expect, test } from 'vitest'
import type { EngineError } from '../../../electron/core/failure'
import { readableInstruction } from '../../../electron/core/image/image-config'
import { entryKind } from '../../../electron/core/image/layer-table'
import { mergeLayers, type Rootfs } from '../../../electron/core/image/rootfs'
import { layer, type Member, makeTar, readLayer } from '../../support/tar'

function paths(rootfs: Rootfs): string[] {
  const path = (node: number): string => {
    const name = rootfs.names[rootfs.nameId[node]!]!
    return rootfs.parent[node]! <= 0 ? name : `${path(rootfs.parent[node]!)}/${name}`
  }
  return Array.from({ length: rootfs.entries }, (_, at) => path(at + 1)).sort()
}

const merged = async (...layers: (readonly Member[])[]): Promise<Rootfs> =>
  mergeLayers(await Promise.all(layers.map(layer)))

describe('the tar scanner', () => {
  const long = `${'folder/'.repeat(30)}${'n'.repeat(120)}`
  test.each([1, 7, 512, 100_000])('gives the same table whatever the chunks: %d bytes', async (chunkLength) => {
    const bytes = await makeTar([['a/'], [`${long}`, 'deep'], ['ünï', 'x'.repeat(5000)], ['l', { link: long }]])
    const table = await readLayer(bytes, chunkLength)
    expect(table.entries).toBe(4)
    expect(table.unpackedBytes).toBe(5004)
    expect(paths(mergeLayers([table]))).toContain(long)
    expect(paths(mergeLayers([table]))).toContain('ünï')
    expect(table.linkTargets).toEqual([long])
  })
  test('the checksum of a file is CRC-64/ISO, and of "123456789" that is b90956c775a41001', async () => {
    const table = await layer([['f', '123456789']])
    const at = table.kind.indexOf(entryKind.file)
    expect([table.checksum[at * 2]!.toString(16), table.checksum[at * 2 + 1]!.toString(16)]).toEqual([
      'b90956c7',
      '75a41001',
    ])
  })
  test('base-256 sizes and times before 1970 are read', async () => {
    const bytes = await makeTar([['f', 'abc']])
    bytes.fill(0, 124, 136)
    bytes[124] = 0x80
    bytes[135] = 3
    bytes.fill(0xff, 136, 148)
    rewriteChecksum(bytes)
    const table = await readLayer(bytes)
    expect(table.contentBytes[1]).toBe(3)
  })
  test.each([
    ['cut in the middle of a file', (bytes: Buffer) => bytes.subarray(0, 700)],
    ['a changed header byte', (bytes: Buffer) => Buffer.from(bytes).fill(0x41, 10, 11)],
    ['a size that is no number', (bytes: Buffer) => rewriteChecksum(Buffer.from(bytes).fill(0x58, 124, 135))],
    [
      'a size beyond every disk',
      (bytes: Buffer) => rewriteChecksum(Buffer.from(bytes).fill(0xff, 125, 136).fill(0x80, 124, 125)),
    ],
  ])('damage is an archive-invalid failure: %s', async (_what, damage) => {
    const bytes = await makeTar([['file', 'x'.repeat(1000)]])
    const failure = await readLayer(damage(bytes)).catch((error) => (error as EngineError).failure)
    expect(failure).toMatchObject({ code: 'archive-invalid' })
  })
  test('paths that climb out stay inside, absolute ones too', async () => {
    expect(
      paths(
        await merged([
          ['../../etc/x', '1'],
          ['/abs/y', '2'],
        ]),
      ),
    ).toEqual(['abs', 'abs/y', 'etc', 'etc/x'])
  })
})

function rewriteChecksum(bytes: Buffer): Buffer {
  bytes.fill(0x20, 148, 156)
  const sum = bytes.subarray(0, 512).reduce((total, byte) => total + byte, 0)
  bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  return bytes
}

describe('stacking layers', () => {
  test('a whiteout hides the path of lower layers only, wherever it stands in its own tar', async () => {
    const rootfs = await merged(
      [['a/'], ['a/old', '1'], ['b', '2']],
      [
        ['a/new', '3'],
        ['.wh.a', ''],
        ['.wh.b', ''],
        ['b', '22'],
      ],
    )
    expect(paths(rootfs)).toEqual(['a', 'a/new', 'b'])
    expect(rootfs.visibleBytes).toBe(3)
  })
  test('an opaque whiteout hides siblings from lower layers only', async () => {
    expect(
      paths(
        await merged(
          [['d/'], ['d/one', '1'], ['d/two', '2']],
          [
            ['d/three', '3'],
            ['d/.wh..wh..opq', ''],
          ],
        ),
      ),
    ).toEqual(['d', 'd/three'])
  })
  test('a whiteout of a path that is not there is legal', async () => {
    expect(paths(await merged([['a', '1']], [['x/.wh.y', '']]))).toEqual(['a', 'x'])
  })
  test('a folder replaced by a file loses what was in it, and the other way round', async () => {
    const rootfs = await merged([['d/'], ['d/in', '1'], ['f', '22']], [['d', '333'], ['f/'], ['f/in', '4444']])
    expect(paths(rootfs)).toEqual(['d', 'f', 'f/in'])
    expect(rootfs.visibleBytes).toBe(7)
  })
  test('a removed folder that comes back is empty', async () => {
    expect(paths(await merged([['d/'], ['d/in', '1']], [['.wh.d', '']], [['d/']]))).toEqual(['d'])
  })
  test('a file with two names counts once, and still when the first name is gone', async () => {
    const both: Member[] = [
      ['one', 'xxxx'],
      ['two', { hardLink: 'one' }],
    ]
    expect((await merged(both)).visibleBytes).toBe(4)
    expect((await merged(both, [['.wh.one', '']])).visibleBytes).toBe(4)
    expect(
      (
        await merged(both, [
          ['.wh.one', ''],
          ['.wh.two', ''],
        ])
      ).visibleBytes,
    ).toBe(0)
  })
  test('stored bytes that later layers hide are not visible', async () => {
    const tables = await Promise.all([
      layer([
        ['a', 'x'.repeat(2000)],
        ['b', 'x'.repeat(3000)],
      ]),
      layer([['b', 'x'.repeat(5000)]]),
    ])
    expect(tables.reduce((sum, table) => sum + table.unpackedBytes, 0)).toBe(10_000)
    expect(mergeLayers(tables).visibleBytes).toBe(7000)
  })
})

test('history reads like the Dockerfile', () => {
  expect(readableInstruction('RUN /bin/sh -c apt-get update # buildkit')).toBe('RUN apt-get update')
  expect(readableInstruction('RUN |1 V=2 /bin/sh -c make # buildkit')).toBe('RUN make')
  expect(readableInstruction('/bin/sh -c #(nop)  CMD ["sh"]')).toBe('CMD ["sh"]')
  expect(readableInstruction('/bin/sh -c make')).toBe('RUN make')
  expect(readableInstruction('COPY . . # buildkit')).toBe('COPY . .')
})
