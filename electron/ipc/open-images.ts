import { existsSync } from 'node:fs'
import { isAbsolute, resolve } from 'node:path'
import { EngineError } from '../core/failure'
import { makeCompareReport } from '../core/report/compare-report'
import type { EngineChoice } from '../engine/docker/engine-choice'
import type { FoundEngine } from '../engine/docker/find-engine'
import { homeDirectory } from '../engine/home-directory'
import type { ImageSource } from '../engine/images/image-source'
import { isLeaseTag } from '../engine/life/image-lease'
import type { ImageStore, OpenedSaved } from '../engine/store/image-store'
import type { Input } from './contract'
import type { JobContext } from './jobs'
import type { ShownComparisons } from './shown-comparisons'
import type { ComparisonView, EngineImage, ExaminationView } from './views'

/** Names of the engine's images, by name. Throws engine-lost. */
export async function listEngineImages({ client }: FoundEngine): Promise<EngineImage[]> {
  const images = await client.listImages()
  return images
    .flatMap(({ imageId, tags }) => tags.filter((tag) => !isLeaseTag(tag)).map((reference) => ({ reference, imageId })))
    .sort((a, b) => (a.reference < b.reference ? -1 : 1))
}

/** Undefined for what can only be the name of an image. */
function pathOf(image: string): string | undefined {
  const path = image.startsWith('~/') ? resolve(homeDirectory(), image.slice(2)) : image
  return isAbsolute(path) || existsSync(path) ? resolve(path) : undefined
}

/** A file or folder of that name comes before an image of the engine, as on the command line. */
async function sourceOf(image: string, choice: EngineChoice): Promise<ImageSource> {
  const path = pathOf(image)
  if (path !== undefined) return { kind: 'archive', path }
  return { kind: 'engine', endpoint: (await choice.find()).endpoint, reference: image }
}

interface OpenContext {
  readonly store: ImageStore
  readonly choice: EngineChoice
  readonly shown: ShownComparisons
}

/** Compares two images as they are; a single one with itself; or opens a saved comparison. Throws what ImageStore's methods throw. */
export async function openImages(
  { store, choice, shown }: OpenContext,
  { before, after }: Pick<Input<'image.open'>, 'before' | 'after'>,
  { signal, report }: JobContext,
): Promise<ComparisonView> {
  const saved = await openSaved(store, before, after)
  if (saved) return shown.reopened(before, saved)
  const sources = { before: await sourceOf(before, choice), after: await sourceOf(after ?? before, choice) }
  const onProgress = (progress: { readBytes: number; expectedBytes: number }): void =>
    report({ kind: 'read', ...progress })
  const { comparisonId, facts } = await store.compare(sources, { signal, onProgress })
  const variant = (role: 'before' | 'after', name: string) => ({
    name,
    role,
    dockerfile: '',
    derived: false,
    buildSeconds: 0,
    steps: 0,
    cachedSteps: 0,
    imageId: facts[role].imageId,
    reference: name,
  })
  const compareReport = makeCompareReport({
    project: '',
    engine: { name: '', version: '', address: '' },
    standIns: [],
    before: variant('before', nameOf(before)),
    after: variant('after', nameOf(after ?? before)),
    facts,
  })
  const isSaved = sources.before.kind === 'archive' || sources.after.kind === 'archive'
  return shown.opened({
    comparisonId,
    facts,
    report: compareReport,
    origin: isSaved ? 'archive' : 'engine',
    layerOrigins: undefined,
    isSingle: after === undefined,
  })
}

async function openSaved(
  store: ImageStore,
  before: string,
  after: string | undefined,
): Promise<OpenedSaved | undefined> {
  for (const path of [before, after].flatMap((image) => (image === undefined ? [] : (pathOf(image) ?? [])))) {
    const saved = await store.openSaved(path)
    if (saved === undefined) continue
    if (after === undefined) return saved
    throw new EngineError({ code: 'bad-input', problem: `${path} is a saved comparison, which is opened alone` })
  }
  return undefined
}

const nameOf = (image: string): string => (isAbsolute(image) ? (image.split(/[\\/]/).at(-1) ?? image) : image)

/** What the files of opened images say; their Dockerfiles are not known, so findings have no lines. */
export async function examineOpened(
  store: ImageStore,
  comparisonId: string,
  { signal }: JobContext,
): Promise<ExaminationView> {
  const { problems, ...meaning } = await store.examine(comparisonId, { signal })
  const located = (role: 'before' | 'after') => problems[role].map((finding) => ({ ...finding, line: null }))
  return { ...meaning, problems: { before: located('before'), after: located('after') } }
}
