import { execFile, execFileSync } from 'node:child_process'
import { readdirSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import type { ImageIndex } from '../../electron/core/image/image-index'
import { EngineClient } from '../../electron/engine/docker/client'
import { readImages } from '../../electron/engine/images/read-images'
import { DiskIndexCache } from '../../electron/engine/store/index-cache'
import { buildFolder, copyExample, engineOrSkip, removeImages, watchContainers } from '../support/engine'
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
      const [exported] = await readImages(client, [after.imageId], { signal, readsEngineFiles: false })
      expect(exported!.source).toBe('export-stream')
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
      const containers = await watchContainers(client)
      for (let requests = 1; requests <= 6; requests++) {
        const controller = new AbortController()
        const cancelling = new CancellingClient(client.endpoint, requests, () => controller.abort())
        const reading = readImages(cancelling, ids, { signal: controller.signal })
        await expect(reading).rejects.toMatchObject({ failure: { code: 'cancelled' } })
        await containers.expectNoneLeft()
      }
    } finally {
      await removeImages(client, folder)
      remove()
    }
  })

  test('a connection that is cut in the middle of a layer is a lost engine, and no container stays', async () => {
    const { ids, done } = await exampleImages(client)
    const containers = await watchContainers(client)
    const proxy = await cuttingProxy(new URL(client.endpoint.address).pathname)
    try {
      const through = new EngineClient({ ...client.endpoint, address: `unix://${proxy.path}` })
      for (const source of ['tar-split', 'export-stream'] as const) {
        proxy.cutAfter(source === 'tar-split' ? 30_000 : 1_000_000)
        await expect(readImages(through, ids, { signal, source })).rejects.toMatchObject({
          failure: { code: 'engine-lost' },
        })
        expect(proxy.cuts()).toBe(1)
        await containers.expectNoneLeft()
      }
    } finally {
      proxy.close()
      await done()
    }
  })

  test('a disk that is full while the cache is written costs the cache, not the job', async () => {
    const { ids, done } = await exampleImages(client)
    const disk = makeFolder({})
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=300k', 'tmpfs', disk])
    try {
      const cache = new DiskIndexCache(join(disk, 'cache'))
      const [index] = await readImages(client, ids, { signal, cache })
      expect(index!.rootfs.entries).toBeGreaterThan(1000)
      expect(readdirSync(join(disk, 'cache')).filter((name) => name.endsWith('.part'))).toEqual([])
      const [again] = await readImages(client, ids, { signal, cache })
      expect(truth(again!)).toEqual(truth(index!))
    } finally {
      execFileSync('umount', ['-l', disk])
      await done()
    }
  })

  test('two processes that index the same image share one cache and say the same', async () => {
    const { ids, done } = await exampleImages(client)
    const data = makeFolder({})
    const environment = { ...process.env, CUTAWAY_DATA: data, DOCKER_HOST: client.endpoint.address }
    const inspect = async (): Promise<Record<string, unknown>> => {
      const command = ['out/main/cli.js', 'inspect', ids[0]!, '--json']
      const { stdout } = await promisify(execFile)(process.execPath, command, { env: environment, maxBuffer: 1 << 26 })
      return JSON.parse(stdout)
    }
    try {
      const reports = await Promise.all([inspect(), inspect(), inspect()])
      const last = await inspect()
      expect(last.source).toBe('index-cache')
      for (const report of reports) expect({ ...report, source: '' }).toEqual({ ...last, source: '' })
      expect(readdirSync(join(data, 'index-cache')).filter((name) => name.includes('.part'))).toEqual([])
    } finally {
      await done()
    }
  })
})

/** Both images of the smallest example, and how to be rid of them. */
async function exampleImages(client: EngineClient): Promise<{ ids: string[]; done: () => Promise<void> }> {
  const { folder, remove } = copyExample('calculator-c')
  const { variants } = await buildFolder(client, folder)
  const ids = variants.map((variant) => (variant.ok ? variant.imageId : ''))
  return { ids, done: () => removeImages(client, folder).finally(remove) }
}

/** Hands bytes to and fro, and cuts one connection when so many bytes of its own replies have come. */
async function cuttingProxy(engine: string) {
  const path = join(makeFolder({}), 'socket')
  let limit = Number.POSITIVE_INFINITY
  let cuts = 0
  const server = createServer((local) => {
    const remote = connect(engine)
    let received = 0
    const end = (): void => {
      local.destroy()
      remote.destroy()
    }
    for (const socket of [local, remote]) socket.on('error', end).on('close', end)
    local.pipe(remote)
    remote.on('data', (chunk: Buffer) => {
      received += chunk.length
      if (received < limit) {
        local.write(chunk)
        return
      }
      limit = Number.POSITIVE_INFINITY
      cuts++
      end()
    })
  })
  await new Promise<void>((resolve) => server.listen(path, resolve))
  const cutAfter = (bytes: number): void => {
    limit = bytes
    cuts = 0
  }
  return { path, cutAfter, cuts: () => cuts, close: () => server.close() }
}

/** Cancels when it has answered so many requests. */
class CancellingClient extends EngineClient {
  readonly #cancel: () => void
  #left: number

  constructor(endpoint: EngineClient['endpoint'], requests: number, cancel: () => void) {
    super(endpoint)
    this.#left = requests
    this.#cancel = cancel
  }

  override async stream(request: Parameters<EngineClient['stream']>[0]): ReturnType<EngineClient['stream']> {
    const reply = await super.stream(request)
    if (--this.#left === 0) this.#cancel()
    return reply
  }
}

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

const mountsOf = (body: unknown): readonly unknown[] =>
  (body as { HostConfig: { Mounts: unknown[] } }).HostConfig.Mounts

/** Counts the files of layer metadata that were asked for: each is mounted into the helper. */
class CountingClient extends EngineClient {
  files = 0

  override stream(request: Parameters<EngineClient['stream']>[0]): ReturnType<EngineClient['stream']> {
    if (request.path === '/containers/create') this.files += mountsOf(request.body).length
    return super.stream(request)
  }
}
