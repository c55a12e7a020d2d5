/** The image that another one was built on. */
export interface BaseImage {
  readonly name: string
  /** How many of the image's layers, from the lowest, are the base's. */
  readonly layers: number
}

export interface BaseCandidate {
  readonly name: string
  readonly diffIds: readonly string[]
}

/**
 * The candidate whose layers are the longest proper prefix of the image's; undefined when none is. Which layers are a base's
 * cannot be told from the image alone: a base may have many layers, or none.
 */
export function findBase(diffIds: readonly string[], candidates: readonly BaseCandidate[]): BaseImage | undefined {
  let best: BaseImage | undefined
  for (const { name, diffIds: own } of candidates) {
    const isPrefix = own.length > 0 && own.length < diffIds.length && own.every((each, at) => each === diffIds[at])
    if (isPrefix && own.length > (best?.layers ?? 0)) best = { name, layers: own.length }
  }
  return best
}
