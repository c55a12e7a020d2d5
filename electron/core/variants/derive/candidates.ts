import { parseReference } from '../../dockerfile/reference'
import { noSettings } from '../../image/image-settings'
import type { ImageFacts } from './evidence'
import { ImageFiles } from './image-files'

export type DerivationTarget = 'multi-stage' | 'distroless' | 'minimal'

/** The empty base. */
export const scratchFacts: ImageFacts = {
  reference: 'scratch',
  architecture: '',
  diffIds: [],
  files: new ImageFiles([]),
  settings: noSettings,
  packages: { manager: undefined, byName: new Map() },
  system: new Map(),
  visibleBytes: 0,
}

/** Releases of Debian that distroless images are made of. */
const distrolessReleases = [12, 13]

/** Repositories that put the release before `slim`: `node:22-bookworm-slim`. */
const releaseFirst = /\/(node|debian|buildpack-deps)$/
const codeNames = /-?\b(bookworm|trixie|bullseye|buster|forky|sid|noble|jammy|focal|alpine[\d.]*)\b/

/**
 * References of the runtime bases to try, smallest first as far as names tell; `scratch` is the empty one. The same base comes last for a
 * second stage: it always has what the program needs.
 */
export function candidateReferences(
  target: DerivationTarget,
  base: string,
  image: Pick<ImageFacts, 'system' | 'settings'>,
): string[] {
  const { system } = image
  const release = system.get('VERSION_CODENAME') ?? ''
  const version = system.get('VERSION_ID') ?? ''
  if (target === 'minimal') return ['scratch']
  if (target === 'distroless') {
    if (system.get('ID') !== 'debian') return []
    const tags = /^(root|0)?(:.*)?$/.test(image.settings.user) ? ['latest', 'nonroot'] : ['nonroot', 'latest']
    // A program runs on a newer C library than it was linked with, not on an older one.
    const releases = distrolessReleases.filter((each) => each >= Number(version))
    return releases.flatMap((each) =>
      ['static', 'base', 'cc'].flatMap((kind) => tags.map((tag) => `gcr.io/distroless/${kind}-debian${each}:${tag}`)),
    )
  }
  const found: string[] = []
  if (system.get('ID') === 'debian' && release !== '') found.push(`debian:${release}-slim`)
  if (system.get('ID') === 'ubuntu' && version !== '') found.push(`ubuntu:${version}`)
  if (system.get('ID') === 'alpine') found.push(`alpine:${version.split('.').slice(0, 2).join('.')}`)
  if (base === 'scratch') return found
  const { registry, repository, tag } = parseReference(base)
  const isSystem = /^library\/(debian|ubuntu|alpine|golang|gcc|rust|buildpack-deps|maven|gradle|swift)$/.test(
    repository,
  )
  if (tag !== undefined && !isSystem && !/slim|alpine|jre|runtime/.test(tag)) {
    const name = registry === 'docker.io' ? repository.replace(/^library\//, '') : `${registry}/${repository}`
    const plain = tag === 'latest' ? '' : tag.replace(codeNames, '').replace(/^-|-$/g, '')
    if (/jdk/.test(tag)) found.push(`${name}:${tag.replace('jdk', 'jre')}`)
    else if (system.get('ID') === 'debian')
      found.push(
        `${name}:${[plain, ...(releaseFirst.test(repository) ? [release, 'slim'] : ['slim', release])].filter((part) => part !== '').join('-')}`,
      )
  }
  return [...new Set([...found, base])]
}
