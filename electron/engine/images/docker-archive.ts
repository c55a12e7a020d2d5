import type { IndexSource } from '../../core/image/image-index'
import { archiveProblem } from '../../core/image/tar/header'
import { type ArchiveContent, type ArchivedImage, assembleImage, memberName, parseDocument } from './archive-content'

interface ManifestItem {
  readonly Config: string
  readonly RepoTags?: readonly string[] | null
  readonly Layers: readonly string[]
}

/** One image of a docker-archive, by tag or image id; undefined takes the only one. Throws archive-invalid. */
export async function dockerArchiveImage(
  content: ArchiveContent,
  reference: string | undefined,
  source: IndexSource,
): Promise<ArchivedImage> {
  const items = await parseDocument(content, 'manifest.json')
  if (!Array.isArray(items)) throw archiveProblem('its manifest.json is not a list')
  const { Config, Layers } = chooseItem(items.filter(isManifestItem), reference)
  return assembleImage(content, { configPath: Config, layerPaths: Layers, source })
}

/** Whether some image of the docker-archive has this id; engines with a containerd store name images otherwise. */
export async function hasDockerArchiveImage(content: ArchiveContent, imageId: string): Promise<boolean> {
  if ((await content.document('manifest.json')) === undefined) return false
  const items = await parseDocument(content, 'manifest.json')
  const digest = imageId.replace(/^sha256:/, '')
  return Array.isArray(items) && items.filter(isManifestItem).some((item) => isConfigOf(item, digest))
}

const isConfigOf = (item: ManifestItem, digest: string): boolean => memberName(item.Config).includes(digest)

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
    (each) => digest !== undefined && (isConfigOf(each, digest) || each.RepoTags?.includes(digest)),
  )
  if (named) return named
  if (images.length === 1) return images[0]!
  const tags = images.flatMap((each) => each.RepoTags ?? []).join(', ')
  if (reference === undefined) throw archiveProblem(`it holds ${images.length} images; name one of: ${tags}`)
  throw archiveProblem(`it does not hold the image ${reference}, only: ${tags}`)
}
