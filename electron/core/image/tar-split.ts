import { type LayerTable, LayerTableBuilder } from './layer-table'
import { TarScanner } from './tar/scanner'

/** One line of a tar-split file (https://github.com/vbatts/tar-split): raw tar bytes, or the checksum of a file's content. */
export type TarSplitLine =
  | { readonly kind: 'segment'; readonly bytes: Uint8Array }
  | { readonly kind: 'checksum'; readonly high: number; readonly low: number }

const noChecksum = { update: () => undefined, take: (): readonly [number, number] => [0, 0] }

/** Builds a layer's table from its tar headers and the checksums that the engine kept when it took the layer in. */
export class TarSplitReader {
  readonly #table = new LayerTableBuilder(noChecksum)
  readonly #scanner = new TarScanner(this.#table, { hasContent: false })

  push(line: TarSplitLine): void {
    if (line.kind === 'segment') this.#scanner.push(line.bytes)
    else this.#table.setChecksum(line.high, line.low)
  }

  finish(): LayerTable {
    this.#scanner.end()
    return this.#table.finish()
  }
}
