import { ColumnReader, packColumns } from '../columns'
import type { Failure } from '../failure'
import { fieldsOf, isAmount, isImageConfig, isTexts } from '../image/check-config'
import { layerProblem } from '../image/check-layer'
import type { ImageConfig } from '../image/image-config'
import type { EngineFacts, ImageIndex, IndexSource } from '../image/image-index'
import { packLayer, unpackLayer } from '../image/pack-layer'
import { mergeLayers } from '../image/rootfs'
import { noLedgerClass } from './ledger'
import { ledgerClasses } from './ledger-classes'
import { packClasses, type TreeClasses, unpackClasses } from './meaning'

/** A comparison as it is kept in a file: both indexes, no content of files, and what was said of them. */
export interface SavedComparison {
  readonly before: ImageIndex
  readonly after: ImageIndex
  /** Undefined where the images' files were not looked into. */
  readonly classes: TreeClasses | undefined
  /** What a page is shown beside the tree; JSON. */
  readonly page: unknown
}

/** How a file of a saved comparison begins; then the SHA-256 of the rest, and a packed comparison, gzip. */
export const savedMagic = 'CUTAWAY1'
export const savedDigestBytes = 32

/** Why a file of a saved comparison cannot be opened. */
export const contentNotSaved = (path: string): Failure => ({
  code: 'file-unreadable',
  path,
  problem: 'a saved comparison keeps no content of files',
})

/** Changes when an older Cutaway could not read what is written. */
const version = 1

interface Header {
  readonly version: number
  readonly page: unknown
  readonly images: readonly [ImageHeader, ImageHeader]
  /** Length of each packed layer, one for each diffID; then that of the classes, 0 for none. */
  readonly lengths: readonly number[]
}

interface ImageHeader {
  readonly imageId: string
  readonly source: IndexSource
  readonly config: ImageConfig
  readonly transferBytes: number | null
  readonly engine: EngineFacts | null
  /** For each layer its place among those that are packed, and what made it. */
  readonly layers: readonly { readonly diffId: string; readonly createdBy: string; readonly packed: number }[]
}

/** One buffer of all; layers that both images have are in it once. */
export function packComparison({ before, after, classes, page }: SavedComparison): Uint8Array {
  const packed: Uint8Array[] = []
  const places = new Map<string, number>()
  const header = (image: ImageIndex): ImageHeader => ({
    imageId: image.imageId,
    source: image.source,
    config: image.config,
    transferBytes: image.transferBytes ?? null,
    engine: image.engine ?? null,
    layers: image.layers.map(({ diffId, createdBy, table }) => {
      const place = places.get(diffId) ?? packed.push(packLayer(table)) - 1
      places.set(diffId, place)
      return { diffId, createdBy, packed: place }
    }),
  })
  const images = [header(before), header(after)] as const
  packed.push(classes ? packClasses(classes) : new Uint8Array(0))
  return packColumns({ version, page, images, lengths: packed.map(({ length }) => length) }, packed)
}

/** What makes a buffer no comparison. */
export class SavedProblem extends Error {}

/** The inverse of packComparison. Throws SavedProblem for what was not packed by it, or by a newer one. */
export function unpackComparison(bytes: Uint8Array): SavedComparison {
  try {
    return unpack(bytes)
  } catch (error) {
    if (error instanceof SavedProblem) throw error
    throw new SavedProblem('what is in it does not fit together', { cause: error })
  }
}

function unpack(bytes: Uint8Array): SavedComparison {
  const reader = new ColumnReader(bytes)
  const { version: written, page, images, lengths } = reader.header as Header
  if (!Number.isFinite(written)) throw new SavedProblem('its description is missing')
  if (written !== version) throw new SavedProblem(`it was saved by another version of Cutaway (format ${written})`)
  const packed = lengths.map((length) => reader.take(Uint8Array, length))
  const tables = packed.slice(0, -1).map(unpackLayer)
  for (const table of tables) {
    const problem = layerProblem(table)
    if (problem !== undefined) throw new SavedProblem(problem)
  }
  if (!images.every(isImageHeader)) throw new SavedProblem('an image in it is not complete')
  const image = ({ engine, transferBytes, layers, ...rest }: ImageHeader): ImageIndex => {
    const own = layers.map(({ packed: place, ...layer }) => ({ ...layer, table: tables[place]! }))
    const rootfs = mergeLayers(own.map(({ table }) => table))
    const unpackedBytes = own.reduce((sum, { table }) => sum + table.unpackedBytes, 0)
    return {
      ...rest,
      layers: own,
      rootfs,
      unpackedBytes,
      transferBytes: transferBytes ?? undefined,
      engine: engine ?? undefined,
    }
  }
  const classes = packed.at(-1)!.length === 0 ? undefined : unpackClasses(packed.at(-1)!)
  if (classes && !areClassesOf(classes, page)) throw new SavedProblem('a class or package in it is unknown')
  return { before: image(images[0]), after: image(images[1]), classes, page }
}

function isImageHeader(found: ImageHeader): boolean {
  const { imageId, source, config, transferBytes, engine, layers } = fieldsOf(found)
  const { base, diskBytes } = fieldsOf(engine)
  const { name, layers: baseLayers } = fieldsOf(base)
  const isBase = base === undefined || base === null || (typeof name === 'string' && isAmount(baseLayers))
  return (
    [imageId, source].every((each) => typeof each === 'string') &&
    isImageConfig(config) &&
    (transferBytes === null || isAmount(transferBytes)) &&
    (engine === null || (isAmount(diskBytes) && isBase)) &&
    Array.isArray(layers) &&
    layers.every((layer) => isTexts([fieldsOf(layer).diffId, fieldsOf(layer).createdBy]))
  )
}

/** Packages are counted in what a page is shown. */
function areClassesOf({ ledger, package: packages }: TreeClasses, page: unknown): boolean {
  const known = fieldsOf(fieldsOf(page).examination).packages
  const count = Array.isArray(known) ? known.length : undefined
  return (
    ledger.every((line) => line < ledgerClasses.length || line === noLedgerClass) &&
    packages.every((line) => line >= -1 && (count === undefined || line < count))
  )
}
