import { EngineError } from '../../core/failure'
import type { FileInterest } from '../../core/image/file-interest'
import { createdByOfLayers } from '../../core/image/image-config'
import type { ImageIndex } from '../../core/image/image-index'
import { systemPackagesReader } from '../../core/packages/system-packages'
import { decodeUtf8 } from '../../core/utf8'
import type { BuiltEvidence, FileReader, ImageFacts } from '../../core/variants/derive/evidence'
import { imageFilesOf } from '../../core/variants/derive/image-files'
import type { EngineClient } from '../docker/client'
import { readHelperFile } from '../images/file-content'
import { type HelperContainer, withHelper } from '../images/helper-container'
import { readImages } from '../images/read-images'
import { largestFileBytes, readForInterests } from '../images/read-interests'
import type { IndexCache } from '../store/index-cache'

export interface EvidenceOptions {
  readonly signal: AbortSignal
  readonly cache: IndexCache | undefined
  readonly readsEngineFiles: boolean
}

/** What an image is, read without running it. Throws image-missing, engine-refused, engine-lost, cancelled. */
export async function readImageFacts(
  client: EngineClient,
  reference: string,
  options: EvidenceOptions,
): Promise<{ readonly facts: ImageFacts; readonly index: ImageIndex }> {
  return withImage(client, reference, options, async (index, helper) => ({
    facts: await factsOf(client, reference, index, helper, options),
    index,
  }))
}

/** The same of the image that a derivation starts from, with its files to read while `work` runs. */
export async function withEvidence<T>(
  client: EngineClient,
  reference: string,
  base: readonly string[],
  options: EvidenceOptions,
  work: (image: BuiltEvidence, index: ImageIndex) => Promise<T>,
): Promise<T> {
  return withImage(client, reference, options, async (index, helper) => {
    const facts = await factsOf(client, reference, index, helper, options)
    const isBelow = base.every((diffId, at) => diffId === facts.diffIds[at])
    const baseLayers = isBelow ? base.length : (index.engine?.base?.layers ?? 0)
    const createdBy = createdByOfLayers(index.config)
    return work({ ...facts, ...fileReader(helper, index, options.signal), baseLayers, createdBy }, index)
  })
}

async function withImage<T>(
  client: EngineClient,
  reference: string,
  { signal, cache, readsEngineFiles }: EvidenceOptions,
  work: (index: ImageIndex, helper: HelperContainer) => Promise<T>,
): Promise<T> {
  const [index] = await readImages(client, [reference], { signal, cache, readsEngineFiles })
  return withHelper(client, { image: index!.imageId, mounts: {}, signal }, (helper) => work(index!, helper))
}

async function factsOf(
  client: EngineClient,
  reference: string,
  index: ImageIndex,
  helper: HelperContainer,
  { signal }: EvidenceOptions,
): Promise<ImageFacts> {
  const packages = systemPackagesReader()
  const release = releaseReader()
  await readForInterests(helper, index, [packages, release], signal)
  const image = await client.inspectImage(index.imageId)
  if (image === undefined) throw new EngineError({ code: 'image-missing', reference })
  return {
    reference,
    architecture: image.architecture,
    diffIds: image.diffIds,
    files: imageFilesOf(index.rootfs),
    settings: image.settings,
    packages: packages.finish(),
    system: release.finish(),
    visibleBytes: index.rootfs.visibleBytes,
  }
}

/** All fields of `os-release`. */
function releaseReader(): FileInterest & { finish(): ReadonlyMap<string, string> } {
  const found = new Map<string, string>()
  return {
    wants: ({ path }) => path === 'etc/os-release' || path === 'usr/lib/os-release',
    take: (_path, bytes) => {
      for (const line of decodeUtf8(bytes).split('\n')) {
        const [, name, value] = /^(\w+)=["']?(.*?)["']?\s*$/.exec(line) ?? []
        if (name !== undefined && value !== undefined) found.set(name, value)
      }
    },
    finish: () => found,
  }
}

function fileReader(helper: HelperContainer, index: ImageIndex, signal: AbortSignal): FileReader {
  return {
    read: async (path) => {
      try {
        return (await readHelperFile(helper, { path, limitBytes: largestFileBytes, signal })).bytes
      } catch (error) {
        if (error instanceof EngineError && error.failure.code === 'file-unreadable') return undefined
        throw error
      }
    },
    readAll: async (paths, take) => {
      const wanted = new Set([...paths].map((path) => path.slice(1)))
      const interest: FileInterest = {
        wants: ({ path }) => wanted.has(path),
        take: (path, bytes) => take(`/${path}`, bytes),
      }
      await readForInterests(helper, index, [interest], signal)
    },
  }
}
