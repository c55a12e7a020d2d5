import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { splitStage } from '../../electron/core/variants/split/split'
import type { EngineClient } from '../../electron/engine/docker/client'
import { readImages } from '../../electron/engine/images/read-images'
import type { PairChoice } from '../../electron/engine/project/choose-pair'
import { openProject } from '../../electron/engine/project/open-project'
import { askServer, buildFolder, engineOrSkip, removeImages, resources, runImage } from '../support/engine'
import { expectExactLedgers } from '../support/ledger'

const engine = await engineOrSkip()
const signal = new AbortController().signal
const calculation = { input: '1 + 2\n1 / 0\n', output: '3\nerror: division by zero\n' }
const sum = { input: '40 2\n', output: '42 1\n' }
const examples = join(resources, 'examples')
const corpus = join(import.meta.dirname, '../corpus/run')

describe.skipIf(engine === undefined)('a folder with one traditional Dockerfile', () => {
  const client = engine?.client as EngineClient
  const parent = mkdtempSync(join(tmpdir(), 'cutaway-derived-'))
  const folders: string[] = []
  afterAll(async () => {
    for (const folder of folders) await removeImages(client, folder)
    rmSync(parent, { recursive: true, force: true })
  })

  /** A copy of a project with this Dockerfile only. */
  function project(from: string, name: string, dockerfile: string): string {
    const folder = join(parent, name)
    mkdirSync(folder)
    cpSync(from, folder, { recursive: true, filter: (path) => !basename(path).startsWith('Dockerfile') })
    writeFileSync(join(folder, 'Dockerfile'), dockerfile)
    folders.push(folder)
    return folder
  }

  /** Builds both; each gives the same answer. How many times smaller the second is. */
  async function ratioOf(
    folder: string,
    { input, output }: { input: string; output: string },
    choice: PairChoice = {},
  ): Promise<number> {
    const { variants } = await buildFolder(client, folder, { choice })
    const ids = variants.map((variant) => {
      if (!variant.ok) throw new Error(JSON.stringify(variant.failure))
      return variant.imageId
    })
    for (const id of ids) expect(await runImage(client, id, input)).toEqual({ output, exitCode: 0 })
    const [before, after] = await readImages(client, ids, { signal })
    await expectExactLedgers(client, before!, after!)
    return before!.unpackedBytes / after!.unpackedBytes
  }

  test.each([
    ['calculator-go', examples, calculation, 300],
    ['calculator-c', examples, calculation, 7],
    ['calculator-python', examples, calculation, 2.5],
    ['calculator-node', examples, calculation, 3],
    ['cpp', corpus, sum, 4],
    ['rust', corpus, sum, 10],
    ['java', corpus, sum, 1.3],
    ['php', corpus, sum, 1.2],
    ['ruby', corpus, sum, 1.5],
  ])('%s: the derived variant builds, answers the same, and is smaller', async (name, place, answer, least) => {
    const from = join(place, name)
    const folder = project(from, name, readFileSync(join(from, 'Dockerfile'), 'utf8'))
    const { pairing } = await openProject(folder)
    expect(pairing).toMatchObject({ kind: 'pair', after: { derivation: 'derive' } })
    expect(await ratioOf(folder, answer)).toBeGreaterThan(least)
  })

  test('a static site: the same pages from a web server without Node.js', async () => {
    const from = join(corpus, 'static')
    const folder = project(from, 'static', readFileSync(join(from, 'Dockerfile'), 'utf8'))
    const { variants } = await buildFolder(client, folder)
    const ids = variants.map((variant) => (variant.ok ? variant.imageId : JSON.stringify(variant.failure)))
    for (const id of ids)
      expect(await askServer(client, id, 5999, ['/', '/about/', '/no/such/page'])).toEqual([
        '200 <h1>home</h1>',
        '200 <h1>about</h1>',
        '200 <h1>home</h1>',
      ])
    const [before, after] = await readImages(client, ids, { signal })
    await expectExactLedgers(client, before!, after!)
    expect(before!.unpackedBytes / after!.unpackedBytes).toBeGreaterThan(3)
  })

  test.each([
    ['calculator-c', examples, calculation, 15, 'debian:bookworm'],
    ['calculator-node', examples, calculation, 3, 'node:22-bookworm'],
    ['calculator-python', examples, calculation, 1.5, 'python:3.13-slim-trixie'],
    ['java', corpus, sum, 1.5, 'debian:bookworm'],
    ['cpp', corpus, sum, 10, 'debian:bookworm'],
    ['rust', corpus, sum, 15, 'debian:bookworm'],
  ])('%s runs on distroless, too', async (name, place, answer, least, base) => {
    const from = join(place, name)
    const text = readFileSync(join(from, 'Dockerfile'), 'utf8').replace(/^FROM .*/m, `FROM ${base}`)
    const folder = project(from, `${name}-distroless`, text)
    const choice = { after: { id: 'distroless:Dockerfile' } }
    expect(await ratioOf(folder, answer, choice)).toBeGreaterThan(least)
  })

  test('split, then stacked: still the same answer', async () => {
    const from = join(examples, 'calculator-go')
    const { dockerfiles } = await openProject(
      project(from, 'go-single', readFileSync(join(from, 'Dockerfile'), 'utf8')),
    )
    const [{ staged, files }] = dockerfiles as [(typeof dockerfiles)[number]]
    const split = splitStage(staged, files, 'multi-stage')
    if (!split.ok) throw new Error(split.problem)
    expect(await ratioOf(project(from, 'go-split', split.staged.dockerfile.text), calculation)).toBeGreaterThan(7)
  })
})
