import type { IndexSource } from '../../core/image/image-index'
import { archiveProblem } from '../../core/image/tar/header'
import { type ArchiveContent, type ArchivedImage, assembleImage, parseDocument } from './archive-content'

/** A reference to a blob (https://github.com/opencontainers/image-spec/blob/main/descriptor.md). */
export interface Descriptor {
  readonly digest: string
  readonly mediaType?: string
  readonly size?: number
  readonly platform?: { readonly os: string; readonly architecture: string }
}

export interface ImageManifest {
  readonly config: Descriptor
  readonly layers: readonly Descriptor[]
}

const deepestIndex = 4

export const blobPath = (digest: string): string => `blobs/${digest.replace(':', '/')}`

/** `linux/amd64`: what the images of this machine usually are. */
const machinePlatform = `linux/${process.arch === 'arm64' ? 'arm64' : 'amd64'}`

/** The image of a layout for a platform; undefined takes this machine's, else the first. Throws archive-invalid. */
export async function imageLayoutImage(
  content: ArchiveContent,
  platform: string | undefined,
  source: IndexSource,
): Promise<ArchivedImage> {
  const manifest = choosePlatform(await listManifests(content, 'index.json', 0), platform)
  return manifestImage(content, await readManifest(content, manifest.digest), source)
}

/** The image of a manifest or index that is named by its digest, as engines with a containerd store name images. */
export async function manifestOf(
  content: ArchiveContent,
  digest: string,
  platform: string | undefined,
): Promise<ImageManifest> {
  const document = (await parseDocument(content, blobPath(digest))) as { manifests?: unknown } | null
  if (!Array.isArray(document?.manifests)) return readManifest(content, digest)
  const found = choosePlatform(await listManifests(content, blobPath(digest), 0), platform)
  return readManifest(content, found.digest)
}

export function manifestImage(
  content: ArchiveContent,
  manifest: ImageManifest,
  source: IndexSource,
): Promise<ArchivedImage> {
  const layerPaths = manifest.layers.map(({ digest }) => blobPath(digest))
  return assembleImage(content, { configPath: blobPath(manifest.config.digest), layerPaths, source })
}

async function readManifest(content: ArchiveContent, digest: string): Promise<ImageManifest> {
  const manifest = (await parseDocument(content, blobPath(digest))) as Partial<ImageManifest> | null
  const { config, layers } = manifest ?? {}
  const isFine = [config, ...(Array.isArray(layers) ? layers : [undefined])].every(isDescriptor)
  if (!isFine) throw archiveProblem('an image manifest is malformed')
  return { config: config!, layers: layers! }
}

const isDescriptor = (value: unknown): boolean => typeof (value as Descriptor | undefined)?.digest === 'string'

function choosePlatform(manifests: readonly Descriptor[], platform: string | undefined): Descriptor {
  const nameOf = ({ platform: own }: Descriptor): string | undefined => own && `${own.os}/${own.architecture}`
  const wanted = platform ?? machinePlatform
  const chosen =
    manifests.find((each) => nameOf(each) === wanted) ?? (platform === undefined ? manifests[0] : undefined)
  if (chosen !== undefined) return chosen
  if (manifests.length === 0) throw archiveProblem('it holds no image')
  const known = manifests.flatMap((each) => nameOf(each) ?? []).join(', ')
  throw archiveProblem(`it has no image for ${wanted}, only for ${known}`)
}

/** The image manifests of an index and of those it names; attestations, whose platform is unknown, are no images. */
async function listManifests(content: ArchiveContent, path: string, depth: number): Promise<Descriptor[]> {
  if (depth > deepestIndex) throw archiveProblem('its indexes are nested too deep')
  const { manifests } = ((await parseDocument(content, path)) ?? {}) as { manifests?: readonly Descriptor[] }
  if (!Array.isArray(manifests)) throw archiveProblem(`${path} names no manifests`)
  const found: Descriptor[] = []
  for (const each of manifests as readonly Descriptor[]) {
    if (!isDescriptor(each)) throw archiveProblem(`${path} has an entry without digest`)
    if (each.platform?.os === 'unknown') continue
    const type = String(each.mediaType)
    const isIndex = type.includes('index') || type.includes('manifest.list')
    if (isIndex) found.push(...(await listManifests(content, blobPath(each.digest), depth + 1)))
    else found.push(each)
  }
  return found
}
