import { readImageConfig } from '../../core/image/image-config'
import { type ImageIndex, type IndexSource, makeImageIndex } from '../../core/image/image-index'
import { archiveProblem } from '../../core/image/tar/header'
import { type ArchiveContent, memberName, type StoredLayer } from './archive-reader'

export interface ArchiveChoice {
  /** A tag of a docker-archive with several images. */
  readonly reference?: string | undefined
  /** `linux/arm64`; undefined takes this machine's, else the first. */
  readonly platform?: string | undefined
}

/** The image of an archive in either form: docker-archive, or an image layout in a tar. Throws archive-invalid. */
export async function archiveImage(content: ArchiveContent, choice: ArchiveChoice): Promise<ImageIndex> {
  if (content.documents.has('manifest.json')) return dockerArchiveImage(content, choice.reference, 'docker-archive')
  if (content.documents.has('index.json')) return imageLayoutImage(content, choice.platform)
  throw archiveProblem('it has neither manifest.json nor index.json, so it is no image archive')
}

/** One image of a docker-archive, by tag or image id; undefined takes the only one. */
export async function dockerArchiveImage(
  content: ArchiveContent,
  reference: string | undefined,
  source: IndexSource,
): Promise<ImageIndex> {
  const items = parseJson(content, 'manifest.json')
  if (!Array.isArray(items)) throw archiveProblem('its manifest.json is not a list')
  const images = items.filter(isManifestItem)
  const item = chooseItem(images, reference)
  const layers = await Promise.all(item.Layers.map((path) => content.layer(path)))
  return assemble(content, { configPath: item.Config, layers, source })
}

interface ManifestItem {
  readonly Config: string
  readonly RepoTags?: readonly string[] | null
  readonly Layers: readonly string[]
}

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'string')

function isManifestItem(item: unknown): item is ManifestItem {
  const { Config, Layers, RepoTags } = (item ?? {}) as Record<string, unknown>
  return (
    typeof Config === 'string' && isTexts(Layers) && (RepoTags === undefined || RepoTags === null || isTexts(RepoTags))
  )
}

function chooseItem(images: readonly ManifestItem[], reference: string | undefined): ManifestItem {
  const digest = reference?.replace(/^sha256:/, '')
  const named = images.find(
    (each) => digest !== undefined && (each.Config.includes(digest) || each.RepoTags?.includes(digest)),
  )
  if (named) return named
  if (images.length === 1) return images[0]!
  const tags = images.flatMap((each) => each.RepoTags ?? []).join(', ')
  if (reference === undefined) throw archiveProblem(`it holds ${images.length} images; name one of: ${tags}`)
  throw archiveProblem(`it does not hold the image ${reference}, only: ${tags}`)
}

interface Descriptor {
  readonly digest: string
  readonly mediaType?: string
  readonly platform?: { readonly os: string; readonly architecture: string }
}

const deepestIndex = 4

async function imageLayoutImage(content: ArchiveContent, platform: string | undefined): Promise<ImageIndex> {
  const manifests = listManifests(content, 'index.json', 0)
  const wanted = platform ?? `linux/${process.arch === 'arm64' ? 'arm64' : 'amd64'}`
  const nameOf = (descriptor: Descriptor): string | undefined =>
    descriptor.platform && `${descriptor.platform.os}/${descriptor.platform.architecture}`
  const chosen =
    manifests.find((each) => nameOf(each) === wanted) ?? (platform === undefined ? manifests[0] : undefined)
  if (chosen === undefined) {
    const known = manifests.flatMap((each) => nameOf(each) ?? []).join(', ')
    throw archiveProblem(
      manifests.length === 0 ? 'it holds no image' : `it has no image for ${wanted}, only for ${known}`,
    )
  }
  const manifest = parseJson(content, blobPath(chosen.digest)) as {
    config?: Descriptor
    layers?: readonly Descriptor[]
  } | null
  const blobs = [manifest?.config, ...(Array.isArray(manifest?.layers) ? manifest.layers : [undefined])]
  const [config, ...stored] = blobs.map((blob) => {
    if (typeof blob?.digest !== 'string') throw archiveProblem('an image manifest is malformed')
    return blobPath(blob.digest)
  })
  const layers = await Promise.all(stored.map((path) => content.layer(path)))
  return assemble(content, { configPath: config!, layers, source: 'image-layout' })
}

/** The image manifests of an index and of those it names; attestations, whose platform is unknown, are no images. */
function listManifests(content: ArchiveContent, path: string, depth: number): Descriptor[] {
  if (depth > deepestIndex) throw archiveProblem('its indexes are nested too deep')
  const { manifests } = (parseJson(content, path) ?? {}) as { manifests?: readonly Descriptor[] }
  if (!Array.isArray(manifests)) throw archiveProblem(`${path} names no manifests`)
  return (manifests as readonly Descriptor[]).flatMap((each) => {
    if (typeof each?.digest !== 'string') throw archiveProblem(`${path} has an entry without digest`)
    if (each.platform?.os === 'unknown') return []
    const type = String(each.mediaType)
    return type.includes('index') || type.includes('manifest.list')
      ? listManifests(content, blobPath(each.digest), depth + 1)
      : [each]
  })
}

interface Assembly {
  readonly configPath: string
  readonly layers: readonly StoredLayer[]
  readonly source: IndexSource
}

function assemble(content: ArchiveContent, { configPath, layers, source }: Assembly): ImageIndex {
  const config = readImageConfig(parseJson(content, memberName(configPath)))
  if (config.diffIds.length !== layers.length)
    throw archiveProblem(`the manifest lists ${layers.length} layers and the config ${config.diffIds.length}`)
  const isCompressed = layers.length > 0 && layers.every((layer) => layer.isCompressed)
  const transferBytes = isCompressed ? layers.reduce((sum, layer) => sum + layer.storedBytes, 0) : undefined
  const imageId = `sha256:${configPath
    .split('/')
    .at(-1)!
    .replace(/\.json$/, '')}`
  return makeImageIndex({ imageId, source, config, tables: layers.map(({ table }) => table), transferBytes })
}

const blobPath = (digest: string): string => `blobs/${digest.replace(':', '/')}`

function parseJson(content: ArchiveContent, name: string): unknown {
  try {
    return JSON.parse(content.documents.get(name) ?? '')
  } catch (cause) {
    throw Object.assign(archiveProblem(`${name} is missing or not JSON`), { cause })
  }
}
