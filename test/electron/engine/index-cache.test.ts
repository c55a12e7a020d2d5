import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { compareImages } from '../../../electron/core/compare/comparison'
import { comparisonFacts, entryDetail } from '../../../electron/core/compare/facts'
import { packUnionTree } from '../../../electron/core/compare/pack-columns'
import { makeImageIndex } from '../../../electron/core/image/image-index'
import type { LayerTable } from '../../../electron/core/image/layer-table'
import { packLayer, unpackLayer } from '../../../electron/core/image/pack-layer'
import { makeInspectReport } from '../../../electron/core/report/inspect-report'
import { findResidue } from '../../../electron/core/surface/residue'
import { DiskIndexCache } from '../../../electron/engine/store/index-cache'
import { makeFolder } from '../../support/folder'
import { layer } from '../../support/tar'

const sample = async (): Promise<LayerTable> => {
  const table = await layer([
    ['ünï/'],
    ['ünï/a', 'text'],
    ['l', { link: 'ünï/a' }],
    ['h', { hardLink: 'ünï/a' }],
    ['.wh.gone', ''],
  ])
  return { ...table, xattrs: new Map([[2, new Map([['security.capability', '\u0001\udc80']])]]) }
}
const diffId = `sha256:${'ab'.repeat(32)}`
const other = `sha256:${'cd'.repeat(32)}`

test('a layer’s table is the same after packing and unpacking', async () => {
  const table = await sample()
  expect(unpackLayer(packLayer(table))).toEqual(table)
})

describe('the index cache on disk', () => {
  test('gives back what it was given, and nothing for what it was not', async () => {
    const cache = new DiskIndexCache(makeFolder({}))
    const table = await sample()
    await cache.keepLayer(diffId, table)
    await cache.keepImage(other, { configJson: '{"a":1}', transferBytes: 5 })
    expect(await cache.layer(diffId)).toEqual(table)
    expect(await cache.image(other)).toEqual({ configJson: '{"a":1}', transferBytes: 5 })
    expect(await cache.layer(other)).toBeUndefined()
    expect((await cache.use()).files).toBe(2)
    await cache.clear()
    expect(await cache.layer(diffId)).toBeUndefined()
    expect(await cache.use()).toEqual({ files: 0, bytes: 0 })
  })

  test('a file that was cut, changed or emptied anywhere is noticed, removed and can be kept again', async () => {
    const folder = makeFolder({})
    const cache = new DiskIndexCache(folder)
    const table = await sample()
    await cache.keepLayer(diffId, table)
    const path = join(folder, readdirSync(folder)[0]!)
    const whole = readFileSync(path)
    for (let at = 0; at < whole.length; at += 41) {
      const changed = Buffer.from(whole)
      changed[at]! ^= 1
      for (const damaged of [changed, whole.subarray(0, at)]) {
        writeFileSync(path, damaged)
        expect(await cache.layer(diffId)).toBeUndefined()
        expect(existsSync(path)).toBe(false)
      }
    }
    await cache.keepLayer(diffId, table)
    expect(await cache.layer(diffId)).toEqual(table)
  })

  test('many writers of the same layer leave one whole file', async () => {
    const folder = makeFolder({})
    const table = await sample()
    const caches = Array.from({ length: 8 }, () => new DiskIndexCache(folder))
    await Promise.all(caches.flatMap((cache) => [cache.keepLayer(diffId, table), cache.layer(diffId)]))
    expect(readdirSync(folder)).toHaveLength(1)
    expect(await caches[0]!.layer(diffId)).toEqual(table)
  })

  test('over its limit the least recently used goes first', async () => {
    const folder = makeFolder({})
    const cache = new DiskIndexCache(folder, 2500)
    const image = { configJson: JSON.stringify({ a: 'x'.repeat(680) }), transferBytes: undefined }
    for (const name of ['aa', 'bb', 'cc']) {
      await cache.keepImage(name, image)
      const path = join(folder, `image-${name}.v2`)
      const time = { aa: 1000, bb: 2000, cc: 3000 }[name]!
      utimesSync(path, time, time)
    }
    expect(await cache.image('aa')).toBeDefined() // used now, so it is the newest
    await cache.keepImage('dd', image)
    expect(readdirSync(folder).sort()).toEqual(['image-aa.v2', 'image-cc.v2', 'image-dd.v2'])
  })

  test('a folder that cannot be used is no cache and no failure', async () => {
    const file = join(makeFolder({ 'not-a-folder': '' }), 'not-a-folder')
    const cache = new DiskIndexCache(join(file, 'cache'))
    await cache.keepLayer(diffId, await sample())
    expect(await cache.layer(diffId)).toBeUndefined()
    expect(await cache.use()).toEqual({ files: 0, bytes: 0 })
  })

  test('a digest cannot name a path outside', async () => {
    const folder = makeFolder({})
    await new DiskIndexCache(join(folder, 'cache')).keepImage('sha256:../../evil', {
      configJson: '',
      transferBytes: undefined,
    })
    expect(readdirSync(folder)).toEqual(['cache'])
  })
})

describe('a file whose checksum is right and whose content is another', () => {
  const marked = (content: Buffer): Buffer => Buffer.concat([createHash('sha256').update(content).digest(), content])

  /** All that is done with a table that the cache gave. */
  function makeAllOf(table: LayerTable): void {
    const configJson = JSON.stringify({ rootfs: { diff_ids: ['a'] } })
    const index = makeImageIndex({ imageId: 'a', source: 'index-cache', configJson, tables: [table] })
    const comparison = compareImages(index, index)
    packUnionTree(comparison.tree)
    comparisonFacts(comparison)
    makeInspectReport(index)
    findResidue(index, index)
    for (let node = 0; node < comparison.tree.parent.length; node++) {
      const { before } = entryDetail(comparison, node)
      expect(before!.mtime).toSatisfy(Number.isFinite)
    }
  }

  test('2,000 changes of a layer: a miss, or a table that everything can be made of', async () => {
    const folder = makeFolder({})
    const cache = new DiskIndexCache(folder)
    await cache.keepLayer(diffId, await sample())
    const path = join(folder, readdirSync(folder)[0]!)
    const whole = readFileSync(path).subarray(32)
    const headerBytes = 4 + whole.readUInt32LE(0)
    let [misses, hits, random] = [0, 0, 4711]
    const next = (limit: number): number => {
      random = (Math.imul(random, 1103515245) + 12345) >>> 0
      return (random >>> 8) % limit
    }
    for (let round = 0; round < 2000; round++) {
      let changed = Buffer.from(whole)
      for (let flips = 1 + next(3); flips > 0; flips--) changed[next(changed.length)] = next(256)
      // Every fourth has a header of JSON that says something else.
      if (round % 4 === 0) changed = withHeader(whole, headerBytes, oddHeaders[next(oddHeaders.length)]!)
      if (round % 16 === 1) changed = changed.subarray(0, next(changed.length))
      writeFileSync(path, marked(changed))
      const table = await cache.layer(diffId)
      if (table === undefined) misses++
      else {
        hits++
        makeAllOf(table)
      }
    }
    expect(misses).toBeGreaterThan(600)
    expect(hits).toBeGreaterThan(50)
  })

  test('another image than was kept: a miss', async () => {
    const folder = makeFolder({})
    const cache = new DiskIndexCache(folder)
    await cache.keepImage(other, { configJson: '{"a":1}', transferBytes: 5 })
    const path = join(folder, readdirSync(folder)[0]!)
    const contents = [
      ...['', 'no JSON', 'null', '7', '[]', '{}', '{"configJson":7}', '{"configJson":"no JSON"}'],
      ...['{"configJson":"7"}', '{"configJson":"null"}', '{"configJson":"{}","transferBytes":"5"}'],
      ...['{"configJson":"{}","transferBytes":-1}', '{"configJson":"{}","transferBytes":null}', '\xff\xfe{'],
    ]
    for (const content of contents) {
      writeFileSync(path, marked(Buffer.from(content, 'latin1')))
      expect(await cache.image(other), content).toBeUndefined()
    }
    writeFileSync(path, marked(Buffer.from('{"configJson":"{}"}')))
    expect(await cache.image(other)).toEqual({ configJson: '{}', transferBytes: undefined })
  })
})

/** Headers of a packed layer with one field of another type, length or range. */
const oddHeaders: readonly ((header: Record<string, unknown>) => unknown)[] = [
  () => null,
  () => [],
  () => 7,
  ...[undefined, null, -1, 0, 1.5, 1e9, '6', {}].flatMap((value) =>
    ['count', 'entries', 'unpackedBytes', 'names', 'linkTargets', 'xattrs'].map(
      (name) => (header: Record<string, unknown>) => ({ ...header, [name]: value }),
    ),
  ),
  (header) => ({ ...header, names: [] }),
  (header) => ({ ...header, names: (header.names as string[]).map(() => 7) }),
  (header) => ({ ...header, linkTargets: [] }),
  (header) => ({ ...header, xattrs: [[99, [['a', 'b']]]] }),
  (header) => ({ ...header, xattrs: [[1, [['a', 5]]]] }),
  (header) => ({ ...header, xattrs: [[1, 'ab']] }),
  (header) => ({ ...header, count: (header.count as number) - 1 }),
]

function withHeader(
  whole: Buffer,
  headerBytes: number,
  change: (header: Record<string, unknown>) => unknown,
): Buffer<ArrayBuffer> {
  const header = Buffer.from(JSON.stringify(change(JSON.parse(whole.toString('latin1', 4, headerBytes)))))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(header.length)
  const start = Buffer.concat([length, header])
  const aligned = (bytes: number): number => (bytes + 7) & ~7
  const padding = Buffer.alloc(aligned(start.length) - start.length)
  return Buffer.concat([start, padding, whole.subarray(aligned(headerBytes))])
}
