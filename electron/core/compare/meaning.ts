import { ColumnReader, packColumns } from '../columns'
import { measureSavings, type SavingBytes } from '../findings/savings/measured'
import type { ImageIndex } from '../image/image-index'
import { RootfsPaths } from '../image/rootfs-paths'
import { comparePackages, type PackageLine } from '../packages/compare-packages'
import { compareSurfaces, type SurfaceLine } from '../surface/compare-surface'
import type { Examination } from '../surface/examine'
import { findGivenUp, type GivenUp, type GiveUpSide } from '../surface/give-up'
import { findResidue, type Residue } from '../surface/residue'
import type { Comparison } from './comparison'
import { type LedgerLine, makeLedger } from './ledger'
import type { JoinedTree } from './union-tree'

/** What a comparison means, once both images' files have been looked into. */
export interface Meaning {
  /** Every stored byte of *before* in exactly one class. */
  readonly ledger: readonly LedgerLine[]
  readonly surface: readonly SurfaceLine[]
  readonly packages: readonly PackageLine[]
  readonly residue: { readonly before: Residue; readonly after: Residue }
  /** What this project uses of the image before, and the one after has not. */
  readonly givenUp: readonly GivenUp[]
  /** What findings of the Dockerfiles cost in the images, by rule. */
  readonly savings: { readonly before: SavingBytes; readonly after: SavingBytes }
}

/** What is known of each node of the union tree beside its size. */
export interface TreeClasses {
  /** Index into ledgerClasses; noLedgerClass for folders and for what only *after* has. */
  readonly ledger: Uint8Array
  /** Index into the packages of the meaning, -1 for a file of none; of a changed file the package before. */
  readonly package: Int32Array
}

/** Explains both images by what their files say; see examineImage. */
export function explainComparison(
  comparison: Comparison,
  examined: { readonly before: Examination; readonly after: Examination },
): { readonly meaning: Meaning; readonly classes: TreeClasses } {
  const { before, after, tree } = comparison
  const ledger = makeLedger({ tree, before, after, installed: examined.before.installed })
  const compared = comparePackages(examined.before.installed, examined.after.installed)
  const owners = {
    before: linesOf(examined.before.installed.owner, compared.beforeLine),
    after: linesOf(examined.after.installed.owner, compared.afterLine),
  }
  return {
    meaning: {
      ledger: ledger.lines,
      surface: compareSurfaces(examined.before.surface, examined.after.surface),
      packages: compared.lines,
      savings: { before: savingsOf(before), after: savingsOf(after) },
      givenUp: findGivenUp(
        giveUpSide(before, examined.before),
        giveUpSide(after, examined.after),
        before.imageId.replace(/^sha256:/, '').slice(0, 12),
      ),
      residue: { before: findResidue(before, after), after: findResidue(after, before) },
    },
    classes: { ledger: ledger.column, package: packageColumn(tree, owners) },
  }
}

const savingsOf = ({ rootfs, engine }: ImageIndex): SavingBytes => measureSavings(rootfs, engine?.base?.layers ?? 0)

const giveUpSide = ({ config, rootfs }: ImageIndex, { surface, scripts }: Examination): GiveUpSide => ({
  run: config.run,
  paths: new RootfsPaths(rootfs),
  surface,
  scripts,
})

const linesOf = (owner: Int32Array, lines: Int32Array): Int32Array =>
  owner.map((index) => (index < 0 ? -1 : lines[index]!))

function packageColumn(
  { parent, isFolder, beforeNode, afterNode }: JoinedTree,
  owners: { readonly before: Int32Array; readonly after: Int32Array },
): Int32Array {
  const column = new Int32Array(parent.length).fill(-1)
  for (let node = 1; node < column.length; node++) {
    if (isFolder[node]) continue
    const [b, a] = [beforeNode[node]!, afterNode[node]!]
    const ofBefore = b < 0 ? -1 : owners.before[b]!
    column[node] = ofBefore >= 0 || a < 0 ? ofBefore : owners.after[a]!
  }
  return column
}

/** Both columns in one buffer. */
export function packClasses(classes: TreeClasses): Uint8Array<ArrayBuffer> {
  return packColumns({ count: classes.ledger.length }, [classes.ledger, classes.package])
}

/** The inverse of packClasses; the columns are views of the buffer. */
export function unpackClasses(bytes: Uint8Array): TreeClasses {
  const reader = new ColumnReader(bytes)
  const { count } = reader.header as { readonly count: number }
  return { ledger: reader.take(Uint8Array, count), package: reader.take(Int32Array, count) }
}
