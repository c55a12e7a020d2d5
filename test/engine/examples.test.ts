import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Comparison, compareImages } from '../../electron/core/compare/comparison'
import { makeLedger } from '../../electron/core/compare/ledger'
import { ledgerClasses } from '../../electron/core/compare/ledger-classes'
import type { ImageIndex } from '../../electron/core/image/image-index'
import { nodePath } from '../../electron/core/image/path-tree'
import type { BuildOutcome } from '../../electron/engine/docker/build-variants'
import type { EngineClient } from '../../electron/engine/docker/client'
import { examineEngineImage, examineImages } from '../../electron/engine/images/examine-images'
import { readImages } from '../../electron/engine/images/read-images'
import {
  buildFolder,
  copyExample,
  engineOrSkip,
  exportRootfs,
  imagesOf,
  removeImages,
  runImage,
  watchContainers,
} from '../support/engine'
import { expectExactLedgers } from '../support/ledger'
import { listExport, listRootfs, symlinkBytes } from '../support/rootfs-listing'

const engine = await engineOrSkip()

type ClassByPath = ReadonlyMap<string, { readonly name: string; readonly bytes: number }>

function classesByPath({ tree }: Comparison, column: Uint8Array): ClassByPath {
  const found = new Map<string, { name: string; bytes: number }>()
  for (let node = 1; node < column.length; node++) {
    const name = ledgerClasses[column[node]!]
    if (name && !tree.isFolder[node]) found.set(nodePath(tree, node), { name, bytes: tree.beforeBytes[node]! })
  }
  return found
}

/** Paths that differ from build to build are of no use in a golden list. */
const isLasting = (path: string): boolean => !/^(root\/\.cache|var\/lib\/apt\/lists|var\/cache\/apt|tmp)\//.test(path)

function largestFiles(classes: ClassByPath): Record<string, string> {
  const lasting = [...classes].filter(([path]) => isLasting(path)).sort(([, a], [, b]) => b.bytes - a.bytes)
  return Object.fromEntries(lasting.slice(0, 200).map(([path, { name }]) => [path, name]))
}

describe.skipIf(engine === undefined).each([
  { example: 'calculator-go', ratio: 500 },
  { example: 'calculator-python', ratio: 2 },
  { example: 'calculator-node', ratio: 2 },
  { example: 'calculator-c', ratio: 15 },
])('$example', ({ example, ratio }) => {
  const client = engine?.client as EngineClient
  const copy = copyExample(example)
  let outcome: BuildOutcome
  let indexes: ImageIndex[]
  let containers: Awaited<ReturnType<typeof watchContainers>>

  beforeAll(async () => {
    containers = await watchContainers(client)
    outcome = await buildFolder(client, copy.folder)
    const ids = outcome.variants.map((variant) => (variant.ok ? variant.imageId : ''))
    indexes = await readImages(client, ids, { signal: new AbortController().signal, source: 'export-stream' })
  })
  afterAll(async () => {
    await removeImages(client, copy.folder)
    copy.remove()
  })

  test('both variants build, and every step ends as done or cached', () => {
    expect(outcome.variants.map((variant) => variant.ok)).toEqual([true, true])
    for (const { snapshot } of outcome.variants)
      expect(snapshot.steps.filter((step) => step.state !== 'done' && step.state !== 'cached')).toEqual([])
  })
  test('both answer 1 + 2 and end at the end of their input', async () => {
    for (const { imageId } of indexes)
      expect(await runImage(client, imageId, '1 + 2\n7 / 2\n1 / 0\nnonsense\n')).toEqual({
        output: '3\n3.5\nerror: division by zero\nerror: write it as: 1 + 2\n',
        exitCode: 0,
      })
  })
  test(`the second image is at least ${ratio} times smaller`, () => {
    expect(indexes[0]!.unpackedBytes / indexes[1]!.unpackedBytes).toBeGreaterThan(ratio)
  })
  test('sizes agree with the engine’s, to the byte', async () => {
    for (const index of indexes) {
      const { engineBytes, diffIds } = (await client.inspectImage(index.imageId))!
      expect(index.layers.map((layer) => layer.diffId)).toEqual(diffIds)
      // Layers that came from outside (pulled, imported) count a symlink as the length of its target, built ones as nothing.
      const possible = [index.unpackedBytes]
      for (const { table } of index.layers) possible.push(possible.at(-1)! + symlinkBytes(table))
      expect(possible).toContain(engineBytes)
    }
  })
  test('the visible files are those of docker export, entry for entry', async () => {
    for (const index of indexes) {
      const ours = listRootfs(index.rootfs)
      expect(ours).toEqual(listExport(await exportRootfs(client, index.imageId)))
      expect(Object.keys(ours).length).toBeGreaterThan(0)
    }
  })
  test('layer metadata gives the same index as the export, checksums included', async () => {
    const ids = indexes.map(({ imageId }) => imageId)
    const fast = await readImages(client, ids, { signal: new AbortController().signal, source: 'tar-split' })
    expect(fast.map(({ source }) => source)).toEqual(['tar-split', 'tar-split'])
    expect(fast.map((index) => ({ ...index, source: 'any' }))).toEqual(
      indexes.map((index) => ({ ...index, source: 'any' })),
    )
  })
  test('the ledger of the first image adds up to the byte, in either direction', async () => {
    await expectExactLedgers(client, indexes[0]!, indexes[1]!)
  })
  test('the largest files are in the classes that were read over by eye', async () => {
    const [before, after] = indexes
    const { installed } = await examineEngineImage(client, before!, new AbortController().signal)
    const comparison = compareImages(before!, after!)
    const { column } = makeLedger({ ...comparison, installed })
    const classOf = classesByPath(comparison, column)
    const golden = join(import.meta.dirname, `../corpus/ledger/${example}.json`)
    if (process.env.CUTAWAY_GOLDEN === 'write')
      writeFileSync(golden, `${JSON.stringify(largestFiles(classOf), undefined, 2)}\n`)
    const expected = JSON.parse(readFileSync(golden, 'utf8')) as Record<string, string>
    // A security update of Debian renames some files: those are left out, and must stay few.
    const there = Object.entries(expected).filter(([path]) => classOf.has(path))
    expect(there.length).toBeGreaterThan(0.9 * Object.keys(expected).length)
    expect(there.filter(([path, name]) => classOf.get(path)!.name !== name)).toEqual([])
  })
  test('nothing keeps either from running, and nothing is left in the engine but the two images', async () => {
    const [before, after] = indexes
    const { signal } = new AbortController()
    const examined = await examineImages(client, before!, after!, signal)
    expect([examined.before.findings, examined.after.findings]).toEqual([[], []])
    await containers.expectNoneLeft()
    expect(await imagesOf(client, copy.folder)).toHaveLength(2)
  })
})
