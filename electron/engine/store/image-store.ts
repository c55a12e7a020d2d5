import { type Comparison, compareImages } from '../../core/compare/comparison'
import {
  type ComparisonFacts,
  comparisonFacts,
  type EntryDetail,
  entryDetail,
  imageFacts,
} from '../../core/compare/facts'
import { explainComparison, type Meaning, packClasses, type TreeClasses } from '../../core/compare/meaning'
import { packUnionTree } from '../../core/compare/pack-columns'
import { comparisonSecrets, redactComparison } from '../../core/compare/redact-comparison'
import type { Variables } from '../../core/dockerfile/words'
import { EngineError } from '../../core/failure'
import type { BuiltFinding } from '../../core/findings/built/built-image'
import { type ImageSummary, imageSummary } from '../../core/ladder/ladder'
import type { ScanComparison, VulnerabilityCounts } from '../../core/packages/vulnerabilities'
import type { RunComparison, RunRequest } from '../../core/run/run'
import type { Examination } from '../../core/surface/examine'
import type { ReadOptions } from '../images/export-stream'
import { readHiddenFile } from '../images/hidden-content'
import {
  examineSources,
  type ImageSource,
  readSourceFile,
  readSources,
  type SourcedImage,
  sharedEngine,
} from '../images/image-source'
import { cyclonedxSbom } from '../packages/cyclonedx'
import { sbomSubject } from '../packages/sbom-subject'
import { findScanner, scanSbom } from '../packages/scan'
import { runBoth } from '../run/run-both'
import { indexCacheFolder, settingsFile } from '../setup/data-directory'
import { comparisonFile, readComparisonFile } from './comparison-file'
import { DiskIndexCache } from './index-cache'
import { readSettings } from './settings'

export interface CompareRequest {
  readonly before: ImageSource
  readonly after: ImageSource
}

/** One side of a node of the union tree. */
export interface EntryFile {
  readonly node: number
  readonly side: 'before' | 'after'
  /** No more than this is read. */
  readonly limitBytes: number
}

/** A file of one layer, as a residue lists it. */
export interface HiddenFile extends EntryFile {
  readonly layer: number
}

export interface OpenedComparison {
  readonly comparisonId: string
  readonly facts: ComparisonFacts
}

/** What a comparison means, and what keeps its images from running. */
export interface Examined extends Meaning {
  readonly problems: { readonly before: readonly BuiltFinding[]; readonly after: readonly BuiltFinding[] }
}

/** Holds the indexes; only facts, one entry, or packed columns leave it. Lives in a worker thread in the app. */
export interface ImageStore {
  /** Reads both images and compares them. Throws what readSources throws. */
  compare(request: CompareRequest, options: ReadOptions): Promise<OpenedComparison>
  /** The union tree for the renderer, see packUnionTree. */
  tree(comparisonId: string): Promise<Uint8Array>
  entry(comparisonId: string, node: number): Promise<EntryDetail>
  /** The content of a file, or its beginning; links are followed. Throws what readEngineFile throws. */
  file(comparisonId: string, request: EntryFile, options: Pick<ReadOptions, 'signal'>): Promise<Uint8Array>
  /** The content of a file that later layers hide. Throws what readHiddenFile throws. */
  hidden(comparisonId: string, request: HiddenFile, options: ReadOptions): Promise<Uint8Array>
  /** Looks into the files of both images; throws what examineSources throws. */
  examine(comparisonId: string, options: Pick<ReadOptions, 'signal'>): Promise<Examined>
  /** Reads one image and looks into its files, and keeps nothing of it. Throws what readSources and examineSources throw. */
  summarize(source: ImageSource, options: ReadOptions): Promise<ImageSummary>
  /** What examining found for each node, see packClasses. Throws bad-input before that. */
  classes(comparisonId: string): Promise<Uint8Array>
  /** Runs both images the same way; throws what runBoth throws. */
  run(comparisonId: string, request: RunRequest, options: Pick<ReadOptions, 'signal'>): Promise<RunComparison>
  /** Looks up known vulnerabilities, where a scanner is installed; after examine. Throws scan-failed, cancelled. */
  scan(comparisonId: string, options: Pick<ReadOptions, 'signal'>): Promise<ScanComparison>
  /** What looks like a secret in the images' configs and in what a page says of them. `given` are build arguments. */
  secrets(comparisonId: string, page: unknown, given: Variables): Promise<string[]>
  /** The comparison as a file, with what a page says of it; see comparisonFile. Without `secrets`, unless that is undefined. */
  save(comparisonId: string, page: unknown, secrets: readonly string[] | undefined): Promise<Uint8Array>
  /** Opens such a file; undefined for a file of another kind. Throws comparison-invalid, path-unreadable. */
  openSaved(path: string): Promise<OpenedSaved | undefined>
  dispose(): Promise<void>
}

/** A comparison that was saved, and what the page said of it. */
export interface OpenedSaved extends OpenedComparison {
  readonly page: unknown
}

const mostComparisons = 3

const notExamined = (): EngineError =>
  new EngineError({ code: 'bad-input', problem: 'its files are not looked into yet' })

interface KeptComparison extends Comparison {
  readonly sources: readonly [SourcedImage, SourcedImage]
  classes?: TreeClasses
  /** Not of a saved one. */
  examined?: { readonly before: Examination; readonly after: Examination }
}

/** The store itself, in this thread. */
export class LocalImageStore implements ImageStore {
  readonly #comparisons = new Map<string, KeptComparison>()
  readonly #cache = new DiskIndexCache(indexCacheFolder())
  #lastId = 0

  async compare({ before, after }: CompareRequest, options: ReadOptions): Promise<OpenedComparison> {
    const sources = await this.#read([before, after], options)
    return this.#keep({ ...compareImages(sources[0].index, sources[1].index), sources })
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

  async file(
    comparisonId: string,
    { node, side, limitBytes }: EntryFile,
    { signal }: Pick<ReadOptions, 'signal'>,
  ): Promise<Uint8Array> {
    const comparison = this.#find(comparisonId)
    const { tree, sources } = comparison
    const at = (side === 'before' ? tree.beforeNode : tree.afterNode)[node] ?? -1
    if (at < 0) throw new EngineError({ code: 'bad-input', problem: `there is no node ${node} in the image ${side}` })
    const bytes = await readSourceFile(sources[side === 'before' ? 0 : 1], at, { limitBytes, signal })
    return new Uint8Array(bytes) // a buffer of its own, which can be handed over
  }

  async hidden(comparisonId: string, { side, ...request }: HiddenFile, options: ReadOptions): Promise<Uint8Array> {
    const { sources } = this.#find(comparisonId)
    return new Uint8Array(await readHiddenFile(sources[side === 'before' ? 0 : 1], { ...request, ...options }))
  }

  async examine(comparisonId: string, { signal }: Pick<ReadOptions, 'signal'>): Promise<Examined> {
    const comparison = this.#find(comparisonId)
    const examined = await examineSources(...comparison.sources, signal)
    const { meaning, classes } = explainComparison(comparison, examined)
    comparison.classes = classes
    comparison.examined = { before: examined.before, after: examined.after }
    return { ...meaning, problems: { before: examined.before.findings, after: examined.after.findings } }
  }

  async summarize(source: ImageSource, options: ReadOptions): Promise<ImageSummary> {
    const [image] = await this.#read([source, source], options)
    const { before } = await examineSources(image, image, options.signal)
    return imageSummary(imageFacts(image.index), before, before.findings.length)
  }

  async classes(comparisonId: string): Promise<Uint8Array> {
    const { classes } = this.#find(comparisonId)
    if (classes === undefined) throw notExamined()
    return packClasses(classes)
  }

  async run(
    comparisonId: string,
    request: RunRequest,
    { signal }: Pick<ReadOptions, 'signal'>,
  ): Promise<RunComparison> {
    const { sources, before, after } = this.#find(comparisonId)
    return runBoth(sharedEngine(...sources), { before, after }, request, signal)
  }

  async scan(comparisonId: string, { signal }: Pick<ReadOptions, 'signal'>): Promise<ScanComparison> {
    const examined = this.#examined(comparisonId)
    const scanner = await findScanner()
    if (scanner === undefined) return { scanner: null }
    const scan = ({ installed, distribution }: Examination, name: string): Promise<VulnerabilityCounts> =>
      scanSbom(scanner, cyclonedxSbom(sbomSubject({ name, imageId: name }, installed, distribution)), signal)
    return { scanner, before: await scan(examined.before, 'before'), after: await scan(examined.after, 'after') }
  }

  async secrets(comparisonId: string, page: unknown, given: Variables): Promise<string[]> {
    const { before, after } = this.#find(comparisonId)
    return comparisonSecrets({ before, after, page }, given)
  }

  async save(comparisonId: string, page: unknown, secrets: readonly string[] | undefined): Promise<Uint8Array> {
    const { before, after, classes } = this.#find(comparisonId)
    const whole = { before, after, classes, page }
    return new Uint8Array(await comparisonFile(secrets === undefined ? whole : redactComparison(whole, secrets)))
  }

  async openSaved(path: string): Promise<OpenedSaved | undefined> {
    const saved = await readComparisonFile(path)
    if (saved === undefined) return undefined
    const { before, after, classes, page } = saved
    const comparison = compareImages(before, after)
    if (classes && classes.ledger.length !== comparison.tree.parent.length)
      throw new EngineError({ code: 'comparison-invalid', path, problem: 'what is in it does not fit together' })
    const source = { kind: 'saved' } as const
    const sources = [before, after].map((index) => ({ index, source, archive: undefined }))
    const kept = { ...comparison, sources: [sources[0]!, sources[1]!] as const }
    return { ...this.#keep(classes ? { ...kept, classes } : kept), page }
  }

  async dispose(): Promise<void> {
    this.#comparisons.clear()
  }

  async #read(
    sources: readonly [ImageSource, ImageSource],
    options: ReadOptions,
  ): Promise<[SourcedImage, SourcedImage]> {
    const { readsEngineFiles } = await readSettings(settingsFile())
    return readSources(sources, { ...options, cache: this.#cache, readsEngineFiles })
  }

  #examined(comparisonId: string): NonNullable<KeptComparison['examined']> {
    const { examined } = this.#find(comparisonId)
    if (examined === undefined) throw notExamined()
    return examined
  }

  #keep(comparison: KeptComparison): OpenedComparison {
    const comparisonId = `comparison-${++this.#lastId}`
    this.#comparisons.set(comparisonId, comparison)
    const [oldest] = this.#comparisons.keys()
    if (this.#comparisons.size > mostComparisons) this.#comparisons.delete(oldest!)
    return { comparisonId, facts: comparisonFacts(comparison) }
  }

  #find(comparisonId: string): KeptComparison {
    const comparison = this.#comparisons.get(comparisonId)
    if (comparison === undefined) throw new EngineError({ code: 'bad-input', problem: 'that comparison is closed' })
    return comparison
  }
}
