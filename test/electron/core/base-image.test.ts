import { expect, test } from 'vitest'
import { type BaseImage, findBase } from '../../../electron/core/image/base-image'

test.each<[string, string, readonly string[], BaseImage | undefined]>([
  ['no candidate', 'a b', [], undefined],
  ['the layers of another image', 'a b c', ['a x'], undefined],
  ['a longer one of which it has the beginning', 'a b', ['a b c'], undefined],
  ['the image itself', 'a b', ['a b'], undefined],
  ['an image without layers', 'a b', [''], undefined],
  ['an image of the same first layer', 'a b', ['a'], { name: 'a', layers: 1 }],
  ['the longest of several, listed last', 'a b c', ['a', 'a b'], { name: 'a b', layers: 2 }],
  ['the longest of several, listed first', 'a b c', ['a b', 'a'], { name: 'a b', layers: 2 }],
  ['the longest that is one, not the longest', 'a b c', ['a', 'x y'], { name: 'a', layers: 1 }],
])('the base of an image: %s', (_, layers, candidates, expected) => {
  const words = (text: string): string[] => text.split(' ').filter((word) => word !== '')
  const known = candidates.map((name) => ({ name, diffIds: words(name) }))
  expect(findBase(words(layers), known)).toEqual(expected)
})
