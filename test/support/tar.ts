import tar from 'tar-stream'
import { type LayerTable, LayerTableBuilder } from '../../electron/core/image/layer-table'
import { TarScanner } from '../../electron/core/image/tar/scanner'
import { createChecksum } from '../../electron/engine/images/checksum'

/** `['a/b', 'text']` is a file, `['a/', ]` a folder, `['l', { link: 'x' }]` and `{ hardLink: 'x' }` links. */
export type Member = readonly [
  name: string,
  content?: string | { readonly link: string } | { readonly hardLink: string },
  mode?: number,
]

/** A tar made by a library other than the one under test. */
export async function makeTar(members: readonly Member[]): Promise<Buffer> {
  const pack = tar.pack()
  const mtime = new Date(1_700_000_000_000)
  for (const [name, content, mode] of members) {
    if (name.endsWith('/')) pack.entry({ name, type: 'directory', mode: mode ?? 0o755, mtime })
    else if (typeof content === 'object')
      pack.entry(
        'link' in content
          ? { name, type: 'symlink', linkname: content.link, mtime }
          : { name, type: 'link', linkname: content.hardLink, mtime, mode: mode ?? 0o644 },
      )
    else pack.entry({ name, mode: mode ?? 0o644, mtime }, content ?? '')
  }
  pack.finalize()
  const chunks: Buffer[] = []
  for await (const chunk of pack) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

export async function readLayer(bytes: Uint8Array, chunkLength = bytes.length): Promise<LayerTable> {
  const builder = new LayerTableBuilder(await createChecksum())
  const scanner = new TarScanner(builder)
  for (let at = 0; at < bytes.length; at += chunkLength) scanner.push(bytes.subarray(at, at + chunkLength))
  scanner.end()
  return builder.finish()
}

export const layer = async (members: readonly Member[]): Promise<LayerTable> => readLayer(await makeTar(members))
