import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { EngineError } from '../../../electron/core/failure'
import { readArchivedFile } from '../../../electron/engine/images/file-content'
import { type OpenedArchive, openArchive } from '../../../electron/engine/images/open-archive'
import {
  type Compression,
  type LayoutImage,
  layoutFiles,
  layoutTar,
  writeLayout,
  zstdStored,
} from '../../support/image-layout'
import { rawTar } from '../../support/raw-tar'

const signal = new AbortController().signal
// Longer than two chunks of reading, and no two parts of it alike.
const bigText = Array.from({ length: 300_000 }, (_, at) => `line ${at}\n`).join('')
const lower = rawTar([['etc/'], ['etc/name', 'one'], ['big', bigText], ['gone', 'g']])
const upper = rawTar([
  ['.wh.gone', ''],
  ['etc/name', 'second'],
  ['link', { link: 'etc/name' }],
  ['empty', ''],
])
const image = (compression: Compression, more: Partial<LayoutImage> = {}): LayoutImage => ({
  layers: [lower, upper],
  compression,
  ...more,
})

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cutaway-layout-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

type Files = Map<string, Buffer>
const open = (path = folder, platform?: string): Promise<OpenedArchive> => openArchive(path, { platform }, { signal })

async function inFolder(files: Files): Promise<OpenedArchive> {
  writeLayout(folder, files)
  return open()
}

async function inTar(files: Files): Promise<OpenedArchive> {
  const path = join(folder, 'image.tar')
  writeFileSync(path, await layoutTar(files))
  return open(path)
}

const text = async (archive: OpenedArchive, path: string, limitBytes = 1e6): Promise<string> => {
  const { bytes, contentBytes } = await readArchivedFile(archive, { path, limitBytes, signal })
  return `${contentBytes} ${Buffer.from(bytes).toString().slice(0, 10)}`
}

describe('every form of a saved image gives the same index and the same files', () => {
  const forms = (['none', 'gzip', 'zstd'] as const).flatMap((compression) =>
    [inFolder, inTar].map((put) => [compression, put.name, put] as const),
  )
  test.each(forms)('%s layers, %s', async (compression, _name, put) => {
    const plain = await put(layoutFiles([image('none')], 'a:1'))
    const opened = await put(layoutFiles([image(compression)], 'a:1'))
    expect(opened.index.rootfs).toEqual(plain.index.rootfs)
    expect(opened.index.transferBytes === undefined).toBe(compression === 'none')
    expect(await text(opened, '/link')).toBe('6 second')
    expect(await text(opened, 'big', 6)).toBe(`${bigText.length} line 0`)
    const whole = await readArchivedFile(opened, { path: '/big', limitBytes: 1e9, signal })
    expect(Buffer.from(whole.bytes).toString() === bigText).toBe(true)
    expect(await text(opened, '/empty')).toBe('0 ')
    for (const path of ['/gone', '/etc', '/nothing/at/all'])
      await expect(text(opened, path)).rejects.toMatchObject({ failure: { code: 'file-unreadable', path } })
  })

  test('what a real compressor writes: a frame with entropy coding, a skippable one, another one', async () => {
    // The sample is a tar with one file `n` of 3,000 letters z.
    const files = layoutFiles([{ layers: [rawTar([['n', 'z'.repeat(3000)]])], compression: 'none' }], 'a:1')
    files.delete('manifest.json')
    expect((await inFolder(files)).index.unpackedBytes).toBe(3000)
    const skipped = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 5, 0, 0, 0, 1, 2, 3, 4, 5])
    const frames = Buffer.concat([zstdSample, skipped, zstdStored(Buffer.alloc(0))])
    expect((await inFolder(withLayer(files, frames))).index.unpackedBytes).toBe(3000)
  })

  test('of several platforms the one that is asked for', async () => {
    const images = ['amd64', 'arm64'].map((architecture) => image('gzip', { architecture }))
    writeLayout(folder, layoutFiles(images, 'a:1'))
    expect((await open(folder, 'linux/arm64')).index.config.architecture).toBe('arm64')
    await expect(open(folder, 'linux/s390x')).rejects.toThrow('only for linux/amd64, linux/arm64')
  })
})

// Made by `zstd -19`; Node 20 has no compressor.
const zstdSample = Buffer.from(
  'KLUv/WQAEeUBABJDCQ/AGw52u4z9F0uTkQ6qwTJb+52SkNpgbSC/5y3FYNgl45HkfyYHIHAfRPxCO/6dp86A6YjscH5yWHK51uk=',
  'base64',
)

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

/** The same image with other bytes in the place of its lowest layer, under their right digest. */
function withLayer(files: Files, bytes: Buffer): Files {
  const index = JSON.parse(files.get('index.json')!.toString())
  const path = (digest: string): string => `blobs/${digest.replace(':', '/')}`
  const manifest = JSON.parse(files.get(path(index.manifests[0].digest))!.toString())
  manifest.layers[0].digest = `sha256:${sha256(bytes)}`
  const changed = Buffer.from(JSON.stringify(manifest))
  index.manifests[0].digest = `sha256:${sha256(changed)}`
  const result = new Map(files)
  result.delete('manifest.json')
  result.set(path(manifest.layers[0].digest), bytes)
  result.set(`blobs/sha256/${sha256(changed)}`, changed)
  return result.set('index.json', Buffer.from(JSON.stringify(index)))
}

const zstd = zstdStored(lower)
const flipped = (bytes: Buffer, at: number): Buffer => {
  const copy = Buffer.from(bytes)
  copy[at]! ^= 0xff
  return copy
}

test('an archive that is moved away after it was opened is named', async () => {
  const archive = await inTar(layoutFiles([image('none')], 'a:1'))
  rmSync(join(folder, 'image.tar'))
  await expect(text(archive, 'big')).rejects.toMatchObject({
    failure: { code: 'path-unreadable', path: join(folder, 'image.tar'), detail: 'it is not there' },
  })
})

describe('a layer that cannot be read is refused with a reason', () => {
  test.each<[string, Buffer, RegExp]>([
    ['gzip, cut', gzipSync(lower).subarray(0, 250), /damaged|middle of an entry/],
    ['gzip with a changed byte', flipped(gzipSync(lower), 100), /damaged|checksum/],
    ['gzip of no tar', gzipSync('not a tar '.repeat(100)), /wrong checksum/],
    ['gzip of gzip', gzipSync(gzipSync(lower)), /wrong checksum|middle of an entry/],
    ['zstd, cut', zstd.subarray(0, 5000), /cut/],
    ['zstd, cut in its header', zstd.subarray(0, 5), /neither a tar|cut/],
    ['zstd of no tar', zstdStored(Buffer.alloc(2000, 0x41)), /wrong checksum/],
    ['zstd with a block of a kind that does not exist', flipped(zstd, 6), /damaged|cut|middle/],
    [
      'zstd that asks for 2 GB',
      flipped(Buffer.from([...zstd.subarray(0, 5), 0x57, ...zstd.subarray(6)]), 5),
      /too much memory/,
    ],
    [
      'zstd that asks for 8 EB as one piece',
      Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0xe0, 0, 0, 0, 0, 0, 0, 0, 0x70]), Buffer.alloc(600)]),
      /too much memory/,
    ],
    [
      'a second frame that asks for 2 GB',
      Buffer.concat([zstd, Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xa8, 1, 0, 0])]),
      /too much memory/,
    ],
    ['noise after the frame', Buffer.concat([zstd, Buffer.alloc(100, 0x41)]), /damaged/],
    ['xz', Buffer.concat([Buffer.from('\xfd7zXZ\0', 'latin1'), Buffer.alloc(1000, 1)]), /neither a tar/],
    ['a JSON document', Buffer.from('{"a":1}'.padEnd(800)), /neither a tar/],
    ['nothing', Buffer.alloc(0), /neither a tar/],
  ])('%s', async (_what, bytes, problem) => {
    const before = layoutFiles([image('none')], 'a:1')
    const error = (await inFolder(withLayer(before, bytes)).catch((reason: unknown) => reason)) as EngineError
    expect(error.failure).toMatchObject({ code: 'archive-invalid' })
    expect(error.message).toMatch(problem)
  })

  test('a layer of zeros that unpacks a thousandfold takes time, not memory', async () => {
    const zeros = Buffer.concat([rawTar([['z', 'z'.repeat(512)]]).subarray(0, 512), Buffer.alloc(300 << 20)])
    zeros.write('02400000000', 124) // 320 MB, of which the rest is missing
    zeros.fill(0x20, 148, 156)
    const sum = zeros.subarray(0, 512).reduce((total, byte) => total + byte, 0)
    zeros.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
    const packed = gzipSync(zeros, { level: 1 })
    expect(packed.length).toBeLessThan(5e6)
    const before = process.memoryUsage().rss
    await expect(inFolder(withLayer(layoutFiles([image('none')], 'a:1'), packed))).rejects.toThrow('middle of an entry')
    expect(process.memoryUsage().rss - before).toBeLessThan(200e6)
  })
})

describe('documents that lie', () => {
  const configName = (files: Files): string =>
    [...files].find(([, bytes]) => bytes.subarray(0, 16).toString() === '{"architecture":')![0]
  const cases: readonly (readonly [string, (files: Files) => void, RegExp])[] = [
    [
      'a config that is not what its name says',
      (files) => files.set(configName(files), Buffer.from('{}')),
      /does not match its digest/,
    ],
    ['a config that is missing', (files) => files.delete(configName(files)), /is missing/],
    ['a layer that is missing', (files) => files.delete(`blobs/sha256/${sha256(lower)}`), /is missing/],
    [
      'a layer that is a folder',
      (files) => files.set(`blobs/sha256/${sha256(lower)}/x`, Buffer.alloc(1)).delete(`blobs/sha256/${sha256(lower)}`),
      /is missing/,
    ],
    [
      'an index of more than 16 MB',
      (files) => files.set('index.json', Buffer.alloc(17 << 20, 0x20)),
      /neither manifest.json nor/,
    ],
    [
      'an index that is a folder',
      (files) => files.set('index.json/x', Buffer.alloc(1)).delete('index.json'),
      /neither manifest.json nor/,
    ],
    ['an index that is not JSON', (files) => files.set('index.json', Buffer.from('{"manifests":[')), /not JSON/],
    [
      'a digest that leads outside',
      (files) => files.set('index.json', Buffer.from('{"manifests":[{"digest":"sha256:../../../../etc/passwd"}]}')),
      /a file outside/,
    ],
    [
      'a digest without algorithm',
      (files) => files.set('index.json', Buffer.from('{"manifests":[{"digest":"x"}]}')),
      /is missing/,
    ],
    ['a folder without an image', (files) => files.clear(), /neither manifest.json nor/],
  ]
  test.each(cases)('%s', async (_what, change, problem) => {
    const files = layoutFiles([image('none')], 'a:1')
    files.delete('manifest.json')
    change(files)
    await expect(inFolder(files)).rejects.toThrow(problem)
  })

  test('a blob that links to a file outside is not followed, and nothing is written', async () => {
    const files = layoutFiles([image('none')], 'a:1')
    const name = `blobs/sha256/${sha256(lower)}`
    files.delete(name)
    writeLayout(folder, files)
    const secret = join(folder, 'outside')
    mkdirSync(secret)
    writeFileSync(join(secret, 'layer'), lower)
    symlinkSync(join(secret, 'layer'), join(folder, name))
    const before = readdirSync(folder, { recursive: true })
    await expect(open()).rejects.toThrow('is missing')
    expect(readdirSync(folder, { recursive: true })).toEqual(before)
  })

  test('a path that is not there, and one that is no archive', async () => {
    await expect(open(join(folder, 'nothing'))).rejects.toMatchObject({ failure: { code: 'path-unreadable' } })
    writeFileSync(join(folder, 'notes.txt'), 'hello')
    await expect(open(join(folder, 'notes.txt'))).rejects.toMatchObject({ failure: { code: 'archive-invalid' } })
  })
})
