/** An image reference with the defaults the engine fills in: `debian` is `docker.io/library/debian:latest`. */
export interface ImageReference {
  readonly registry: string
  readonly repository: string
  readonly tag: string | undefined
  readonly digest: string | undefined
}

/** Parses a reference as the engine does, ports and digests included (https://github.com/distribution/reference). */
export function parseReference(text: string): ImageReference {
  const [beforeDigest = '', digest] = text.split('@')
  const slash = beforeDigest.indexOf('/')
  const head = slash < 0 ? '' : beforeDigest.slice(0, slash)
  const hasRegistry = /[.:]/.test(head) || head === 'localhost'
  const path = hasRegistry ? beforeDigest.slice(slash + 1) : beforeDigest
  const colon = path.indexOf(':')
  const repository = colon < 0 ? path : path.slice(0, colon)
  const tag = colon < 0 ? (digest === undefined ? 'latest' : undefined) : path.slice(colon + 1)
  const registry = hasRegistry ? head : 'docker.io'
  const isOfficial = registry === 'docker.io' && !repository.includes('/')
  return { registry, repository: isOfficial ? `library/${repository}` : repository, tag, digest }
}

/** One spelling for one image, so that `debian` and `docker.io/library/debian:latest` compare equal. */
export function canonicalReference(text: string): string {
  const { registry, repository, tag, digest } = parseReference(text)
  return `${registry}/${repository}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`
}
