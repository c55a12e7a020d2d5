import type { ShellCommand } from '../../dockerfile/stage-state'
import type { SingleStage } from './single-stage'

/** Packages that `apt-get install` of this stage asks for, divided by what they are for. */
export interface AptPackages {
  readonly runtime: readonly string[]
  readonly build: readonly string[]
}

// Compilers, linkers, build systems, version control, and whole toolchains of languages that ship as a program of their own.
const buildOnly =
  /^(build-essential|gcc|g\+\+|clang|llvm|cc|make|cmake|ninja-build|meson|autoconf|automake|libtool|bison|flex|pkg-config|pkgconf|git|patch|golang.*|rustc|cargo|maven|gradle|ant|(default|openjdk-\d+)-jdk(-headless)?|nasm|yasm|swig|gfortran|binutils|cpp|dpkg-dev|debhelper|devscripts)(-[\d.]+)?$|-dev$|^g\+\+-|^gcc-/

/** What a program that was linked against a -dev package needs to run, by the names of Debian 12. */
const libraryOf: Readonly<Record<string, string>> = {
  'libc6-dev': '',
  'linux-libc-dev': '',
  'zlib1g-dev': 'zlib1g',
  'libssl-dev': 'libssl3',
  'libcurl4-openssl-dev': 'libcurl4',
  'libsqlite3-dev': 'libsqlite3-0',
  'libpq-dev': 'libpq5',
  'libffi-dev': 'libffi8',
  'libxml2-dev': 'libxml2',
  'libyaml-dev': 'libyaml-0-2',
  'libncurses-dev': 'libncurses6',
  'libreadline-dev': 'libreadline8',
  'libgmp-dev': 'libgmp10',
  'libjpeg-dev': 'libjpeg62-turbo',
  'libpng-dev': 'libpng16-16',
  'default-libmysqlclient-dev': 'libmariadb3',
  'libzip-dev': 'libzip4',
  'libicu-dev': 'libicu72',
  'libonig-dev': 'libonig5',
  'libfreetype6-dev': 'libfreetype6',
  'libfreetype-dev': 'libfreetype6',
  'libwebp-dev': 'libwebp7',
  'libxslt1-dev': 'libxslt1.1',
  'ruby-dev': '',
  'python3-dev': '',
  'php-dev': '',
}

export function aptPackages(single: SingleStage): AptPackages {
  const asked = single.commands.filter(isAptInstall).flatMap(({ words }) => packageWords(words))
  const isBuildOnly = (name: string): boolean => buildOnly.test(name)
  return { runtime: asked.filter((name) => !isBuildOnly(name)), build: asked.filter(isBuildOnly) }
}

const isAptInstall = ({ words }: ShellCommand): boolean => /^apt(-get)?$/.test(words[0]!) && words.includes('install')

const packageWords = (words: readonly string[]): string[] =>
  words
    .slice(words.indexOf('install') + 1)
    .filter((word) => !word.startsWith('-'))
    .map((word) => word.replace(/=.*/, ''))

/** The libraries for these -dev packages; `unknown` are those whose library has no name that can be told. */
export function librariesOf(build: readonly string[]): { libraries: string[]; unknown: string[] } {
  const development = build.filter((name) => name.endsWith('-dev'))
  return {
    libraries: development.flatMap((name) => libraryOf[name] || []),
    unknown: development.filter((name) => libraryOf[name] === undefined),
  }
}
