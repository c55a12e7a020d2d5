import { imageFacts } from '../compare/facts'
import { findWaste, type WastedPath } from '../compare/waste'
import { formatBytes, formatCount, formatQuantity } from '../format'
import type { ImageIndex } from '../image/image-index'
import { entryKind } from '../image/layer-table'
import { nodePath } from '../image/path-tree'
import { printableLine } from '../printable'
import { displayName } from '../utf8'

/** The JSON of `cutaway inspect`, schema version 1; only additions keep the version. */
export interface InspectReport {
  readonly schemaVersion: 1
  readonly imageId: string
  /** How the layers were read. */
  readonly source: string
  readonly unpackedBytes: number
  readonly visibleBytes: number
  /** Sum of the layers as stored compressed, where the source has them so. */
  readonly transferBytes: number | null
  /** On the engine's disk, shared layers counted; null for an archive. */
  readonly diskBytes: number | null
  /** The image it was built on, where the engine has that too, and how many layers that has. */
  readonly base: { readonly name: string; readonly layers: number } | null
  readonly wastedBytes: number
  readonly efficiency: number
  readonly entries: number
  readonly layers: readonly {
    readonly diffId: string
    readonly unpackedBytes: number
    readonly entries: number
    readonly createdBy: string
  }[]
  /** The largest visible files. */
  readonly largest: readonly { readonly path: string; readonly contentBytes: number; readonly layer: number }[]
  readonly waste: readonly WastedPath[]
}

const longestList = 50

export function makeInspectReport(image: ImageIndex): InspectReport {
  const waste = findWaste(image.rootfs)
  return {
    schemaVersion: 1,
    ...imageFacts(image),
    largest: largestFiles(image),
    waste: waste.paths.slice(0, longestList),
  }
}

function largestFiles({ rootfs }: ImageIndex): InspectReport['largest'] {
  const files = Array.from(rootfs.kind.keys()).filter((node) => rootfs.kind[node] === entryKind.file)
  files.sort((a, b) => rootfs.contentBytes[b]! - rootfs.contentBytes[a]!)
  return files.slice(0, longestList).map((node) => {
    const path = `/${displayName(nodePath(rootfs, node))}`
    return { path, contentBytes: rootfs.contentBytes[node]!, layer: rootfs.layer[node]! }
  })
}

const shown = 10

/** The report for a terminal. */
export function textInspect(report: InspectReport): string {
  const line = (bytes: number, text: string): string => `  ${formatBytes(bytes).padStart(8)}  ${text}`
  const waste = report.waste
    .slice(0, shown)
    .map(({ wastedBytes, path, copies, fate }) =>
      line(wastedBytes, `${path} (${fate}${copies > 1 ? `, ${formatQuantity(copies, 'copy', 'copies')}` : ''})`),
    )
  const sections = [
    [
      `${report.imageId} (read from: ${report.source})`,
      line(report.unpackedBytes, 'unpacked, all layers'),
      line(report.visibleBytes, `visible in a container, ${formatQuantity(report.entries, 'entry', 'entries')}`),
      line(report.wastedBytes, `stored and not visible; efficiency ${report.efficiency.toFixed(4)}`),
      ...(report.transferBytes === null ? [] : [line(report.transferBytes, 'to transfer, layers compressed')]),
      ...(report.diskBytes === null ? [] : [line(report.diskBytes, 'on the engine’s disk, shared layers counted')]),
    ],
    [
      'Layers, lowest first',
      ...report.layers.map((layer, at) =>
        line(layer.unpackedBytes, `${formatCount(layer.entries).padStart(7)}  ${layerLabel(report, at)}`),
      ),
    ],
    ['Largest files', ...report.largest.slice(0, shown).map((file) => line(file.contentBytes, file.path))],
    ['Stored and not visible', ...(waste.length === 0 ? ['  nothing'] : waste)],
  ]
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`
}

function layerLabel({ layers, base }: InspectReport, at: number): string {
  const text = printableLine(layers[at]!.createdBy) || 'no instruction recorded'
  return base !== null && at < base.layers ? `base image ${base.name}: ${text}` : text
}
