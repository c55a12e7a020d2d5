import { randomUUID } from 'node:crypto'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { EngineClient } from '../../electron/engine/docker/client'
import { measureStages } from '../../electron/engine/measure/stage-sizes'
import { buildFolder, engineOrSkip, listImages, removeImages } from '../support/engine'
import { makeFolder } from '../support/folder'

const engine = await engineOrSkip()

describe.skipIf(engine === undefined)('sizes of stages', () => {
  test('what each stage and line holds is measured from the cache, and no image stays', async () => {
    const client = engine!.client
    const folder = makeFolder({
      'payload.bin': randomUUID().padEnd(3_000_000, 'x'), // no other image has these layers
      Dockerfile: 'FROM scratch\nCOPY payload.bin /one\nCOPY payload.bin /two\n',
      'Dockerfile.multistage':
        'FROM scratch AS files\nCOPY payload.bin /one\nCOPY payload.bin /two\nENV A=b\nFROM scratch\nCOPY --from=files /one /one\n',
    })
    onTestFinished(() => removeImages(client, folder))
    const { variants } = await buildFolder(client, folder)
    const layers = await layersOf(
      client,
      variants.map((variant) => (variant.ok ? variant.imageId : '')),
    )
    const images = await imagesWith(client, layers)
    expect(images).toHaveLength(2)
    const messages: string[] = []
    const [before, after] = variants.map(({ variant }) => variant)
    const measured = await measureStages(
      client,
      { before: before!, after: after! },
      { folder, isAsked: true, signal: new AbortController().signal, onMessage: (text) => messages.push(text) },
    )
    const { before: flat, after: staged } = measured!
    expect(staged.nodeBytes).toEqual({ 'stage:0': 6_000_000, 'stage:1': 3_000_000 })
    expect(staged.lineBytes).toEqual({ 2: 3_000_000, 3: 3_000_000, 6: 3_000_000 })
    expect(Math.max(...Object.values(flat.nodeBytes))).toBe(3_000_000 * Object.keys(flat.lineBytes).length)
    expect(messages).toContain('Measuring stage files …')
    expect(await imagesWith(client, layers)).toEqual(images)
  })
})

/** The layers of some images. */
async function layersOf(client: EngineClient, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const images = await Promise.all(ids.map((id) => client.inspectImage(id)))
  return new Set(images.flatMap((image) => image?.diffIds ?? []))
}

/** The images that have one of these layers, dangling ones too. */
async function imagesWith(client: EngineClient, layers: ReadonlySet<string>): Promise<string[]> {
  const found: string[] = []
  for (const { id } of await listImages(client))
    for (const layer of await layersOf(client, [id])) if (layers.has(layer) && !found.includes(id)) found.push(id)
  return found.sort()
}
