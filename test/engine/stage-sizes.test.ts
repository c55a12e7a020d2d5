import { describe, expect, onTestFinished, test } from 'vitest'
import { measureStages } from '../../electron/engine/measure/stage-sizes'
import { buildFolder, engineOrSkip, listImages, removeImages } from '../support/engine'
import { makeFolder } from '../support/folder'

const engine = await engineOrSkip()

describe.skipIf(engine === undefined)('sizes of stages', () => {
  test('what each stage and line holds is measured from the cache, for files on disk and derived ones, and no image stays', async () => {
    const client = engine!.client
    const folder = makeFolder({
      'payload.bin': 'x'.repeat(3_000_000),
      Dockerfile:
        'FROM scratch AS files\nCOPY payload.bin /one\nCOPY payload.bin /two\nENV A=b\nFROM scratch\nCOPY --from=files /one /one\n',
    })
    onTestFinished(() => removeImages(client, folder))
    const { variants } = await buildFolder(client, folder)
    const ids = async (): Promise<string[]> => (await listImages(client)).map(({ id }) => id).sort()
    const images = await ids()
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
    expect(await ids()).toEqual(images)
  })
})
