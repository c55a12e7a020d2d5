import { joinPath } from '../../dockerfile/stage-state'
import { type ElfFile, readElf } from '../../image/elf'
import { entryKind } from '../../image/layer-table'
import { nodePath } from '../../image/path-tree'
import { decodeUtf8 } from '../../utf8'
import type { RuleId } from '../rules'
import type { BuiltFinding, BuiltImage } from './built-image'
import type { FoundProgram } from './program'

const mostLibraries = 200
const mostAddOns = 40
const triplets: Readonly<Record<string, string>> = {
  amd64: 'x86_64-linux-gnu',
  arm64: 'aarch64-linux-gnu',
  arm: 'arm-linux-gnueabihf',
  '386': 'i386-linux-gnu',
  ppc64le: 'powerpc64le-linux-gnu',
  riscv64: 'riscv64-linux-gnu',
  s390x: 's390x-linux-gnu',
}

/** Loaders and libraries that programs and native add-ons of the image ask for and do not get. */
export async function checkLibraries(image: BuiltImage, programs: readonly FoundProgram[]): Promise<BuiltFinding[]> {
  const search = new LibrarySearch(image, await configuredFolders(image))
  const findings: BuiltFinding[] = []
  for (const { path, bytes } of programs) {
    const elf = bytes && readElf(bytes)
    if (elf === undefined) continue
    findings.push(...checkLoader(image, path, elf))
    if (findings.length === 0)
      findings.push(...(await search.missing(path, elf)).map((name) => missingLibrary(path, name)))
  }
  if (findings.length > 0) return findings
  for (const path of addOns(image)) {
    const bytes = await image.read(path)
    const elf = bytes && readElf(bytes)
    // An add-on may be one of several that a package has for different systems.
    const missing = elf ? await search.missing(path, elf) : []
    findings.push(...missing.map((name) => ({ ...missingLibrary(path, name), severity: 'warning' as const })))
  }
  return findings
}

function checkLoader({ architecture, paths }: BuiltImage, path: string, elf: ElfFile): BuiltFinding[] {
  const found = (rule: RuleId, what: string, why: string, fix: string): BuiltFinding[] => [
    { rule, severity: 'error', path, what, why, fix },
  ]
  if (elf.architecture !== undefined && architecture !== '' && elf.architecture !== architecture)
    return found(
      'other-architecture',
      `${path} is built for ${elf.architecture}, but the image is for ${architecture}.`,
      `exec ${path}: exec format error`,
      'Build the program for the image’s platform, or build the image with --platform.',
    )
  if (elf.interpreter === undefined || paths.resolve(elf.interpreter).node !== undefined) return []
  const library = elf.interpreter.includes('musl') ? 'musl, as on Alpine' : 'glibc, as on Debian'
  return found(
    'loader-missing',
    `${path} needs the loader ${elf.interpreter} (${library}), which isn’t in the image.`,
    `exec ${path}: no such file or directory. The file exists, but its loader doesn’t.`,
    'Link the program statically, or use a final base image with the C library that it was built with.',
  )
}

const missingLibrary = (path: string, name: string): BuiltFinding => ({
  rule: 'library-missing',
  severity: 'error',
  path,
  what: `${path} needs the library ${name}, which isn’t in the image.`,
  why: `error while loading shared libraries: ${name}: cannot open shared object file`,
  fix: 'Install the package that provides it in the final stage, or COPY the library from the build stage.',
})

/** Follows what libraries ask for, as the loader does (https://man7.org/linux/man-pages/man8/ld.so.8.html). */
class LibrarySearch {
  readonly #image: BuiltImage
  readonly #folders: readonly string[]
  readonly #seen = new Set<string>()

  constructor(image: BuiltImage, folders: readonly string[]) {
    this.#image = image
    this.#folders = folders
  }

  /** Names that are not found, of this file and of all that it loads; each file is asked once. */
  async missing(path: string, elf: ElfFile): Promise<string[]> {
    const missing = new Set<string>()
    const queue: { path: string; elf: ElfFile }[] = [{ path, elf }]
    for (let at = queue.pop(); at !== undefined && this.#seen.size < mostLibraries; at = queue.pop())
      for (const name of at.elf.needed) {
        const found = this.#find(name, at.path, at.elf)
        if (found === undefined) {
          if (!isLoaderItself(name, elf.interpreter)) missing.add(name)
        } else if (!this.#seen.has(found)) {
          this.#seen.add(found)
          const bytes = await this.#image.read(found)
          const library = bytes && readElf(bytes)
          if (library) queue.push({ path: found, elf: library })
        }
      }
    return [...missing]
  }

  #find(name: string, path: string, { rpath, runpath }: ElfFile): string | undefined {
    const origin = path.slice(0, path.lastIndexOf('/')) || '/'
    const own = (folders: readonly string[]): string[] =>
      folders.map((folder) => joinPath('/', folder.replace(/\$\{?ORIGIN\}?/g, origin)))
    const given = (this.#image.run.env.LD_LIBRARY_PATH ?? '').split(':').filter((folder) => folder !== '')
    const folders = [...(runpath.length > 0 ? [] : own(rpath)), ...given, ...own(runpath), ...this.#folders]
    for (const place of name.includes('/') ? [name] : folders.map((folder) => joinPath(folder, name))) {
      const resolved = this.#image.paths.resolve(place)
      if (resolved.node !== undefined) return resolved.path
    }
    return undefined
  }
}

/** The C library of Alpine is its loader, and a loader is never looked for. */
const isLoaderItself = (name: string, interpreter: string | undefined): boolean =>
  /^libc\.(musl-.*\.)?so/.test(name)
    ? interpreter === undefined || interpreter.includes('musl')
    : /^ld-(linux|musl)/.test(name)

/** Folders of ld.so.conf and what it includes, then those that every loader knows. */
async function configuredFolders({ read, rootfs, paths, architecture }: BuiltImage): Promise<string[]> {
  const folder = paths.resolve('/etc/ld.so.conf.d')
  const included =
    folder.node === undefined
      ? []
      : [...rootfs.parent.keys()]
          .filter((node) => rootfs.parent[node] === folder.node)
          .map((node) => `/${nodePath(rootfs, node)}`)
  const texts: string[] = []
  for (const path of [
    '/etc/ld.so.conf',
    ...included,
    `/etc/ld-musl-${architecture === 'amd64' ? 'x86_64' : 'aarch64'}.path`,
  ]) {
    const bytes = paths.resolve(path).node === undefined ? undefined : await read(path)
    if (bytes) texts.push(decodeUtf8(bytes))
  }
  const configured = texts
    .flatMap((text) => text.split(/[\n:]/))
    .map((line) => line.trim())
    .filter((line) => line.startsWith('/'))
  const triplet = triplets[architecture]
  const known = [
    '/lib',
    '/usr/lib',
    '/lib64',
    '/usr/lib64',
    '/usr/local/lib',
    ...(triplet ? [`/lib/${triplet}`, `/usr/lib/${triplet}`] : []),
  ]
  return [...new Set([...configured, ...known])]
}

/** Native modules of Python, Node.js and Ruby that the project brings: no more than a few dozen are looked into. */
function addOns({ rootfs, baseLayers }: BuiltImage): string[] {
  const found: string[] = []
  for (let node = 1; node < rootfs.parent.length && found.length < mostAddOns; node++) {
    if (rootfs.kind[node] !== entryKind.file || rootfs.layer[node]! < baseLayers) continue
    const name = rootfs.names[rootfs.nameId[node]!]!
    if (!/\.node$|\.so$|\.so\.\d/.test(name)) continue
    const path = `/${nodePath(rootfs, node)}`
    if (/\/(site-packages|dist-packages|node_modules|gems)\//.test(path) && !/\/prebuilds\//.test(path))
      found.push(path)
  }
  return found
}
