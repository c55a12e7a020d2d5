import { existsSync } from 'node:fs'
import { isAbsolute, resolve } from 'node:path'
import { makeCompareReport } from '../core/report/compare-report'
import type { EngineChoice } from '../engine/docker/engine-choice'
import type { FoundEngine } from '../engine/docker/find-engine'
import type { ImageSource } from '../engine/images/image-source'
import type { ImageStore } from '../engine/store/image-store'
import type { ComparisonView, EngineImage, ExaminationView, Input } from './contract'
import type { JobContext } from './jobs'

/** Names of the engine's images, by name. Throws engine-lost. */
export async function listEngineImages({ client }: FoundEngine): Promise<EngineImage[]> {
  const images = await client.listImages()
  return images
    .flatMap(({ imageId, tags }) => tags.map((reference) => ({ reference, imageId })))
    .sort((a, b) => (a.reference < b.reference ? -1 : 1))
}

/** A file or folder of that name comes before an image of the engine, as on the command line. */
async function sourceOf(image: string, choice: EngineChoice): Promise<ImageSource> {
  const path = image.startsWith('~/') ? resolve(process.env.HOME ?? '/', image.slice(2)) : image
  if (isAbsolute(path) || existsSync(path)) return { kind: 'archive', path: resolve(path) }
  return { kind: 'engine', endpoint: (await choice.find()).endpoint, reference: image }
}

/** Compares two images as they are; a single one with itself. Throws what ImageStore.compare throws. */
export async function openImages(
  { store, choice }: { readonly store: ImageStore; readonly choice: EngineChoice },
  { before, after }: Pick<Input<'image.open'>, 'before' | 'after'>,
  { signal, report }: JobContext,
): Promise<ComparisonView> {
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
  return {
    comparisonId,
    facts,
    report: compareReport,
    origin: isSaved ? 'archive' : 'engine',
    layerOrigins: undefined,
    isSingle: after === undefined,
  }
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
