import type { PackagePurpose } from '../packages/package-purpose'
import type { PathKind } from '../surface/path-kinds'
import type { LedgerClass } from './ledger-classes'
import { type Change, change } from './union-tree'

/** What the rules ask of one file of the image before. */
export interface LedgerFile {
  readonly change: Change
  /** The same content is at a path that only the image after has. */
  readonly isMoved: boolean
  readonly kind: PathKind
  /** Of the package that owns it; undefined for a file of none. */
  readonly purpose: PackagePurpose | undefined
  /** The image after has the folder of language packages that it lies in. */
  readonly isFolderKept: boolean
  readonly isBaseLayer: boolean
  /** Its layer is a COPY or ADD from the build context. */
  readonly isCopyLayer: boolean
  /** Below a folder at the top that no system has. */
  readonly isOwnFolder: boolean
}

interface LedgerRule {
  readonly class: LedgerClass
  readonly because: string
  readonly holds: (file: LedgerFile) => boolean
}

const isLanguage = ({ kind, purpose }: LedgerFile): boolean =>
  purpose === 'language' || (purpose === undefined && kind === 'languagePackages')
const isSystem = ({ purpose }: LedgerFile): boolean => purpose === 'system'

/** The first rule that holds decides: what ships, what the owning package is for, what the path says, which layer brought it. */
export const ledgerRules: readonly LedgerRule[] = [
  {
    class: 'shipped',
    because: 'the image after has it at the same path, the same',
    holds: (file) => file.change === change.kept,
  },
  {
    class: 'shippedChanged',
    because: 'the image after has another file at its path',
    holds: (file) => file.change === change.changed,
  },
  {
    class: 'moved',
    because: 'the image after has its content under a path of its own',
    holds: (file) => file.isMoved,
  },
  {
    class: 'packageCache',
    because: 'it lies where a package manager keeps what it fetched',
    holds: (file) => file.kind === 'packageCache',
  },
  {
    class: 'toolchain',
    because: 'its package is for building: a compiler, a -dev package, a version control system',
    holds: (file) => file.purpose === 'toolchain',
  },
  {
    class: 'docs',
    because: 'its package holds documentation or translations',
    holds: (file) => file.purpose === 'docs',
  },
  {
    class: 'developmentPackages',
    because: 'a language package that the image after lacks in a folder of packages that it has',
    holds: (file) => isLanguage(file) && file.isFolderKept,
  },
  {
    class: 'languagePackages',
    because: 'a language package in a folder that the image after lacks',
    holds: isLanguage,
  },
  {
    class: 'docs',
    because: 'it lies where manuals and translations are kept',
    holds: (file) => file.kind === 'docs' && (isSystem(file) || file.isBaseLayer || !isProject(file)),
  },
  {
    class: 'baseSystem',
    because: 'a package of the system owns it, and a layer of the base image brought it',
    holds: (file) => isSystem(file) && file.isBaseLayer,
  },
  {
    class: 'systemPackages',
    because: 'a package of the system owns it, and a layer above the base image brought it',
    holds: isSystem,
  },
  {
    class: 'source',
    because: 'no package owns it, and it came from the build context, or lies where projects do',
    holds: (file) => !file.isBaseLayer && isProject(file),
  },
  {
    class: 'toolchain',
    because: 'no package owns it, and it lies or is named as compilers and headers are',
    holds: (file) => file.kind === 'toolchain',
  },
  { class: 'baseSystem', because: 'a layer of the base image brought it', holds: (file) => file.isBaseLayer },
  {
    class: 'systemPackages',
    because: 'a layer above the base image brought it, and nothing else is known',
    holds: () => true,
  },
]

function isProject({ isCopyLayer, kind, isOwnFolder }: LedgerFile): boolean {
  return isCopyLayer || kind === 'application' || isOwnFolder
}

export const ledgerClassOf = (file: LedgerFile): LedgerClass => ledgerRules.find((rule) => rule.holds(file))!.class
