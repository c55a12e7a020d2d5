import { lstat, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { archiveProblem } from '../../core/image/tar/header'
import { type ArchiveContent, largestJson, memberName, type StoredLayer } from './archive-content'
import { fileChunks } from './file-chunks'
import { readLayerStream } from './layer-reader'

/** An image layout, or an unpacked docker-archive, in a folder. Only what the documents name is read, and nothing outside. */
export class LayoutFolder implements ArchiveContent {
  readonly #folder: string
  readonly #signal: AbortSignal

  constructor(folder: string, signal: AbortSignal) {
    this.#folder = folder
    this.#signal = signal
  }

  async document(name: string): Promise<string | undefined> {
    const path = this.pathOf(name)
    const found = await lstat(path).catch(() => undefined)
    if (!found?.isFile() || found.size > largestJson) return undefined
    return readFile(path, { encoding: 'utf8', signal: this.#signal })
  }

  async layer(name: string): Promise<StoredLayer> {
    const path = this.pathOf(name)
    const found = await lstat(path).catch(() => undefined)
    if (!found?.isFile()) throw archiveProblem(`the layer ${name} is missing`)
    return {
      ...(await readLayerStream(fileChunks(path, { signal: this.#signal }))),
      storedBytes: found.size,
      offset: 0,
    }
  }

  /** Names come from documents that may lie; `..` leads nowhere, and links are not followed. */
  pathOf(name: string): string {
    const parts = memberName(name).split('/')
    if (parts.includes('..')) throw archiveProblem(`it names a file outside: ${name}`)
    return join(this.#folder, ...parts)
  }
}
