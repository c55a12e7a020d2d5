import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { EngineError } from '../../../electron/core/failure'
import { decodeBase64 } from '../../../electron/core/image/base64'
import { type ImageIndex, makeImageIndex } from '../../../electron/core/image/image-index'
import type { LayerTable } from '../../../electron/core/image/layer-table'
import { TarSplitReader } from '../../../electron/core/image/tar-split'
import { ArchiveReader } from '../../../electron/engine/images/archive-reader'
import { archiveImage } from '../../../electron/engine/images/open-archive'
import { rawTar } from '../../support/raw-tar'
import type { Member } from '../../support/tar'

async function readArchive(bytes: Uint8Array): Promise<ImageIndex> {
  const reader = await ArchiveReader.create()
  await reader.push(bytes)
  return makeImageIndex(await archiveImage(reader.finish(), {}))
}

/** The message of a clear failure, 'read' where it can be read all the same; anything else is thrown on. */
async function outcome(work: () => Promise<unknown>): Promise<string> {
  try {
    await work()
    return 'read'
  } catch (error) {
    if (error instanceof EngineError && error.failure.code === 'archive-invalid') return error.failure.problem
    throw error
  }
}

const layer = rawTar([
  ['usr/'],
  ['usr/a', 'aaaa'],
  ['usr/.wh.b', ''],
  ['l', { link: 'usr/a' }],
  ['h', { hardLink: 'usr/a' }],
]).toString('latin1')
const config = JSON.stringify({
  architecture: 'amd64',
  os: 'linux',
  rootfs: { diff_ids: ['sha256:0'] },
  history: [{ created_by: 'x' }],
})
const archive = (manifest: unknown, more: readonly Member[] = []): Buffer =>
  rawTar([
    ['l/layer.tar', layer],
    ['c.json', config],
    ...more,
    ['manifest.json', typeof manifest === 'string' ? manifest : JSON.stringify(manifest)],
  ])
const layout = (index: unknown, blobs: Readonly<Record<string, unknown>> = {}): Buffer =>
  rawTar([
    ...Object.entries(blobs).map(([name, value]): Member => [`blobs/sha256/${name}`, JSON.stringify(value)]),
    ['index.json', JSON.stringify(index)],
  ])

describe('documents that lie are refused with a reason', () => {
  const item = { Config: 'c.json', RepoTags: ['a:1'], Layers: ['l/layer.tar'] }
  test.each<[string, Buffer, RegExp]>([
    ['null', archive('null'), /not a list/],
    ['a number', archive('5'), /not a list/],
    ['a list of nothing', archive([null, 1, 'x', {}]), /it holds 0 images/],
    ['layers that are numbers', archive([{ ...item, Layers: [5] }]), /it holds 0 images/],
    ['layers that are one text', archive([{ ...item, Layers: 'l/layer.tar' }]), /it holds 0 images/],
    ['tags that are a number', archive([{ ...item, RepoTags: 5 }]), /it holds 0 images/],
    ['a config that is a folder', archive([{ ...item, Config: 'l' }]), /l is missing/],
    ['a config that is a layer', archive([{ ...item, Config: 'l/layer.tar' }]), /missing or not JSON/],
    ['a layer that is a document', archive([{ ...item, Layers: ['c.json'] }]), /the layer c\.json is missing/],
    ['a layer outside', archive([{ ...item, Layers: ['../../etc/passwd'] }]), /is missing/],
    ['two images and no choice', archive([item, item]), /holds 2 images; name one of: a:1, a:1/],
    [
      'a config that is null',
      archive([{ ...item, Config: 'n.json' }], [['n.json', 'null']]),
      /lists 1 layers and the config 0/,
    ],
    [
      'a config whose layers are numbers',
      archive([{ ...item, Config: 'n.json' }], [['n.json', '{"rootfs":{"diff_ids":7}}']]),
      /lists 1 layers and the config 0/,
    ],
    ['an index that is null', layout(null), /names no manifests/],
    ['an index of numbers', layout({ manifests: [1] }), /an entry without digest/],
    ['an index without images', layout({ manifests: [] }), /it holds no image/],
    ['a manifest that is missing', layout({ manifests: [{ digest: 'sha256:aa' }] }), /blobs\/sha256\/aa is missing/],
    [
      'a manifest that is null',
      layout({ manifests: [{ digest: 'sha256:aa' }] }, { aa: null }),
      /manifest is malformed/,
    ],
    [
      'a manifest without layers',
      layout({ manifests: [{ digest: 'sha256:aa' }] }, { aa: { config: { digest: 'sha256:bb' } } }),
      /manifest is malformed/,
    ],
    [
      'a layer without digest',
      layout({ manifests: [{ digest: 'sha256:aa' }] }, { aa: { config: { digest: 'sha256:bb' }, layers: [{}] } }),
      /manifest is malformed/,
    ],
    [
      'a media type that is a number',
      layout({ manifests: [{ digest: 'sha256:aa', mediaType: 5 }] }),
      /missing or not JSON/,
    ],
    [
      'an index that names itself',
      layout(
        { manifests: [{ digest: 'sha256:aa', mediaType: 'index' }] },
        { aa: { manifests: [{ digest: 'sha256:aa', mediaType: 'index' }] } },
      ),
      /nested too deep/,
    ],
  ])('%s', async (_what, bytes, problem) => {
    expect(await outcome(() => readArchive(bytes))).toMatch(problem)
  })
  test('a gzip layer that is cut, or that is not a tar, is said', async () => {
    const cut = gzipSync(Buffer.from(layer, 'latin1')).subarray(0, 60).toString('latin1')
    const text = gzipSync('not a tar, '.repeat(100)).toString('latin1')
    for (const stored of [cut, text]) {
      const bytes = archive([{ ...item, Layers: ['z'] }], [['z', stored.padEnd(600, '\0')]])
      expect(await outcome(() => readArchive(bytes))).not.toBe('read')
    }
  })
  test('an archive that ends before its manifest does is refused', async () => {
    const bytes = archive([item])
    for (let end = 0; end <= bytes.length - 1024 - 512; end += 37)
      expect(await outcome(() => readArchive(bytes.subarray(0, end)))).not.toBe('read')
  })
})

const line = (value: object): string => `${JSON.stringify(value)}\n`
const goodTarSplit = (): Buffer => {
  const tar = rawTar([['a', 'xxxx'], ['b/'], ['empty', '']])
  const segment = (from: number, to: number): string =>
    line({ type: 2, payload: tar.subarray(from, to).toString('base64') })
  const file = line({ type: 1, name: 'a', size: 4, payload: Buffer.alloc(8, 7).toString('base64') })
  // The content goes, its padding stays.
  const others = line({ type: 1, name: 'b/', payload: null }) + line({ type: 1, name: 'empty', payload: null })
  return Buffer.from(segment(0, 512) + file + segment(516, tar.length) + others)
}

function readTarSplit(bytes: Buffer): LayerTable {
  const reader = new TarSplitReader()
  reader.push(bytes)
  return reader.finish()
}

describe('layer metadata', () => {
  test('headers and checksums become the table of the layer', () => {
    const table = readTarSplit(goodTarSplit())
    expect([table.entries, table.unpackedBytes, table.checksum[2], table.checksum[3]]).toEqual([
      3, 4, 0x07070707, 0x07070707,
    ])
  })
  test('the chunks it comes in make no difference, and a name may hold what looks like a field', () => {
    const tar = rawTar([['x","size":9,"payload":"', 'xxxx']])
    const name = JSON.stringify('x","size":9,"payload":"')
    const file = `{"type":1,"name":${name},"size":4,"payload":"${Buffer.alloc(8, 9).toString('base64')}","position":1}\n`
    const segment = (from: number, to: number): string =>
      line({ type: 2, payload: tar.subarray(from, to).toString('base64') })
    const bytes = Buffer.from(segment(0, 512) + file + segment(516, tar.length))
    for (const length of [1, 7, 100, bytes.length]) {
      const reader = new TarSplitReader()
      for (let at = 0; at < bytes.length; at += length) reader.push(bytes.subarray(at, at + length))
      const table = reader.finish()
      expect([table.entries, table.checksum[2]]).toEqual([1, 0x09090909])
    }
  })
  test('base64 of every length is decoded, and what is none is refused', () => {
    for (let length = 0; length < 40; length++) {
      const wanted = Buffer.from(Array.from({ length }, (_, at) => (at * 37 + length) & 255))
      const text = Buffer.from(wanted.toString('base64'))
      const target = new Uint8Array(64)
      expect(target.subarray(0, decodeBase64(text, 0, text.length, target))).toEqual(Uint8Array.from(wanted))
    }
    expect(decodeBase64(Buffer.from('AB*D'), 0, 4, new Uint8Array(8))).toBe(-1)
    expect(decodeBase64(Buffer.from('ABCDE'), 0, 5, new Uint8Array(8))).toBe(-1)
  })
  test.each([
    ['a line of another type', line({ type: 9 })],
    ['a checksum of another length', line({ type: 1, size: 5, payload: 'AAAA' })],
    ['a file without checksum', line({ type: 1, name: 'a', size: 4, payload: null })],
    [
      'a cut segment',
      line({
        type: 2,
        payload: rawTar([['a', 'x']])
          .subarray(0, 300)
          .toString('base64'),
      }),
    ],
  ])('%s is refused', async (_what, text) => {
    expect(await outcome(async () => readTarSplit(Buffer.from(text)))).not.toBe('read')
  })
})

/** Flips bytes by a seed. */
function damaged(bytes: Buffer, seed: number): Buffer {
  const copy = Buffer.from(bytes)
  let state = seed
  for (let flips = 1 + (seed % 3); flips > 0; flips--) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0
    const at = state % copy.length
    state = (Math.imul(state, 1103515245) + 12345) >>> 0
    copy[at] = (state >>> 8) & 0xff
  }
  return copy
}

test('20,000 damaged archives and layer metadata: a clear failure or an index each time, nothing else', async () => {
  const whole = archive([{ Config: 'c.json', RepoTags: ['a:1'], Layers: ['l/layer.tar'] }])
  const split = goodTarSplit()
  const outcomes = new Map<string, number>()
  for (let seed = 1; seed <= 10_000; seed++) {
    const seen = [
      await outcome(() => readArchive(damaged(whole, seed))),
      await outcome(async () => readTarSplit(damaged(split, seed))),
    ]
    for (const each of seen)
      outcomes.set(each === 'read' ? 'read' : 'refused', (outcomes.get(each === 'read' ? 'read' : 'refused') ?? 0) + 1)
  }
  // Most bytes are padding or content, which may be anything; damage to headers must be seen.
  expect(outcomes.get('refused')).toBeGreaterThan(1500)
  expect(outcomes.get('read')).toBeGreaterThan(1000)
}, 120_000)
