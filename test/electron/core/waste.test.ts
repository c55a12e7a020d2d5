import { expect, test } from 'vitest'
import { findWaste } from '../../../electron/core/compare/waste'
import { mergeLayers } from '../../../electron/core/image/rootfs'
import { layer, type Member } from '../../support/tar'

const wasteOf = async (...layers: (readonly Member[])[]) => findWaste(mergeLayers(await Promise.all(layers.map(layer))))
const text = (bytes: number): string => 'x'.repeat(bytes)

test('the worked example: 10,000 of 20,000 stored bytes are visible', async () => {
  const waste = await wasteOf(
    [['d/'], ['d/a', text(2000)], ['d/b', text(3000)]],
    [
      ['d/b', text(5000)],
      ['keep', text(10_000)],
    ],
    [['.wh.d', '']],
  )
  expect(waste).toEqual({
    wastedBytes: 10_000,
    efficiency: 0.5,
    paths: [
      { path: '/d/b', wastedBytes: 8000, copies: 2, fate: 'removed' },
      { path: '/d/a', wastedBytes: 2000, copies: 1, fate: 'removed' },
    ],
  })
})

test('a folder removed by rm -rf is wasted with all that was in it, as if each file were removed by name', async () => {
  const files = Array.from({ length: 20 }, (_, at): Member => [`big/f${at}`, text(1000)])
  const whole = await wasteOf([['big/'], ...files], [['.wh.big', '']])
  const single = await wasteOf(
    [['big/'], ...files],
    files.map(([name]): Member => [name.replace('/', '/.wh.'), '']),
  )
  expect(whole.wastedBytes).toBe(20_000)
  expect(whole.efficiency).toBe(0)
  expect(single).toEqual(whole)
})

test('a file that is overwritten once is wasted once: the copy that survives is not waste', async () => {
  const waste = await wasteOf([['f', text(10_000)]], [['f', text(10_000)]])
  expect(waste).toEqual({
    wastedBytes: 10_000,
    efficiency: 0.5,
    paths: [{ path: '/f', wastedBytes: 10_000, copies: 1, fate: 'replaced' }],
  })
})

test('a file whose only change is its mode is stored again, and that is waste', async () => {
  expect((await wasteOf([['f', text(100)]], [['f', text(100), 0o755]])).wastedBytes).toBe(100)
})

test('content that a hard link still shows is not wasted', async () => {
  expect(
    (
      await wasteOf(
        [
          ['a', text(50)],
          ['b', { hardLink: 'a' }],
        ],
        [['.wh.a', '']],
      )
    ).wastedBytes,
  ).toBe(0)
})

test('an image without waste, or without content, is efficient', async () => {
  expect(await wasteOf([['a', 'x']])).toEqual({ wastedBytes: 0, efficiency: 1, paths: [] })
  expect(await wasteOf([['a/']])).toEqual({ wastedBytes: 0, efficiency: 1, paths: [] })
})
