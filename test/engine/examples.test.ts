import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ImageIndex } from '../../electron/core/image/image-index'
import { entryKind, isFolder } from '../../electron/core/image/layer-table'
import { contentNode, type Rootfs } from '../../electron/core/image/rootfs'
import type { BuildOutcome } from '../../electron/engine/docker/build-variants'
import type { EngineClient } from '../../electron/engine/docker/client'
import { readByExport } from '../../electron/engine/images/export-stream'
import {
  buildFolder,
  copyExample,
  countContainers,
  type ExportedEntry,
  engineOrSkip,
  exportRootfs,
  removeImages,
  runImage,
} from '../support/engine'

const engine = await engineOrSkip()

/** What the engine itself puts into a container. */
const ofTheEngine = /^(\.dockerenv|(dev|proc|sys)(\/.*)?|etc(\/(hostname|hosts|resolv\.conf|mtab))?)$/

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
  let containersBefore: number

  beforeAll(async () => {
    containersBefore = await countContainers(client)
    outcome = await buildFolder(client, copy.folder)
    const ids = outcome.variants.map((variant) => (variant.ok ? variant.imageId : ''))
    indexes = await readByExport(client, ids, { signal: new AbortController().signal })
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
      const exported = await exportRootfs(client, index.imageId)
      const expected = described(
        [...exported].filter(([path]) => !ofTheEngine.test(path)),
        exported,
      )
      const ours = describedRootfs(index.rootfs).filter(([path]) => !ofTheEngine.test(path))
      expect(Object.fromEntries(ours)).toEqual(Object.fromEntries(expected))
      expect(ours.length).toBeGreaterThan(0)
    }
  })
  test('nothing is left in the engine but the two images', async () => {
    expect(await countContainers(client)).toBe(containersBefore)
  })
})

function symlinkBytes(table: ImageIndex['layers'][number]['table']): number {
  const encoder = new TextEncoder()
  let sum = 0
  table.kind.forEach((kind, node) => {
    if (kind === entryKind.symlink) sum += encoder.encode(table.linkTargets[table.link[node]!]!).length
  })
  return sum
}

type Described = [string, string]

/** One line per entry; a hard link is described as the file that it names. */
function described(entries: [string, ExportedEntry][], all: ReadonlyMap<string, ExportedEntry>): Described[] {
  return entries.map(([path, entry]) => {
    const { type, bytes, mode, owner, mtime, link } = entry.type === 'link' ? all.get(entry.link)! : entry
    const size = type === 'file' ? bytes : type === 'symlink' ? link : ''
    return [path, `${type} ${size} ${(mode & 0o7777).toString(8)} ${owner} ${mtime}`]
  })
}

const typeNames: Record<number, string> = {
  [entryKind.file]: 'file',
  [entryKind.symlink]: 'symlink',
  [entryKind.characterDevice]: 'character-device',
  [entryKind.blockDevice]: 'block-device',
  [entryKind.fifo]: 'fifo',
}

function describedRootfs(rootfs: Rootfs): Described[] {
  const paths: string[] = ['']
  const found: Described[] = []
  for (let node = 1; node < rootfs.kind.length; node++) {
    const parent = rootfs.parent[node]!
    const path = `${parent === 0 ? '' : `${paths[parent]}/`}${rootfs.names[rootfs.nameId[node]!]}`
    paths[node] = path
    const table = rootfs.layers[rootfs.layer[node]!]!
    const at = contentNode(rootfs, node)
    const kind = rootfs.kind[node]!
    const type = isFolder(kind) ? 'directory' : typeNames[kind]!
    const size = type === 'file' ? table.contentBytes[at] : type === 'symlink' ? table.linkTargets[table.link[at]!] : ''
    found.push([
      path,
      `${type} ${size} ${table.mode[at]!.toString(8)} ${table.uid[at]}:${table.gid[at]} ${table.mtime[at]}`,
    ])
  }
  return found
}
