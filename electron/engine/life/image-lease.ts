import { randomBytes } from 'node:crypto'
import type { EngineClient } from '../docker/client'
import { thisOwner } from './owner'

const repository = 'cutaway/session'

/**
 * Tags that keep images for as long as a session needs them. Each names its owner, so that another Cutaway can tell whether it is still
 * needed. An image without any other name is removed with its last one.
 */
export class ImageLease {
  readonly #client: EngineClient
  readonly #tags = new Set<string>()

  constructor(client: EngineClient) {
    this.#client = client
  }

  /** A new tag, for a build to give to its image. */
  next(): string {
    const tag = `${repository}:${thisOwner()}.${randomBytes(4).toString('hex')}`
    this.#tags.add(tag)
    return tag
  }

  /** Moves the tags of another lease into this one. */
  take(other: ImageLease): void {
    for (const tag of other.#tags) this.#tags.add(tag)
    other.#tags.clear()
  }

  /** Removes all tags. Can be called again. Throws engine-lost, engine-refused. */
  async release(): Promise<void> {
    for (const tag of [...this.#tags]) {
      await this.#client.removeImage(tag)
      this.#tags.delete(tag)
    }
  }
}

/** Whether a name of an image is the tag of a lease, and not one for people. */
export const isLeaseTag = (reference: string): boolean => reference.startsWith(`${repository}:`)

/** The owner that a lease tag names. */
export const leaseOwner = (tag: string): string => tag.slice(repository.length + 1).replace(/\.[^.]*$/, '')

/** The filter of an image list that leaves only leased images. */
export const leaseFilter = JSON.stringify({ reference: [repository] })
