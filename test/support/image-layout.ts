import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import tar from 'tar-stream'

const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex')

export type Compression = 'none' | 'gzip' | 'zstd'

export interface LayoutImage {
  /** Uncompressed tars, lowest first. */
  readonly layers: readonly Buffer[]
  readonly compression: Compression
  readonly architecture?: string
}

const mediaTypes: Readonly<Record<Compression, string>> = {
  none: 'application/vnd.oci.image.layer.v1.tar',
  gzip: 'application/vnd.oci.image.layer.v1.tar+gzip',
  zstd: 'application/vnd.oci.image.layer.v1.tar+zstd',
}

/** A zstd frame of raw blocks: valid, if not small; there is no compressor in Node 20. */
export function zstdStored(bytes: Uint8Array): Buffer {
  const block = 128 << 10
  const parts: Buffer[] = [Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x50])] // window of 1 MB
  for (let at = 0; at < bytes.length || at === 0; at += block) {
    const piece = bytes.subarray(at, at + block)
    const isLast = at + block >= bytes.length
    const word = (piece.length << 3) | (isLast ? 1 : 0)
    parts.push(Buffer.from([word & 255, (word >> 8) & 255, word >> 16]), Buffer.from(piece))
  }
  return Buffer.concat(parts)
}

function compress(bytes: Buffer, compression: Compression): Buffer {
  if (compression === 'gzip') return gzipSync(bytes, { level: 1 })
  return compression === 'zstd' ? zstdStored(bytes) : bytes
}

/**
 * The files of an image layout by name, with a manifest.json beside it as engines write. One image has a manifest, several an index
 * that names one for each architecture.
 */
export function layoutFiles(images: readonly LayoutImage[], reference: string): Map<string, Buffer> {
  const files = new Map<string, Buffer>([['oci-layout', Buffer.from('{"imageLayoutVersion":"1.0.0"}')]])
  const keep = (bytes: Buffer, mediaType: string): { mediaType: string; digest: string; size: number } => {
    files.set(`blobs/sha256/${sha256(bytes)}`, bytes)
    return { mediaType, digest: `sha256:${sha256(bytes)}`, size: bytes.length }
  }
  const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value))
  const manifests = images.map(({ layers, compression, architecture = 'amd64' }) => {
    const config = keep(
      json({
        architecture,
        os: 'linux',
        config: {},
        rootfs: { type: 'layers', diff_ids: layers.map((bytes) => `sha256:${sha256(bytes)}`) },
        history: layers.map((_, at) => ({ created: '2026-01-01T00:00:00Z', created_by: `layer ${at}` })),
      }),
      'application/vnd.oci.image.config.v1+json',
    )
    const stored = layers.map((bytes) => keep(compress(bytes, compression), mediaTypes[compression]))
    const mediaType = 'application/vnd.oci.image.manifest.v1+json'
    const manifest = keep(json({ schemaVersion: 2, mediaType, config, layers: stored }), mediaType)
    return { manifest: { ...manifest, platform: { os: 'linux', architecture } }, config, stored }
  })
  const path = ({ digest }: { digest: string }): string => `blobs/${digest.replace(':', '/')}`
  const type = 'application/vnd.oci.image.index.v1+json'
  const nested = { schemaVersion: 2, mediaType: type, manifests: manifests.map(({ manifest }) => manifest) }
  const top = images.length === 1 ? manifests[0]!.manifest : keep(json(nested), type)
  const annotations = {
    'io.containerd.image.name': `docker.io/${reference}`,
    'org.opencontainers.image.ref.name': reference.split(':').at(-1),
  }
  files.set('index.json', json({ schemaVersion: 2, mediaType: type, manifests: [{ ...top, annotations }] }))
  if (images.length === 1) {
    const [{ config, stored }] = manifests as [(typeof manifests)[number]]
    const item = { Config: path(config), RepoTags: [reference], Layers: stored.map(path) }
    files.set('manifest.json', json([item]))
  }
  return files
}

/** The same as a tar. */
export async function layoutTar(files: ReadonlyMap<string, Buffer>): Promise<Buffer> {
  const pack = tar.pack()
  for (const [name, bytes] of files) pack.entry({ name }, bytes)
  pack.finalize()
  const chunks: Buffer[] = []
  for await (const chunk of pack) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

/** The same in a folder. */
export function writeLayout(folder: string, files: ReadonlyMap<string, Buffer>): void {
  for (const [name, bytes] of files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), bytes)
  }
}
