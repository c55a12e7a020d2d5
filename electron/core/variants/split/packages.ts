import type { ShellCommand } from '../../dockerfile/stage-state'
import type { SingleStage } from './single-stage'

/** Packages of the distribution that this stage asks for, divided by what they are for. */
export interface SystemPackages {
  readonly runtime: readonly string[]
  readonly build: readonly string[]
}

// Compilers, linkers, build systems, version control, and whole toolchains of languages that ship as a program of their own.
const buildOnly =
  /^(build-essential|build-base|alpine-sdk|linux-headers|upx|gcc|g\+\+|clang|llvm|cc|make|cmake|ninja-build|ninja|samurai|meson|autoconf|automake|libtool|bison|flex|pkg-config|pkgconf|pkgconfig|git|patch|golang.*|go|rust|rustc|cargo|maven|gradle|ant|(default|openjdk-?\d+)-jdk(-headless)?|openjdk\d+|nasm|yasm|swig|gfortran|binutils|cpp|dpkg-dev|debhelper|devscripts|node-gyp)(-[\d.]+)?$|-dev$|^g\+\+-|^gcc-/

/** What a program that was linked against a -dev package needs to run, by the names of Debian 12 and of Alpine. */
const libraryOf: Readonly<Record<string, string>> = {
  'libc6-dev': '',
  'linux-libc-dev': '',
  'ruby-dev': '',
  'python3-dev': '',
  'php-dev': '',
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
}

const alpineLibraryOf: Readonly<Record<string, string>> = {
  'libc-dev': '',
  'musl-dev': '',
  'python3-dev': '',
  'ruby-dev': '',
  'zlib-dev': 'zlib',
  'openssl-dev': 'openssl',
  'curl-dev': 'libcurl',
  'sqlite-dev': 'sqlite-libs',
  'postgresql-dev': 'libpq',
  'libpq-dev': 'libpq',
  'libffi-dev': 'libffi',
  'libxml2-dev': 'libxml2',
  'libxslt-dev': 'libxslt',
  'yaml-dev': 'yaml',
  'ncurses-dev': 'ncurses-libs',
  'readline-dev': 'readline',
  'gmp-dev': 'gmp',
  'libjpeg-turbo-dev': 'libjpeg-turbo',
  'jpeg-dev': 'libjpeg-turbo',
  'libpng-dev': 'libpng',
  'freetype-dev': 'freetype',
  'mariadb-dev': 'mariadb-connector-c',
  'vips-dev': 'vips',
  'cairo-dev': 'cairo',
  'pango-dev': 'pango',
  'icu-dev': 'icu-libs',
}

/** What apt-get and apk are asked to install. */
export function systemPackages(single: SingleStage): SystemPackages {
  const asked = single.commands.flatMap((command) => aptPackages(command) ?? apkPackages(command) ?? [])
  const isBuildOnly = ({ name, isTemporary }: AskedPackage): boolean => isTemporary || buildOnly.test(name)
  const names = (packages: readonly AskedPackage[]): string[] => packages.map(({ name }) => name)
  return {
    runtime: names(asked.filter((each) => !isBuildOnly(each))),
    build: names(asked.filter(isBuildOnly)),
  }
}

/** The first command that installs packages of a distribution of which Cutaway knows no small base. */
export const foreignInstall = ({ commands }: SingleStage): ShellCommand | undefined =>
  commands.find(
    ({ words }) =>
      /^(yum|dnf|microdnf|zypper|pacman|tdnf|emerge)$/.test(words[0]!) && /^(install|-S\w*|in)$/.test(verbOf(words)),
  )

const verbOf = (words: readonly string[]): string => words.slice(1).find((word) => !/^--?y$|^--/.test(word)) ?? ''

interface AskedPackage {
  readonly name: string
  /** Installed under a name by which it is removed again. */
  readonly isTemporary: boolean
}

function aptPackages({ words }: ShellCommand): AskedPackage[] | undefined {
  if (!/^apt(-get)?$/.test(words[0]!) || !words.includes('install')) return undefined
  return operands(words.slice(words.indexOf('install') + 1), /^(-t|--target-release|-o)$/).map((word) => ({
    name: word.replace(/[=/].*/, ''),
    isTemporary: false,
  }))
}

function apkPackages({ words }: ShellCommand): AskedPackage[] | undefined {
  if (words[0] !== 'apk' || !words.includes('add')) return undefined
  const isTemporary = words.some((word) => /^(-t|--virtual)(=|$)/.test(word))
  return operands(words.slice(words.indexOf('add') + 1), /^(-t|--virtual|-X|--repository)$/).map((word) => ({
    name: word.replace(/[=<>~@].*/, ''),
    isTemporary,
  }))
}

/** Words that are neither flags, nor the value of one, nor for the shell. */
function operands(words: readonly string[], withValue: RegExp): string[] {
  return words.filter((word, at) => {
    const previous = words[at - 1] ?? ''
    const isRedirection = /^\d*[<>]/.test(word) || /^\d*>>?$/.test(previous)
    return !word.startsWith('-') && !withValue.test(previous) && !isRedirection && word !== '&'
  })
}

/** The libraries for these -dev packages, and a doubt for each whose library has no name that can be told. */
export function librariesOf(build: readonly string[], isAlpine = false): { libraries: string[]; doubts: string[] } {
  const known = isAlpine ? alpineLibraryOf : libraryOf
  const development = build.filter((name) => name.endsWith('-dev'))
  return {
    libraries: development.flatMap((name) => known[name] || []),
    doubts: development
      .filter((name) => known[name] === undefined)
      .map((name) => `The shared library of ${name} may have to be installed in the final stage.`),
  }
}
