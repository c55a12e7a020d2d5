import { type Comparison, compareImages } from '../../core/compare/comparison'
import { type ComparisonFacts, comparisonFacts, type EntryDetail, entryDetail } from '../../core/compare/facts'
import { packUnionTree } from '../../core/compare/pack-columns'
import { EngineError } from '../../core/failure'
import { EngineClient } from '../docker/client'
import type { Endpoint } from '../docker/endpoints'
import { type BuiltFindings, checkImages } from '../images/check-images'
import type { ReadOptions } from '../images/export-stream'
import { readImages } from '../images/read-images'
import { indexCacheFolder, settingsFile } from '../setup/data-directory'
import { DiskIndexCache } from './index-cache'
import { readSettings } from './settings'

export interface CompareRequest {
  readonly endpoint: Endpoint
  readonly beforeId: string
  readonly afterId: string
}

export interface OpenedComparison {
  readonly comparisonId: string
  readonly facts: ComparisonFacts
}

/** Holds the indexes; only facts, one entry, or packed columns leave it. Lives in a worker thread in the app. */
export interface ImageStore {
  /** Reads both images and compares them. Throws what readImages throws. */
  compare(request: CompareRequest, options: ReadOptions): Promise<OpenedComparison>
  /** The union tree for the renderer, see packUnionTree. */
  tree(comparisonId: string): Promise<Uint8Array>
  entry(comparisonId: string, node: number): Promise<EntryDetail>
  /** What keeps the images from running; throws what checkImages throws. */
  check(comparisonId: string, options: Pick<ReadOptions, 'signal'>): Promise<BuiltFindings>
  dispose(): Promise<void>
}

const mostComparisons = 3

/** The store itself, in this thread. */
export class LocalImageStore implements ImageStore {
  readonly #comparisons = new Map<string, Comparison & { readonly endpoint: Endpoint }>()
  readonly #cache = new DiskIndexCache(indexCacheFolder())
  #lastId = 0

  async compare({ endpoint, beforeId, afterId }: CompareRequest, options: ReadOptions): Promise<OpenedComparison> {
    const { readsEngineFiles } = await readSettings(settingsFile())
    const [before, after] = await readImages(new EngineClient(endpoint), [beforeId, afterId], {
      ...options,
      cache: this.#cache,
      readsEngineFiles,
    })
    const comparison = compareImages(before!, after!)
    const comparisonId = `comparison-${++this.#lastId}`
    this.#comparisons.set(comparisonId, { ...comparison, endpoint })
    const [oldest] = this.#comparisons.keys()
    if (this.#comparisons.size > mostComparisons) this.#comparisons.delete(oldest!)
    return { comparisonId, facts: comparisonFacts(comparison) }
  }

  async tree(comparisonId: string): Promise<Uint8Array> {
    return packUnionTree(this.#find(comparisonId).tree)
  }

  async entry(comparisonId: string, node: number): Promise<EntryDetail> {
    const comparison = this.#find(comparisonId)
    if (node >= comparison.tree.parent.length)
      throw new EngineError({ code: 'bad-input', problem: `there is no node ${node}` })
    return entryDetail(comparison, node)
  }

  async check(comparisonId: string, { signal }: Pick<ReadOptions, 'signal'>): Promise<BuiltFindings> {
    const { endpoint, before, after } = this.#find(comparisonId)
    return checkImages(new EngineClient(endpoint), before, after, signal)
  }

  async dispose(): Promise<void> {
    this.#comparisons.clear()
  }

  #find(comparisonId: string): Comparison & { readonly endpoint: Endpoint } {
    const comparison = this.#comparisons.get(comparisonId)
    if (comparison === undefined) throw new EngineError({ code: 'bad-input', problem: 'that comparison is closed' })
    return comparison
  }
}
