import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { ImageIndex } from '../../electron/core/image/image-index'
import { EngineClient } from '../../electron/engine/docker/client'
import { readImages } from '../../electron/engine/images/read-images'
import { DiskIndexCache } from '../../electron/engine/store/index-cache'
import { buildFolder, copyExample, countContainers, engineOrSkip, removeImages } from '../support/engine'
import { makeFolder } from '../support/folder'

const engine = await engineOrSkip()
const signal = new AbortController().signal

/** Everything of an index but how it was read. */
const truth = ({ source: _source, ...index }: ImageIndex): Omit<ImageIndex, 'source'> => index

describe.skipIf(engine === undefined)('image sources', () => {
  const client = engine?.client as EngineClient

  test('what the cache has is not asked for again: nothing for a known image, only the new layers of a rebuilt one', async () => {
    const { folder, remove } = copyExample('calculator-c')
    const cache = new DiskIndexCache(makeFolder({}))
    const idOf = async (): Promise<string> => {
      const [before] = (await buildFolder(client, folder)).variants
      if (!before?.ok) throw new Error('the build failed')
      return before.imageId
    }
    try {
      const counting = new CountingClient(client.endpoint)
      const first = await idOf()
      const [fresh] = await readImages(counting, [first], { signal, cache })
      expect(counting.files).toBe(fresh!.layers.length + 1)
      const [cached] = await readImages(counting, [first], { signal, cache })
      expect(truth(cached!)).toEqual(truth(fresh!))
      expect([fresh!.source, cached!.source]).toEqual(['tar-split', 'index-cache'])
      expect(counting.files).toBe(fresh!.layers.length + 1)
      writeFileSync(join(folder, 'calculator.c'), '#include <stdio.h>\nint main(void) { puts("changed"); return 0; }\n')
      const second = await idOf()
      counting.files = 0
      const [rebuilt] = await readImages(counting, [second], { signal, cache })
      // The copied file, the binary made of it, and the config are new.
      expect(counting.files).toBe(3)
      expect(truth(rebuilt!)).toEqual(
        truth((await readImages(client, [second], { signal, source: 'export-stream' }))[0]!),
      )
    } finally {
      await removeImages(client, folder)
      remove()
    }
  })

  test('an engine that refuses the helper container is read by export, and the job is not lost', async () => {
    const { folder, remove } = copyExample('calculator-c')
    try {
      const { variants } = await buildFolder(client, folder)
      const after = variants[1]!
      if (!after.ok) throw new Error('the build failed')
      const refusing = new RefusingClient(client.endpoint)
      const [index] = await readImages(refusing, [after.imageId], { signal })
      expect(index!.source).toBe('export-stream')
      await expect(readImages(refusing, [after.imageId], { signal, source: 'tar-split' })).rejects.toThrow(
        'no mounts here',
      )
    } finally {
      await removeImages(client, folder)
      remove()
    }
  })

  test('a cancel while reading is a cancel, and no container stays', async () => {
    const { folder, remove } = copyExample('calculator-c')
    try {
      const { variants } = await buildFolder(client, folder)
      const ids = variants.map((variant) => (variant.ok ? variant.imageId : ''))
      const containers = await countContainers(client)
      for (const delayMs of [0, 5, 20, 60]) {
        const controller = new AbortController()
        setTimeout(() => controller.abort(), delayMs)
        const error = await readImages(client, ids, { signal: controller.signal }).catch((reason) => reason)
        if (error instanceof Error) expect(error).toMatchObject({ failure: { code: 'cancelled' } })
        expect(await countContainers(client)).toBe(containers)
      }
    } finally {
      await removeImages(client, folder)
      remove()
    }
  })
})

/** Answers as an authorization plugin does that forbids mounts. */
class RefusingClient extends EngineClient {
  override stream(request: Parameters<EngineClient['stream']>[0]): ReturnType<EngineClient['stream']> {
    if (request.path !== '/containers/create') return super.stream(request)
    return super.stream({
      ...request,
      body: {
        ...(request.body as object),
        HostConfig: { Mounts: [{ Type: 'bind', Source: '/no mounts here', Target: '/x' }] },
      },
    })
  }
}

/** Counts the files of layer metadata that were asked for. */
class CountingClient extends EngineClient {
  files = 0

  override stream(request: Parameters<EngineClient['stream']>[0]): ReturnType<EngineClient['stream']> {
    if (request.path.endsWith('/archive')) this.files++
    return super.stream(request)
  }
}
