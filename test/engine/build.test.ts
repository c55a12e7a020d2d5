import { renameSync, truncateSync, writeFileSync } from 'node:fs'
import { connect as connectTo, createServer } from 'node:net'
import { join } from 'node:path'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { EngineError } from '../../electron/core/failure'
import { variantReference } from '../../electron/engine/docker/build-variants'
import { EngineClient } from '../../electron/engine/docker/client'
import { readImages } from '../../electron/engine/images/read-images'
import {
  buildFolder,
  copyExample,
  engineOrSkip,
  imagesOf,
  isProcessRunning,
  listImages,
  removeImages,
  runImage,
  uniqueSeconds,
  watchContainers,
} from '../support/engine'
import { makeFolder } from '../support/folder'

const engine = await engineOrSkip()
const good =
  'FROM debian:bookworm AS build\nRUN echo made > /made\nFROM scratch\nCOPY --from=build /made /made\nCMD ["/made"]\n'

const failureOf = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => undefined,
    (reason) => reason,
  )
  return error instanceof EngineError ? error.failure : error
}

describe.skipIf(engine === undefined)('builds', () => {
  const client = engine?.client as EngineClient
  const project = (files: Record<string, string>): string => {
    const folder = makeFolder(files)
    onTestFinished(() => removeImages(client, folder))
    return folder
  }
  // The base image of all tests below, pulled or made once.
  beforeAll(async () => {
    const copy = copyExample('calculator-c')
    await buildFolder(client, copy.folder)
    await removeImages(client, copy.folder)
    copy.remove()
  })

  test('a multi-stage file alone: the derived variant builds from one composite file, shares steps and runs', async () => {
    const { folder, remove } = copyExample('calculator-c')
    renameSync(join(folder, 'Dockerfile.multistage'), join(folder, 'Dockerfile'))
    onTestFinished(async () => {
      await removeImages(client, folder)
      remove()
    })
    const { variants } = await buildFolder(client, folder)
    const [before, after] = variants
    if (!before?.ok || !after?.ok) throw new Error(JSON.stringify(variants))
    expect(before.variant.derivation).toBe('stack')
    for (const { imageId } of [before, after])
      expect(await runImage(client, imageId, '1 + 2\n')).toEqual({ output: '3\n', exitCode: 0 })
    const again = await buildFolder(client, folder)
    const states = again.variants.flatMap(({ snapshot }) =>
      snapshot.steps.filter((step) => step.keyword !== 'FROM').map((step) => step.state),
    )
    expect(new Set(states)).toEqual(new Set(['cached']))
  })

  test('the derived Dockerfile is in no image: a copied context holds the project’s own files only', async () => {
    const text =
      'FROM debian:bookworm AS build\nCOPY . /context\nFROM scratch\nCOPY --from=build /context /context\nCMD ["/x"]\n'
    const folder = project({ Dockerfile: text, 'main.txt': 'x' })
    const { variants } = await buildFolder(client, folder)
    const after = variants[1]!
    if (!after.ok) throw new Error('the build failed')
    const [index] = await readImages(client, [after.imageId], {
      signal: new AbortController().signal,
      source: 'export-stream',
    })
    expect(index!.rootfs.names.filter((name) => name !== '').sort()).toEqual(['Dockerfile', 'context', 'main.txt'])
  })

  test('a command that fails names its line, its exit code and the end of its log; the other variant is built', async () => {
    const folder = project({
      Dockerfile: good,
      'Dockerfile.single': 'FROM debian:bookworm\n\nRUN echo one >&2 && \\\n    echo the reason >&2 && exit 7\n',
    })
    const { variants } = await buildFolder(client, folder)
    expect(variants[0]).toMatchObject({
      ok: false,
      failure: {
        code: 'build-failed',
        file: 'Dockerfile.single',
        line: 3,
        exitCode: 7,
        logTail: ['one', 'the reason'],
      },
    })
    expect(variants[0]!.snapshot.steps.map((step) => step.state)).toEqual([
      expect.stringMatching(/done|cached/),
      'failed',
    ])
    expect(variants[1]).toMatchObject({ ok: true })
  })

  test('a COPY of a file that is not there names its line', async () => {
    const folder = project({
      Dockerfile: good,
      'Dockerfile.single': 'FROM debian:bookworm\nWORKDIR /x\nCOPY nothing.txt .\n',
    })
    const { variants } = await buildFolder(client, folder)
    expect(variants[0]).toMatchObject({
      ok: false,
      failure: { code: 'build-failed', line: 3, instruction: 'COPY nothing.txt .' },
    })
    expect(JSON.stringify(variants[0])).toContain('not found')
  })

  test('a failing line of a derived variant is the line of the derived file', async () => {
    const folder = project({
      Dockerfile:
        'FROM debian:bookworm AS build\nRUN echo made > /made\nFROM scratch\nCOPY --from=build /missing /made\nCMD ["/made"]\n',
    })
    const { variants } = await buildFolder(client, folder)
    expect(variants[1]).toMatchObject({ ok: false, failure: { file: 'Dockerfile', line: 4 } })
    const before = variants[0]!
    if (before.ok || before.failure.code !== 'build-failed') throw new Error('the stacked build should fail')
    expect(before.failure.file).toBe('Dockerfile (stacked)')
    expect(before.variant.staged.dockerfile.text.split('\n')[before.failure.line! - 1]).toContain('/missing')
  })

  test('a base image that does not exist is named with the line that asks for it', async () => {
    const folder = project({
      Dockerfile: `# a comment\nFROM cutaway.invalid/no/such:1 AS build\nRUN x\nFROM scratch\nCOPY --from=build /x /x\n`,
    })
    expect(await failureOf(buildFolder(client, folder))).toMatchObject({
      code: 'base-image-unavailable',
      image: 'cutaway.invalid/no/such:1',
      line: 2,
      file: expect.stringContaining('Dockerfile'),
    })
  })

  test('a cancel leaves no container, no running step and no image', async () => {
    const sleeping = `sleep ${uniqueSeconds()}`
    const slow = `FROM debian:bookworm AS build\nRUN ${sleeping}\nFROM scratch\nCOPY --from=build /x /x\nCMD ["/x"]\n`
    const folder = project({ Dockerfile: slow, 'Dockerfile.single': 'FROM debian:bookworm\nRUN echo quick > /quick\n' })
    const containers = await watchContainers(client)
    const controller = new AbortController()
    let progressAfterCancel = 0
    let isOtherBuilt = false
    const build = failureOf(
      buildFolder(client, folder, {
        signal: controller.signal,
        onProgress: (role, progress) => {
          if (controller.signal.aborted) progressAfterCancel++
          if (role === 'before' && progress.imageId !== undefined) isOtherBuilt = true
        },
      }),
    )
    await expect.poll(() => isOtherBuilt && isProcessRunning(sleeping)).toBe(true)
    controller.abort()
    expect(await build).toEqual({ code: 'cancelled' })
    expect(progressAfterCancel).toBe(0)
    await expect.poll(() => isProcessRunning(sleeping)).toBe(false)
    await containers.expectNoneLeft()
    const tags = (await listImages(client)).flatMap((image) => image.tags)
    expect(tags).not.toContain(variantReference(folder, 'before'))
    expect(tags).not.toContain(variantReference(folder, 'after'))
    expect(await imagesOf(client, folder)).toEqual([])
  })

  test('a cancel before anything has begun is a cancel too', async () => {
    const folder = project({ Dockerfile: good })
    expect(await failureOf(buildFolder(client, folder, { signal: AbortSignal.abort() }))).toEqual({ code: 'cancelled' })
  })

  test('a context of 300 MB is streamed, and its size is said', async () => {
    const folder = project({ Dockerfile: good.replace('RUN', 'COPY small /small\nRUN'), small: 'x' })
    writeFileSync(join(folder, 'large.bin'), '')
    truncateSync(join(folder, 'large.bin'), 300e6)
    const messages: string[] = []
    const before = process.memoryUsage().rss
    let peak = 0
    const watch = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage().rss)
    }, 20)
    const { variants } = await buildFolder(client, folder, { onMessage: (message) => messages.push(message) })
    clearInterval(watch)
    expect(variants.map((variant) => variant.ok)).toEqual([true, true])
    expect(messages.join('\n')).toMatch(/build context is large: \d+ MB/)
    expect(peak - before).toBeLessThan(200e6)
  })

  test('a new build takes the place of the old one; the old image does not stay without a name', async () => {
    const folder = project({ Dockerfile: good })
    await buildFolder(client, folder)
    const count = (await imagesOf(client, folder)).length
    expect(count).toBe(2)
    writeFileSync(join(folder, 'Dockerfile'), good.replace('echo made', 'echo other'))
    await buildFolder(client, folder)
    expect(await imagesOf(client, folder)).toHaveLength(count)
  })

  test('an engine that goes away in the middle of a build is said, and its step ends', async () => {
    const { cuttable, cut } = await connectionToCut(client)
    const sleeping = `sleep ${uniqueSeconds()}`
    const folder = project({ Dockerfile: good.replace('echo made > /made', sleeping) })
    const build = failureOf(buildFolder(cuttable, folder))
    await expect.poll(() => isProcessRunning(sleeping)).toBe(true)
    cut()
    expect(await build).toEqual({ code: 'engine-lost', endpoint: cuttable.endpoint.address })
    await expect.poll(() => isProcessRunning(sleeping)).toBe(false)
  })
})

/** A client whose connections to the engine can all be cut at once. */
async function connectionToCut(client: EngineClient): Promise<{ cuttable: EngineClient; cut: () => void }> {
  const path = join(makeFolder({}), 's.sock')
  const open = new Set<() => void>()
  const server = createServer((socket) => {
    const upstream = connectTo(new URL(client.endpoint.address).pathname)
    socket.pipe(upstream).pipe(socket)
    for (const end of [socket, upstream]) end.on('error', () => undefined)
    open.add(() => {
      socket.destroy()
      upstream.destroy()
    })
  })
  await new Promise<void>((resolve) => server.listen(path, resolve))
  const cut = (): void => {
    server.close()
    for (const end of open) end()
  }
  onTestFinished(cut)
  return { cuttable: new EngineClient({ ...client.endpoint, address: `unix://${path}` }), cut }
}
