import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { ImageIndex } from '../../electron/core/image/image-index'
import { findResidue } from '../../electron/core/surface/residue'
import { drain, type EngineClient } from '../../electron/engine/docker/client'
import { readArchivedFile, readEngineFile } from '../../electron/engine/images/file-content'
import { readHiddenFile } from '../../electron/engine/images/hidden-content'
import type { SourcedImage } from '../../electron/engine/images/image-source'
import { openArchive } from '../../electron/engine/images/open-archive'
import { type EngineSource, readImages } from '../../electron/engine/images/read-images'
import { makeStandIn } from '../../electron/engine/setup/stand-ins'
import { DiskIndexCache } from '../../electron/engine/store/index-cache'
import { buildText, countAllContainers, engineOrSkip, exportRootfs, resources, saveImage } from '../support/engine'
import { type EngineKind, startEngine, type TestEngine } from '../support/engine-matrix'
import { layoutFiles, layoutTar } from '../support/image-layout'
import { layersOfArchive, listLayers, listTable } from '../support/layer-listing'
import { listExport, listRootfs, symlinkBytes } from '../support/rootfs-listing'
import { makeTar } from '../support/tar'

const own = await engineOrSkip()
const signal = new AbortController().signal

/** Everything that a layer can do to the ones below it, and every kind of entry and name. */
const rules = `FROM debian:bookworm
RUN mkdir -p /r/opaque/sub /r/dir-to-file /r/dir-to-link && cd /r && \\
    echo kept > kept && echo gone > gone && echo first > overwritten && echo meta > meta && \\
    ln kept hard && ln -s kept soft && ln -s ../r/nothing dangling && mkfifo pipe && \\
    for at in 1 2 3 4 5 6 7 8 9; do echo $at > opaque/$at; echo $at > opaque/sub/$at; done && \\
    echo x > dir-to-file/x && echo x > dir-to-link/x && echo file > file-to-dir && touch empty && \\
    echo n > "a name with 'quotes', \\"more\\" and \\\\ in it" && echo n > "Ünïcödé-名前" && \\
    printf n > "$(printf 'not-utf8-\\377')" && echo n > "$(head -c 250 /dev/zero | tr '\\0' n)" && \\
    mkdir -p "$(head -c 120 /dev/zero | tr '\\0' d)/$(head -c 120 /dev/zero | tr '\\0' e)" && \\
    echo deep > "$(head -c 120 /dev/zero | tr '\\0' d)/$(head -c 120 /dev/zero | tr '\\0' e)/f" && \\
    echo cap > cap && perl -e 'my ($p, $n, $v) = ("/r/cap", "security.capability", pack("V5", 0x02000001, 1024, 0, 0, 0)); syscall(188, $p, $n, $v, 20, 0) and die $!' && \\
    echo s > setuid && chmod 4755 setuid && chown 1234:5678 kept
RUN rm /r/gone && echo second > /r/overwritten && chmod 600 /r/meta && touch -d @1000000000 /r/empty
RUN rm -rf /r/opaque && mkdir /r/opaque && echo new > /r/opaque/new
RUN cd /r && rm -rf dir-to-file dir-to-link file-to-dir && echo f > dir-to-file && ln -s kept dir-to-link && mkdir file-to-dir && ln -sf meta soft
`
const small = 'FROM debian:bookworm AS build\nFROM scratch\nCOPY --from=build /etc/passwd /etc/debian_version /\n'
const tags = ['before', 'after'] as const
const texts = { before: rules, after: small }
const name = 'cutaway-test/matrix'

describe.skipIf(own === undefined)('the same images in every engine', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cutaway-matrix-'))
  const saved = join(folder, 'saved.tar')

  beforeAll(async () => {
    const client = own!.client
    if (!(await client.inspectImage('debian:bookworm')))
      await makeStandIn(client, 'debian:bookworm', {
        signal,
        onMessage: () => undefined,
        recipes: join(resources, 'stand-ins'),
      })
    for (const tag of tags) await client.tagImage((await buildText(client, texts[tag])).imageId, `${name}:${tag}`)
    await save(client, saved)
    for (const tag of tags) await client.removeImage(`${name}:${tag}`)
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const kinds: readonly (readonly [EngineKind, EngineSource])[] = [
    ['docker-graphdriver', 'tar-split'],
    ['docker-containerd', 'content-store'],
    ['podman', 'tar-split'],
  ]
  describe.each(kinds)('%s', (kind, source) => {
    const archive = join(folder, `${kind}.tar`)
    let engine: TestEngine
    let ids: string[]
    let exported: ImageIndex[]
    let containers: number

    beforeAll(async () => {
      engine = await startEngine(kind)
      await load(engine.client, saved)
      const found = await Promise.all(tags.map((tag) => engine.client.inspectImage(`${name}:${tag}`)))
      ids = found.map((image) => image!.imageId)
      containers = await countAllContainers(engine.client)
      exported = await readImages(engine.client, ids, { signal, source: 'export-stream' })
      await save(engine.client, archive)
    })
    afterAll(async () => engine?.stop())

    test('its own files, its export and the saved archive give the same index, checksums included', async () => {
      const direct = await readImages(engine.client, ids, { signal, source })
      expect(direct.map((index) => index.source)).toEqual([source, source])
      expect(direct.map(layersOf)).toEqual(exported.map(layersOf))
      for (const [at, tag] of tags.entries()) {
        const { index } = await openArchive(archive, { reference: fullName(kind, tag) }, { signal })
        expect(layersOf(index)).toEqual(layersOf(exported[at]!))
      }
      expect(await countAllContainers(engine.client)).toBe(containers)
    })

    test('the root file system is what docker export lists', async () => {
      const [index] = exported
      const listed = listRootfs(index!.rootfs)
      expect(listed).toEqual(listExport(await exportRootfs(engine.client, index!.imageId)))
      expect(Object.keys(listed).filter((path) => path.startsWith('r/opaque/'))).toEqual(['r/opaque/new'])
    })

    test('each layer is what tar lists of it', async () => {
      const listed = await listLayers(archive, ':before')
      expect(exported[0]!.layers.map(({ table }) => listTable(table))).toEqual(listed)
    })

    test('sizes are the engine’s own, where it counts the same', async () => {
      const [image] = await Promise.all([engine.client.inspectImage(ids[0]!)])
      const [index] = exported
      if (kind === 'docker-graphdriver') {
        const links = index!.layers.reduce((sum, { table }) => sum + symlinkBytes(table), 0)
        expect(image!.engineBytes).toBe(index!.unpackedBytes + links)
      }
      expect(index!.engine!.diskBytes).toBeGreaterThanOrEqual(index!.unpackedBytes)
    })

    test('one file is read without the rest: links followed, limits kept, nothing else taken for a file', async () => {
      const opened = await openArchive(archive, { reference: fullName(kind, 'before') }, { signal })
      const request = (path: string, limitBytes = 1000) => ({ path, limitBytes, signal })
      for (const read of [
        (path: string, limit?: number) => readEngineFile(engine.client, ids[0]!, request(path, limit)),
        (path: string, limit?: number) => readArchivedFile(opened, request(path, limit)),
      ]) {
        const text = async (path: string): Promise<string> => Buffer.from((await read(path)).bytes).toString()
        expect(await text('/r/overwritten')).toBe('second\n')
        expect(await text('r/hard')).toBe('kept\n')
        expect(await text('/r/dir-to-link')).toBe('kept\n')
        expect(await read('/bin/ls', 4)).toMatchObject({ contentBytes: expect.any(Number) })
        expect(Buffer.from((await read('/bin/ls', 4)).bytes).toString('latin1')).toBe('\x7fELF')
        for (const [path, problem] of [
          ['/r/gone', 'no such file'],
          ['/r/opaque/1', 'no such file'],
          ['/r/dangling', 'no such file'],
          ['/r/opaque', 'folder|no file'],
        ] as const)
          await expect(read(path)).rejects.toThrow(new RegExp(problem))
      }
      expect(await countAllContainers(engine.client)).toBe(containers)
    })

    test('files that later layers hide are read from the layer that has them, from the engine and from an archive', async () => {
      const opened = await openArchive(archive, { reference: fullName(kind, 'before') }, { signal })
      const images: SourcedImage[] = [
        {
          index: exported[0]!,
          source: { kind: 'engine', endpoint: engine.client.endpoint, reference: ids[0]! },
          archive: undefined,
        },
        { index: opened.index, source: { kind: 'archive', path: archive }, archive: opened },
      ]
      for (const image of images) {
        const { list } = findResidue(image.index, undefined)
        const texts = await Promise.all(
          ['/r/overwritten', '/r/gone'].map(async (wanted) => {
            const { layer, node } = list.find(({ path }) => path === wanted)!
            return Buffer.from(await readHiddenFile(image, { layer, node, limitBytes: 3, signal })).toString()
          }),
        )
        expect(texts).toEqual(['fir', 'gon'])
        await expect(readHiddenFile(image, { layer: 99, node: 1, limitBytes: 3, signal })).rejects.toMatchObject({
          failure: { code: 'bad-input' },
        })
      }
      expect(await countAllContainers(engine.client)).toBe(containers)
    })

    test('what was read is kept: the second time nothing is fetched', async () => {
      const cache = new DiskIndexCache(join(folder, `cache-${kind}`))
      const first = await readImages(engine.client, ids, { signal, cache })
      const second = await readImages(engine.client, ids, { signal, cache })
      expect([first[0]!.source, second[0]!.source]).toEqual([source, 'index-cache'])
      expect(second.map(layersOf)).toEqual(first.map(layersOf))
      expect(second.map((index) => index.transferBytes)).toEqual(first.map((index) => index.transferBytes))
    })

    test('an image with compressed layers on top of another names that as its base, and says what a transfer takes', async () => {
      const layers = [...(await layersOfArchive(archive, ':before')), await makeTar([['r/more', 'more']])]
      const files = layoutFiles([{ layers, compression: 'gzip' }], `${name}:more`)
      const more = join(folder, `${kind}-more.tar`)
      writeFileSync(more, await layoutTar(files))
      await load(engine.client, more)
      const reference = `${name}:more`
      const [built] = await readImages(engine.client, [reference], { signal, source })
      const [again] = await readImages(engine.client, [reference], { signal, source: 'export-stream' })
      const { index } = await openArchive(more, {}, { signal })
      expect(layersOf(built!)).toEqual(layersOf(index))
      expect(layersOf(again!)).toEqual(layersOf(index))
      expect(built!.engine!.base).toEqual({ name: fullName(kind, 'before'), layers: layers.length - 1 })
      const blobs = layers.map((bytes) => gzipSync(bytes, { level: 1 }).length)
      const transferBytes = blobs.reduce((sum, bytes) => sum + bytes, 0)
      expect(index.transferBytes).toBe(transferBytes)
      // Only the containerd store keeps layers as they came.
      expect(built!.transferBytes).toBe(kind === 'docker-containerd' ? transferBytes : undefined)
    })

    test('an engine that is killed while it gives out an image is lost, soon and clearly', async () => {
      const doomed = await startEngine(kind)
      onTestFinished(() => doomed.stop())
      await load(doomed.client, saved)
      const reading = readImages(doomed.client, ids, {
        signal,
        source: 'export-stream',
        onProgress: ({ readBytes }) => {
          if (readBytes > 1e6) doomed.kill()
        },
      })
      await expect(reading).rejects.toMatchObject({ failure: { code: 'engine-lost' } })
      await expect(readImages(doomed.client, ids, { signal })).rejects.toMatchObject({
        failure: { code: 'engine-lost' },
      })
    })
  })
})

/** Everything of an index but how it was read, and by which name. */
const layersOf = ({ config, layers, rootfs }: ImageIndex): unknown => ({ config, layers, rootfs })

/** Podman writes the registry into every name. */
const fullName = (kind: EngineKind, tag: string): string => `${kind === 'podman' ? 'localhost/' : ''}${name}:${tag}`

const save = (client: EngineClient, file: string): Promise<void> =>
  saveImage(
    client,
    tags.map((tag) => `${name}:${tag}`),
    file,
  )

async function load(client: EngineClient, file: string): Promise<void> {
  await drain(await client.stream({ method: 'POST', path: '/images/load', body: createReadStream(file) }))
}
