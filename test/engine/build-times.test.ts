import { createHash, randomUUID } from 'node:crypto'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Writable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { gzipSync } from 'node:zlib'
import tar from 'tar-stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { EngineClient } from '../../electron/engine/docker/client'
import { readImages } from '../../electron/engine/images/read-images'
import { measureLayers } from '../../electron/engine/measure/layer-sizes'
import { runMatrix } from '../../electron/engine/measure/run-matrix'
import { choosePair } from '../../electron/engine/project/choose-pair'
import { openProject } from '../../electron/engine/project/open-project'
import { buildFolder, buildText, copyExample, engineOrSkip, listImages, removeImages } from '../support/engine'

const engine = await engineOrSkip()
const { signal } = new AbortController()

/** Names, contents and times of all files. */
function checksum(folder: string): string {
  const hash = createHash('sha256')
  for (const name of (readdirSync(folder, { recursive: true }) as string[]).sort()) {
    const path = join(folder, name)
    const stat = statSync(path)
    hash.update(`${name} ${stat.mode} ${stat.mtimeMs}\n`)
    if (stat.isFile()) hash.update(readFileSync(path))
  }
  return hash.digest('hex')
}

/** Layers of an exported image, by another tar library: their digest, and their size under gzip. */
async function exportedLayers(client: EngineClient, imageId: string): Promise<Record<string, number>> {
  const found: Record<string, number> = {}
  const extract = tar.extract()
  extract.on('entry', async ({ name }, body, next) => {
    const bytes = await buffer(body)
    if (name.endsWith('layer.tar'))
      found[`sha256:${createHash('sha256').update(bytes).digest('hex')}`] = gzipSync(bytes).length
    next()
  })
  const stream = await client.stream({ method: 'GET', path: '/images/get', query: { names: imageId } })
  await pipeline(stream, extract as unknown as Writable)
  return found
}

describe.skipIf(!engine)('the build-time matrix of the Go example', () => {
  const { client } = engine ?? ({} as never)
  const { folder, remove } = copyExample('calculator-go')
  const mark = randomUUID()
  const base = `cutaway-test/golang:${mark}`
  const preparedMs = 3000
  /** Of whatever is built of the folder, all images of all stages that became one. */
  const builtImages = async (): Promise<string[]> =>
    (await listImages(client)).filter(({ labels }) => labels['test.mark'] === mark).map(({ id }) => id)

  // The compiler comes with the base image; a step of known length stands for getting it.
  beforeAll(async () => {
    const install = 'RUN apt-get update && apt-get install -y golang-go\n'
    const { imageId } = await buildText(client, `FROM debian:bookworm\n${install}`)
    await client.tagImage(imageId, base)
    for (const name of ['Dockerfile', 'Dockerfile.multistage']) {
      const text = readFileSync(join(folder, name), 'utf8')
      expect(text).toContain(install)
      const prepared = text
        .replace('FROM debian:bookworm', `FROM ${base}`)
        .replace(install, `RUN sleep ${preparedMs / 1000}\n`)
      writeFileSync(join(folder, name), `${prepared}LABEL test.mark=${mark}\n`)
    }
  })
  afterAll(async () => {
    await removeImages(client, folder)
    await client.removeImage(base)
    remove()
  })

  test('what BuildKit does: all from nothing, nothing when nothing changed, the program after an edit', async () => {
    await buildFolder(client, folder)
    const before = { files: checksum(folder), images: (await builtImages()).sort() }
    const pair = choosePair(await openProject(folder), {})
    const messages: string[] = []
    const options = { folder, runs: 1, signal, onMessage: (message: string) => messages.push(message) }
    const { rows, ship } = await runMatrix(client, pair, options)
    expect(rows.map((row) => [row.case, row.edited])).toEqual([
      ['cold', undefined],
      ['warm', undefined],
      ['source', 'calculator.go'],
      ['dependency', 'go.mod'],
    ])
    const [cold, warm, source] = rows
    for (const role of ['before', 'after'] as const) {
      expect(cold![role].cachedSteps).toBeLessThanOrEqual(1) // the base image
      expect(warm![role].cachedSteps).toBe(warm![role].steps - 1) // all, the base image may not be called so
      expect(source![role].cachedSteps).toBeLessThan(warm![role].cachedSteps)
      expect(source![role].cachedSteps).toBeGreaterThan(cold![role].cachedSteps) // the step before the sources
      expect(cold![role].medianMs).toBeGreaterThan(preparedMs)
      expect(warm![role].medianMs).toBeLessThan(cold![role].medianMs)
    }
    // The traditional image ships the sources and the build cache again, the other one its program.
    expect(ship.before.source!.transferBytes).toBeGreaterThan(ship.after.source!.transferBytes)
    expect(ship.after.source).toMatchObject({ layers: 1 })
    expect(ship.before.whole.transferBytes).toBeLessThan(ship.before.whole.unpackedBytes)
    expect(ship.before.source!.unpackedBytes).toBeLessThan(ship.before.whole.unpackedBytes / 2)
    expect(messages[0]).toBe('Run 1 of 1: traditional, from nothing …')
    expect(checksum(folder)).toBe(before.files)
    expect(before.images).toHaveLength(2)
    expect((await builtImages()).sort()).toEqual(before.images)
  })
  test('a layer’s transfer size is that of its tar under gzip', async () => {
    const { variants } = await buildFolder(client, folder)
    const after = variants[1]!
    if (!after.ok) throw new Error('it did not build')
    const [index] = await readImages(client, [after.imageId], { signal })
    const sizes = await measureLayers(client, [after.imageId], { signal })
    expect([...sizes.keys()].sort()).toEqual(index!.layers.map(({ diffId }) => diffId).sort())
    const layers = await exportedLayers(client, after.imageId)
    expect(Object.fromEntries(sizes)).toEqual(layers)
  })
})
