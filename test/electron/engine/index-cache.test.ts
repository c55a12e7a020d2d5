import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { LayerTable } from '../../../electron/core/image/layer-table'
import { packLayer, unpackLayer } from '../../../electron/core/image/pack-layer'
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
    const image = { configJson: 'x'.repeat(700), transferBytes: undefined }
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
