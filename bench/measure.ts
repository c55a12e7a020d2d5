// One case in a process of its own: prints the time of a first call, the median of the calls after it, and the peak memory, as JSON.
// usage: node measure.js CASE OPTIONS-AS-JSON
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compareImages } from '../electron/core/compare/comparison'
import { findWaste } from '../electron/core/compare/waste'
import { type ImageIndex, makeImageIndex } from '../electron/core/image/image-index'
import { type LayerTable, LayerTableBuilder } from '../electron/core/image/layer-table'
import { mergeLayers } from '../electron/core/image/rootfs'
import { TarScanner } from '../electron/core/image/tar/scanner'
import { EngineClient } from '../electron/engine/docker/client'
import { openArchive } from '../electron/engine/images/open-archive'
import { type EngineSource, readImages } from '../electron/engine/images/read-images'
import { DiskIndexCache } from '../electron/engine/store/index-cache'
import { generatedLayers } from './generate'

interface Options {
  readonly socket: string
  readonly image: string
  readonly source?: EngineSource
  /** A cache to begin with; each run gets a copy of its own. */
  readonly cache?: string
  readonly archive: string
  readonly entries: number
  readonly layers: number
}

const runs = 5
const signal = new AbortController().signal

async function readFromEngine({ socket, image, source, cache }: Options): Promise<() => Promise<unknown>> {
  const client = new EngineClient({
    address: `unix://${socket}`,
    origin: 'DOCKER_HOST',
    certificates: undefined,
    isPrivate: true,
  })
  const folder = mkdtempSync(join(tmpdir(), 'cutaway-bench-cache-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  let run = 0
  return async () => {
    const own = join(folder, String(run++))
    if (cache !== undefined) cpSync(cache, own, { recursive: true })
    const kept = cache === undefined ? undefined : new DiskIndexCache(own)
    const startMs = performance.now()
    const [index] = await readImages(client, [image], { signal, source, cache: kept })
    findWaste(index!.rootfs)
    return performance.now() - startMs
  }
}

function table(tar: Uint8Array): LayerTable {
  const builder = new LayerTableBuilder({ update: () => undefined, take: () => [1, tar.length] })
  const scanner = new TarScanner(builder)
  scanner.push(tar)
  return builder.finish()
}

function image(entries: number, layers: number, seed: number): ImageIndex {
  const tables = [...generatedLayers({ entries, layers, seed })].map(table)
  const configJson = JSON.stringify({ rootfs: { diff_ids: tables.map((_, at) => `sha256:${at}`) } })
  return makeImageIndex({ imageId: 'generated', source: 'docker-archive', configJson, tables })
}

const cases: Readonly<Record<string, (options: Options) => Promise<() => Promise<unknown>>>> = {
  engine: readFromEngine,
  archive:
    async ({ archive }) =>
    async () => {
      const { index } = await openArchive(archive, {}, { signal })
      findWaste(index.rootfs)
    },
  merge: async ({ entries, layers }) => {
    const tables = [...generatedLayers({ entries, layers, seed: 1 })].map(table)
    return async () => mergeLayers(tables)
  },
  compare: async ({ entries, layers }) => {
    const [before, after] = [image(entries, layers, 1), image(entries, layers, 2)]
    return async () => compareImages(before, after)
  },
}

const [name, options] = process.argv.slice(2)
const work = await cases[name!]!(JSON.parse(options!) as Options)
const times: number[] = []
for (let run = 0; run <= runs; run++) {
  const startMs = performance.now()
  const own = await work()
  times.push(typeof own === 'number' ? own : performance.now() - startMs)
}
const [first, ...rest] = times
const warm = rest.sort((a, b) => a - b)[Math.floor(runs / 2)]
const peakBytes = Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))![1]) * 1024
console.log(JSON.stringify({ firstMs: first, warmMs: warm, peakBytes }))
