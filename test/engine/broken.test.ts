import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { BuildEvent } from '../../electron/core/build/build-event'
import { externalImages } from '../../electron/core/dockerfile/graph'
import { parseStages } from '../../electron/core/dockerfile/stages'
import { runBuild } from '../../electron/engine/docker/build'
import type { EngineClient } from '../../electron/engine/docker/client'
import { packContext } from '../../electron/engine/project/build-context'
import { makeStandIn } from '../../electron/engine/setup/stand-ins'
import { engineOrSkip, resources, runImage } from '../support/engine'

const engine = await engineOrSkip()
const signal = new AbortController().signal
const corpus = join(import.meta.dirname, '../corpus/broken')
/** Those whose bases can be made here and whose failure shows when they are run. */
const names = readdirSync(corpus).filter(
  (name) => JSON.parse(readFileSync(join(corpus, name, 'expected.json'), 'utf8')).runs,
)

describe.skipIf(engine === undefined)('what is found before a build happens when the image is run', () => {
  const client = engine?.client as EngineClient
  const parent = mkdtempSync(join(tmpdir(), 'cutaway-broken-'))
  afterAll(() => rmSync(parent, { recursive: true, force: true }))

  /** Builds and runs; what it printed, or why it did not. */
  async function outcome(name: string, dockerfile: string): Promise<string> {
    const folder = join(parent, name)
    cpSync(join(corpus, name), folder, { recursive: true })
    cpSync(join(resources, 'examples/calculator-python/vendor'), join(folder, 'vendor'), { recursive: true })
    const text = readFileSync(join(folder, dockerfile), 'utf8')
    const staged = parseStages(text).value
    for (const { reference } of externalImages(staged, staged.stages.length - 1))
      if ((await client.inspectImage(reference)) === undefined)
        await makeStandIn(client, reference, {
          signal,
          onMessage: () => undefined,
          recipes: join(resources, 'stand-ins'),
        })
    const context = await packContext({ folder, dockerfile, dockerfileText: text })
    const events: BuildEvent[] = []
    const request = { context: context.stream, dockerfile, target: undefined, noCache: false, labels: {} }
    await runBuild(client, request, { signal, onEvent: (event) => events.push(event) })
    const image = events.find((event) => event.kind === 'image')
    if (image === undefined) return 'does not build'
    try {
      const { exitCode, output } = await runImage(client, image.imageId, '')
      return exitCode === 0 ? output : `ends with ${exitCode}`
    } catch (error) {
      return `does not start: ${(error as Error).message}`
    } finally {
      await client.removeImage(image.imageId)
    }
  }

  test('at least twelve of them can be run', () => expect(names.length).toBeGreaterThanOrEqual(12))

  test.each(names)('%s', async (name) => {
    expect(await outcome(name, 'broken.Dockerfile')).toMatch(/^(does not|ends with)/)
    expect(await outcome(name, 'repaired.Dockerfile')).toMatch(/^(ok\n|pip )/)
  })
})
