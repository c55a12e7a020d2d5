import type { Package } from './package'

/** Why a package is in an image, as far as its own data tell. */
export type PackagePurpose = 'toolchain' | 'docs' | 'language' | 'system' | 'program'

const languages = /^(pypi|npm|gem|composer|maven)$/

/** Sections of Debian (https://packages.debian.org/stable/) whose packages are for building, or for reading. */
const toolSections = /^(devel|libdevel|debug|vcs|rust|golang)$/
const docSections = /^(doc|localization)$/

/** Names, on any distribution, of what builds programs; sections are Debian's only, and not always set. */
const toolNames: readonly RegExp[] = [
  /-(dev|devel|headers|src|dbg|debuginfo|tools-dev)$|^(linux-libc-dev|linux-headers|kernel-headers|libc-dev|musl-dev|fortify-headers)/,
  // gcc-12-base is a folder for documentation that libc needs.
  /^(?!gcc-[\d.]+-base$)(gcc|g\+\+|cpp|gfortran|gobjc|gdc|gnat|clang|llvm|lld|lldb|tcc|nasm|yasm)(-|$|\d)/,
  /^(binutils|elfutils|build-base|build-essential|dpkg-dev|make|cmake|ninja|ninja-build|meson|scons|ant|maven|gradle)(-|$)/,
  /^(autoconf|automake|autotools|bison|flex|gettext|libtool|m4|patch|pkg-config|pkgconf|swig|gdb|strace|valgrind)(-|$)/,
  /^(rustc|cargo|rust|libstd-rust|golang|go)(-|$)/,
  /^(openjdk|java)-.*-(jdk|devel|jmods)(-|$)/,
  /^(git|git-man|mercurial|mercurial-common|subversion|bzr|libsvn1|libserf-1-1)$/,
  // What only compilers and linkers load.
  /^lib(asan|tsan|lsan|ubsan|hwasan|itm|cc1-|isl|mpc|mpfr|ctf|binutils|gprofng|sframe|debuginfod|babeltrace|source-highlight)/,
]

export function packagePurpose({ type, name, section }: Package): PackagePurpose {
  if (languages.test(type)) return 'language'
  if (type === 'golang') return 'program'
  if (docSections.test(section) || /-(doc|docs|man)$/.test(name)) return 'docs'
  return toolSections.test(section) || toolNames.some((rule) => rule.test(name)) ? 'toolchain' : 'system'
}
