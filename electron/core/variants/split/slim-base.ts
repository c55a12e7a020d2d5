import { parseReference } from '../../dockerfile/reference'

const releases = ['buster', 'bullseye', 'bookworm', 'trixie', 'forky']
const numbers: Readonly<Record<string, string>> = { '10': 'buster', '11': 'bullseye', '12': 'bookworm', '13': 'trixie' }

/** A base image as far as its name tells. */
export interface BaseName {
  /** The last part of the name: `node`. */
  readonly image: string
  readonly tag: string
  /** Version at the beginning of the tag: `22` of `22-bookworm`; '' when there is none. */
  readonly version: string
  readonly isAlpine: boolean
  readonly isSlim: boolean
  /** Debian's code name; undefined where neither image nor tag says it. */
  readonly release: string | undefined
}

export function baseName(reference: string): BaseName {
  const { repository, tag = '' } = parseReference(reference)
  const image = repository.split('/').at(-1)!
  const words = tag.split('-')
  const release = words.find((word) => releases.includes(word)) ?? (image === 'debian' ? numbers[words[0]!] : undefined)
  return {
    image,
    tag,
    version: /^\d[\w.]*/.exec(words[0]!)?.[0] ?? '',
    isAlpine: words.some((word) => word.startsWith('alpine')) || image === 'alpine',
    isSlim: words.includes('slim'),
    release,
  }
}

/** The official image without the tools to build add-ons: `node:22-bookworm` gives `node:22-bookworm-slim`. */
export function slimTag(reference: string, order: 'release-slim' | 'slim-release'): string {
  const { tag, isSlim, isAlpine, release } = baseName(reference)
  if (isSlim || isAlpine) return reference
  const at = reference.lastIndexOf(`:${tag}`)
  const name = at > 0 ? reference.slice(0, at) : reference
  if (tag === 'latest') return `${name}:slim`
  if (release === undefined) return `${name}:${tag}-slim`
  return order === 'release-slim' ? `${name}:${tag}-slim` : `${name}:${tag.replace(release, `slim-${release}`)}`
}

/**
 * The small Debian of the same release, which has the libraries that the build saw; where the name does not tell the release, the
 * newest stable one, because programs run on a newer C library than they were linked with and not on an older one. Alpine stays alpine.
 */
export function plainSlim(reference: string): string {
  const { image, isAlpine, release, tag } = baseName(reference)
  if (isAlpine)
    return image === 'alpine' ? reference : `alpine${/alpine(\d[\d.]*)/.exec(tag)?.[1]?.replace(/^/, ':') ?? ''}`
  if (image === 'ubuntu') return `ubuntu:${tag}`
  return `debian:${release ?? 'stable'}-slim`
}
