import { formatCount } from '../format'
import type { ImageIndex } from '../image/image-index'
import { type Package, packageTypeLabel, packageTypes } from '../packages/package'
import type { Examination } from '../surface/examine'
import { findResidue, type Residue } from '../surface/residue'
import { type Surface, surfaceCategories, surfaceLabels } from '../surface/surface'

/** The JSON of `cutaway surface`, schema version 1; only additions keep the version. */
export interface SurfaceReport {
  readonly schemaVersion: 1
  readonly imageId: string
  /** Everything, by category. */
  readonly surface: Surface
  readonly packages: readonly Package[]
  /** Files that were deleted or overwritten in a later layer. */
  readonly residue: Residue
}

export function makeSurfaceReport(index: ImageIndex, { surface, installed }: Examination): SurfaceReport {
  return {
    schemaVersion: 1,
    imageId: index.imageId,
    surface,
    packages: installed.packages,
    residue: findResidue(index, undefined),
  }
}

const shown = 8

/** The report for a terminal: every count, and the beginning of its list. */
export function textSurface({ imageId, surface, packages, residue }: SurfaceReport): string {
  const sections = surfaceCategories.map((category) => {
    const items = surface[category]
    const list = items
      .slice(0, shown)
      .map(({ name, detail }) => `            ${name}${detail === '' ? '' : ` (${detail})`}`)
    const more = items.length > shown ? [`            … ${formatCount(items.length - shown)} more; --json has all`] : []
    const isLong = category === 'executables' || category === 'sharedLibraries' || category === 'packages'
    return [
      `  ${formatCount(items.length).padStart(8)}  ${surfaceLabels[category]}`,
      ...(isLong ? [] : [...list, ...more]),
    ]
  })
  const types = packageTypes
    .map((type) => [type, packages.filter((each) => each.type === type).length] as const)
    .filter(([, count]) => count > 0)
    .map(([type, count]) => `            ${formatCount(count)} ${packageTypeLabel[type]}`)
  const secrets = residue.list.filter(({ secret }) => secret !== null)
  return `${[
    imageId,
    ...sections.flat(),
    ...types,
    `  ${formatCount(residue.files).padStart(8)}  Files deleted or overwritten, and still readable`,
    ...secrets.slice(0, shown).map(({ path, secret, layer }) => `            ${path} (${secret}, layer ${layer + 1})`),
  ].join('\n')}\n`
}
