import { expect, test } from 'vitest'
import { planFetch } from '../../../electron/core/image/fetch-plan'
import { nodePath } from '../../../electron/core/image/path-tree'
import { mergeLayers } from '../../../electron/core/image/rootfs'
import { layer, type Member } from '../../support/tar'

const costs = { requestBytes: 1000, entryBytes: 10 }

async function plan(members: readonly Member[], wanted: readonly string[]): Promise<string[]> {
  const rootfs = mergeLayers([await layer(members)])
  const marks = Uint8Array.from(rootfs.kind, (_, node) => (wanted.includes(nodePath(rootfs, node)) ? 1 : 0))
  return planFetch(rootfs, marks, costs).map((node) => nodePath(rootfs, node))
}

test('a few files of a large folder are asked for one by one', async () => {
  const large: Member = ['usr/large', 'x'.repeat(5000)]
  expect(await plan([large, ['usr/a', '1'], ['usr/b', '2']], ['usr/a', 'usr/b'])).toEqual(['usr/a', 'usr/b'])
})

test('many files of a folder come with it, and folders apart from each other come apart', async () => {
  const many = Array.from({ length: 20 }, (_, at): Member => [`info/${at}.list`, 'x'])
  const wanted = many.map(([name]) => name)
  expect(await plan([...many, ['other/large', 'x'.repeat(50_000)]], wanted)).toEqual(['info'])
  expect(await plan([...many, ['etc/passwd', 'x'], ['large', 'x'.repeat(50_000)]], [...wanted, 'etc/passwd'])).toEqual([
    'info',
    'etc/passwd',
  ])
})

test('nothing wanted, nothing asked for; every wanted file is covered once', async () => {
  const members = Array.from({ length: 200 }, (_, at): Member => [`${at % 7}/${at % 3}/${at}`, 'x'.repeat(at * 5)])
  expect(await plan(members, [])).toEqual([])
  for (let seed = 1; seed < 40; seed++) {
    const wanted = members.map(([name]) => name).filter((_, at) => (at * seed) % 11 < 3)
    const asked = await plan(members, wanted)
    const covers = (path: string): number =>
      asked.filter((each) => each === path || path.startsWith(`${each}/`) || each === '').length
    expect(wanted.filter((path) => covers(path) !== 1)).toEqual([])
  }
})
