import { expect } from 'vitest'
import { compareImages } from '../../electron/core/compare/comparison'
import { makeLedger } from '../../electron/core/compare/ledger'
import type { ImageIndex } from '../../electron/core/image/image-index'
import type { EngineClient } from '../../electron/engine/docker/client'
import { examineEngineImage } from '../../electron/engine/images/examine-images'

/** Every byte of either image is in exactly one class of its ledger against the other. */
export async function expectExactLedgers(client: EngineClient, before: ImageIndex, after: ImageIndex): Promise<void> {
  for (const [one, two] of [
    [before, after],
    [after, before],
  ] as const) {
    const { installed } = await examineEngineImage(client, one, new AbortController().signal)
    const { lines } = makeLedger({ ...compareImages(one, two), installed })
    expect(lines.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(one.unpackedBytes)
    expect(lines.every(({ bytes, entries }) => bytes >= 0 && entries >= 0)).toBe(true)
  }
}
