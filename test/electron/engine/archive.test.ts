import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { EngineError } from '../../../electron/core/failure'
import { makeImageIndex } from '../../../electron/core/image/image-index'
import { ArchiveReader } from '../../../electron/engine/images/archive-reader'
import { dockerArchiveImage } from '../../../electron/engine/images/docker-archive'
import { archiveImage } from '../../../electron/engine/images/open-archive'
import { type Member, makeTar } from '../../support/tar'

const config = (count: number): string =>
  JSON.stringify({
    architecture: 'amd64',
    os: 'linux',
    rootfs: { diff_ids: Array.from({ length: count }, (_, at) => `sha256:${at}`) },
    history: [],
  })

async function read(members: readonly Member[], references: readonly string[], chunkLength = 4096) {
  const bytes = await makeTar(members)
  const reader = await ArchiveReader.create()
  for (let at = 0; at < bytes.length; at += chunkLength) await reader.push(bytes.subarray(at, at + chunkLength))
  const content = reader.finish()
  return Promise.all(
    references.map(async (reference) => makeImageIndex(await dockerArchiveImage(content, reference, 'docker-archive'))),
  )
}

const layerText = async (members: readonly Member[]): Promise<string> => (await makeTar(members)).toString('latin1')
const manifest = (layers: readonly string[]): string =>
  JSON.stringify([{ Config: 'c.json', RepoTags: ['a:1'], Layers: layers }])

test('layers are told from documents by their bytes, whatever their order and the chunks', async () => {
  const members: Member[] = [
    ['one/layer.tar', await layerText([['a', 'xx']])],
    ['two/layer.tar', { link: '../one/layer.tar' }],
    ['empty/layer.tar', '\0'.repeat(1024)],
    ['c.json', config(3)],
    ['manifest.json', manifest(['one/layer.tar', 'two/layer.tar', 'empty/layer.tar'])],
  ]
  for (const chunkLength of [100, 4096, 1 << 20]) {
    const [image] = await read(members, ['a:1'], chunkLength)
    expect(image!.layers.map((layer) => [layer.diffId, layer.table.entries])).toEqual([
      ['sha256:0', 1],
      ['sha256:1', 1],
      ['sha256:2', 0],
    ])
    expect(image!.unpackedBytes).toBe(4)
    expect(image!.rootfs.visibleBytes).toBe(2)
  }
})

test('a gzip layer gives the same table as the plain one', async () => {
  const plain = await makeTar([['big', 'y'.repeat(300_000)]])
  const digest = createHash('sha256').update(plain).digest('hex')
  const tar = await import('tar-stream')
  const pack = tar.pack()
  pack.entry({ name: `blobs/sha256/${digest}` }, gzipSync(plain))
  pack.entry({ name: 'c.json' }, config(1))
  pack.entry({ name: 'manifest.json' }, manifest([`blobs/sha256/${digest}`]))
  pack.finalize()
  const reader = await ArchiveReader.create()
  for await (const chunk of pack) await reader.push(chunk as Uint8Array)
  const image = makeImageIndex(await dockerArchiveImage(reader.finish(), 'a:1', 'docker-archive'))
  const [other] = await read(
    [
      ['l', plain.toString('latin1')],
      ['c.json', config(1)],
      ['manifest.json', manifest(['l'])],
    ],
    ['a:1'],
  )
  expect(image.layers[0]!.table).toEqual(other!.layers[0]!.table)
  expect([image.transferBytes, other!.transferBytes]).toEqual([gzipSync(plain).length, undefined])
})

test.each<[string, readonly Member[]]>([
  ['no manifest', [['c.json', config(0)]]],
  ['a manifest that is not JSON', [['manifest.json', '[{']]],
  ['a manifest that is no list', [['manifest.json', '{}']]],
  ['a missing config', [['manifest.json', manifest([])]]],
  [
    'a missing layer',
    [
      ['c.json', config(1)],
      ['manifest.json', manifest(['x/layer.tar'])],
    ],
  ],
  [
    'a config with another number of layers',
    [
      ['c.json', config(2)],
      ['manifest.json', manifest([])],
    ],
  ],
  [
    'links that go round',
    [
      ['a', { link: 'b' }],
      ['b', { link: 'a' }],
      ['c.json', config(1)],
      ['manifest.json', manifest(['a'])],
    ],
  ],
])('damage is said: %s', async (_what, members) => {
  const error = await read(members, ['a:1']).catch((reason) => reason)
  expect((error as EngineError).failure).toMatchObject({ code: 'archive-invalid' })
})

test('an image the archive does not hold is said', async () => {
  const two = JSON.stringify([
    { Config: 'c.json', RepoTags: ['a:1'], Layers: [] },
    { Config: 'd.json', RepoTags: ['a:2'], Layers: [] },
  ])
  const error = await read(
    [
      ['c.json', config(0)],
      ['d.json', config(0)],
      ['manifest.json', two],
    ],
    ['b:1'],
  ).catch((reason) => reason)
  expect((error as EngineError).message).toContain('does not hold the image b:1')
})

async function contentOf(members: readonly Member[]) {
  const reader = await ArchiveReader.create()
  await reader.push(await makeTar(members))
  return reader.finish()
}

describe('an image layout in a tar', () => {
  const blob = (text: string): { name: string; digest: string; text: string } => {
    const hex = createHash('sha256').update(text, 'latin1').digest('hex')
    return { name: `blobs/sha256/${hex}`, digest: `sha256:${hex}`, text }
  }
  const layout = async (architectures: readonly string[]): Promise<Member[]> => {
    const members: Member[] = []
    const manifests = []
    for (const architecture of architectures) {
      const stored = blob(await layerText([['arch', architecture]]))
      const settings = blob(JSON.stringify({ architecture, os: 'linux', rootfs: { diff_ids: [stored.digest] } }))
      const item = blob(JSON.stringify({ config: { digest: settings.digest }, layers: [{ digest: stored.digest }] }))
      for (const { name, text } of [stored, settings, item]) members.push([name, text])
      manifests.push({
        digest: item.digest,
        mediaType: 'application/vnd.oci.image.manifest.v1+json',
        platform: { os: 'linux', architecture },
      })
    }
    manifests.push({
      digest: 'sha256:00',
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      platform: { os: 'unknown', architecture: 'unknown' },
    })
    const nested = blob(JSON.stringify({ manifests }))
    const index = { manifests: [{ digest: nested.digest, mediaType: 'application/vnd.oci.image.index.v1+json' }] }
    return [
      ...members,
      [nested.name, nested.text],
      ['index.json', JSON.stringify(index)],
      ['oci-layout', '{"imageLayoutVersion":"1.0.0"}'],
    ]
  }
  test('the platform of this machine is chosen, or the one that is asked for', async () => {
    const content = await contentOf(await layout(['amd64', 'arm64']))
    expect(makeImageIndex(await archiveImage(content, { platform: 'linux/arm64' })).config.architecture).toBe('arm64')
    const own = process.arch === 'arm64' ? 'arm64' : 'amd64'
    expect(makeImageIndex(await archiveImage(content, {}))).toMatchObject({
      source: 'image-layout',
      config: { architecture: own },
      unpackedBytes: 5,
    })
  })
  test('a platform it does not have is said, with those it has', async () => {
    const content = await contentOf(await layout(['amd64', 's390x']))
    await expect(archiveImage(content, { platform: 'linux/riscv64' })).rejects.toThrow(
      'it has no image for linux/riscv64, only for linux/amd64, linux/s390x',
    )
  })
  test('indexes that name each other are damage, not a hang', async () => {
    const content = await contentOf([
      ['index.json', JSON.stringify({ manifests: [{ digest: 'sha256:aa', mediaType: 'x.index.x' }] })],
      ['blobs/sha256/aa', JSON.stringify({ manifests: [{ digest: 'sha256:aa', mediaType: 'x.index.x' }] })],
      ['oci-layout', '{}'],
    ])
    await expect(archiveImage(content, {})).rejects.toThrow('nested too deep')
  })
  test('a tar that is no image archive is said', async () => {
    await expect(async () => archiveImage(await contentOf([['notes.txt', 'x']]), {})).rejects.toThrow(
      'neither manifest.json nor index.json',
    )
  })
})
