import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { BuildEvent } from '../../electron/core/build/build-event'
import { externalImages } from '../../electron/core/dockerfile/graph'
import { parseStages } from '../../electron/core/dockerfile/stages'
import { describeEnd } from '../../electron/core/run/run'
import { runBuild } from '../../electron/engine/docker/build'
import type { EngineClient } from '../../electron/engine/docker/client'
import { examineImages } from '../../electron/engine/images/examine-images'
import { readImages } from '../../electron/engine/images/read-images'
import { packContext } from '../../electron/engine/project/build-context'
import { runImage } from '../../electron/engine/run/run-image'
import { makeStandIn } from '../../electron/engine/setup/stand-ins'
import { engineOrSkip, resources } from '../support/engine'
import { expectExactLedgers } from '../support/ledger'

const engine = await engineOrSkip()
const signal = new AbortController().signal
const corpus = join(import.meta.dirname, '../corpus/broken')
const expected = (name: string): { runs?: boolean; built?: string[] } =>
  JSON.parse(readFileSync(join(corpus, name, 'expected.json'), 'utf8'))
/** Those whose bases can be made here and whose failure shows when they are run. */
const names = readdirSync(corpus).filter((name) => expected(name).runs)

describe.skipIf(engine === undefined)('what is found before a build happens when the image is run', () => {
  const client = engine?.client as EngineClient
  const parent = mkdtempSync(join(tmpdir(), 'cutaway-broken-'))
  afterAll(() => rmSync(parent, { recursive: true, force: true }))

  /** Builds, looks into the image, and runs it: what it printed, or why it did not, and what was found in its files. */
  async function outcome(name: string, dockerfile: string): Promise<{ text: string; rules: string[] }> {
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
    const context = await packContext({ project: folder, context: '', dockerfile, dockerfileText: text })
    const events: BuildEvent[] = []
    const request = { context: context.stream, dockerfile, target: undefined, noCache: false, labels: {} }
    await runBuild(client, request, { signal, onEvent: (event) => events.push(event) })
    const image = events.find((event) => event.kind === 'image')
    if (image === undefined) return { text: 'does not build', rules: [] }
    const [index] = await readImages(client, [image.imageId], { signal })
    await expectExactLedgers(client, index!, index!)
    const rules = (await examineImages(client, index!, index!, signal)).after.findings.map(({ rule }) => rule)
    try {
      const request = { input: '', seconds: 120, port: undefined, path: '/', hasNetwork: false, probeImage: undefined }
      const run = await runImage(client, image.imageId, { ...request, signal })
      const isFine = run.end === 'exited' && run.exitCode === 0
      return { text: isFine ? run.stdout + run.stderr : `fails: ${describeEnd(run)}`, rules }
    } finally {
      await client.removeImage(image.imageId)
    }
  }

  test('at least twelve of them can be run', () => expect(names.length).toBeGreaterThanOrEqual(12))

  test.each(names)('%s', async (name) => {
    const broken = await outcome(name, 'broken.Dockerfile')
    expect(broken.text).toMatch(/^(does not|fails: (ended with|could not be started))/)
    expect(broken.rules).toEqual(expected(name).built ?? [])
    const repaired = await outcome(name, 'repaired.Dockerfile')
    expect(repaired.text).toMatch(/^(ok\n|pip )/)
    expect(repaired.rules).toEqual([])
  })
})
