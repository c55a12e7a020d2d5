/** Why a path is in an image, judged by where it lies. Order is the legend's order. */
export const pathKinds = [
  'runtime',
  'toolchain',
  'packageCache',
  'docs',
  'languagePackages',
  'application',
  'other',
] as const
export type PathKind = (typeof pathKinds)[number]

export const pathKindLabel: Readonly<Record<PathKind, string>> = {
  runtime: 'Runtime',
  toolchain: 'Toolchain',
  packageCache: 'Package cache',
  docs: 'Docs and locales',
  languagePackages: 'Language packages',
  application: 'Application',
  other: 'Other',
}

interface FolderRule {
  /** Matches the folder's path from the root, no slash at either end; everything below inherits the kind. */
  readonly folder: RegExp
  readonly kind: PathKind
}

/** The first rule that matches wins; a deeper match overrides what was inherited. */
const folderRules: readonly FolderRule[] = [
  { folder: /^var\/(cache|lib)\/(apt|apk|dnf|yum|pacman)$|^etc\/apk\/cache$/, kind: 'packageCache' },
  { folder: /(^|\/)\.(npm|cache|cargo\/registry|m2\/repository|gradle\/caches|nuget)$/, kind: 'packageCache' },
  { folder: /^go\/pkg\/mod$|^root\/go\/pkg\/mod$/, kind: 'packageCache' },
  { folder: /^usr\/(local\/)?share\/(doc|man|info|locale|i18n|gtk-doc|help)$/, kind: 'docs' },
  {
    folder: /^usr\/(lib|share)\/(gcc|go|go-[\d.]+|llvm-?[\d.]*|cmake|pkgconfig|perl5?|bison|autoconf|automake|swig)$/,
    kind: 'toolchain',
  },
  { folder: /^usr\/(lib|libexec)\/(gcc|gcc-cross|go|rustlib|jvm\/.*\/jmods)$/, kind: 'toolchain' },
  { folder: /^usr\/(local\/)?include$|^usr\/local\/(go|cargo|rustup)$|^usr\/src$/, kind: 'toolchain' },
  { folder: /^usr\/lib\/[^/]+-linux-[^/]+\/(perl|perl-base|pkgconfig|cmake|ldscripts)$/, kind: 'toolchain' },
  { folder: /(^|\/)(node_modules|site-packages|dist-packages|gems|vendor\/bundle)$/, kind: 'languagePackages' },
  { folder: /^usr\/(local\/)?lib\/python[\d.]+$/, kind: 'runtime' },
  { folder: /^(usr\/)?(local\/)?(s?bin|lib|lib64|libexec)$|^usr\/local\/(s?bin|lib)$/, kind: 'runtime' },
  { folder: /^(app|srv|opt|workspace|code|usr\/src\/app|usr\/app)$/, kind: 'application' },
]

const toolchainFile =
  /^(?:[a-z0-9_]+-linux-[a-z0-9_]+-)?(gcc|g\+\+|c\+\+|cc|cpp|cc1|cc1plus|lto1|lto-dump|collect2|ld|ld\.(bfd|gold|lld)|as|ar|nm|objdump|objcopy|ranlib|strip|gofmt|go|rustc|cargo|make|cmake|javac|gdb|perl|dwp|gprof|gcov.*)(-[\d.]+)?$|\.(a|h|hpp|o|la|pc)$/

/** The kind of a folder, given its path from the root and what its parent has. */
export function folderKind(path: string, inherited: PathKind): PathKind {
  return folderRules.find((rule) => rule.folder.test(path))?.kind ?? inherited
}

/** The kind of a file, given its name and what its folder has. */
export function fileKind(name: string, inherited: PathKind): PathKind {
  const canBeTool = inherited === 'runtime' || inherited === 'other'
  return canBeTool && toolchainFile.test(name) ? 'toolchain' : inherited
}
