import { isElf } from '../image/elf'
import { decodeUtf8 } from '../utf8'
import { type FoundPackage, makePackage, type PackageReader } from './package'

const magic = [0xff, 0x20, 0x47, 0x6f, 0x20, 0x62, 0x75, 0x69, 0x6c, 0x64, 0x69, 0x6e, 0x66, 0x3a] // "\xff Go buildinf:"
/** A Go program is larger, the runtime alone sees to that. */
const smallestProgramBytes = 400_000

/** Go modules that programs say they are made of (https://pkg.go.dev/debug/buildinfo), as Go 1.18 and newer write it. */
export function goReader(): PackageReader {
  const found: FoundPackage[] = []
  return {
    wants: ({ isExecutable, contentBytes, name }) =>
      isExecutable && contentBytes >= smallestProgramBytes && !/\.so(\.|$)/.test(name),
    take: (path, bytes) => {
      const info = readGoBuildInfo(bytes)
      if (info === undefined) return
      const [first, ...others] = [...info.modules, { name: 'stdlib', version: info.goVersion.replace(/^go/, '') }]
      const make = (module: GoModule): FoundPackage['package'] =>
        makePackage({ type: 'golang', ...module, path: `/${path}` })
      found.push({ package: make(first!), owns: [`/${path}`] })
      for (const module of others) found.push({ package: make(module), owns: [] })
    },
    finish: () => found,
  }
}

export interface GoModule {
  readonly name: string
  readonly version: string
}

export interface GoBuildInfo {
  readonly goVersion: string
  /** The program's own module first, when it has one. */
  readonly modules: readonly GoModule[]
}

/** Undefined for what is no Go program, or an older one that keeps pointers instead. */
export function readGoBuildInfo(bytes: Uint8Array): GoBuildInfo | undefined {
  if (!isElf(bytes)) return undefined
  const at = findMagic(bytes)
  const isInline = at >= 0 && (bytes[at + 15]! & 2) !== 0
  if (!isInline) return undefined
  const version = readString(bytes, at + 32)
  const module = version && readString(bytes, version.end)
  if (version === undefined || module === undefined) return undefined
  // Sixteen bytes on either side tell programs that look for the text where it begins and ends.
  return { goVersion: version.text, modules: readModules(module.text.length >= 33 ? module.text.slice(16, -16) : '') }
}

/** It stands at a multiple of 16. */
function findMagic(bytes: Uint8Array): number {
  for (let at = 0; at < bytes.length; at += 16)
    if (bytes[at] === 0xff && magic.every((byte, offset) => bytes[at + offset] === byte)) return at
  return -1
}

/** A length in groups of seven bits, lowest first, and that many bytes. */
function readString(bytes: Uint8Array, from: number): { readonly text: string; readonly end: number } | undefined {
  let length = 0
  let at = from
  for (let scale = 1; at < bytes.length && scale < 2 ** 35; scale *= 128) {
    const byte = bytes[at++]!
    length += (byte & 0x7f) * scale
    if (byte < 0x80) break
  }
  return at + length > bytes.length ? undefined : { text: decodeUtf8(bytes, at, at + length), end: at + length }
}

/** A line `=>` tells what is really there instead of the module before it. */
function readModules(text: string): GoModule[] {
  const modules: GoModule[] = []
  for (const line of text.split('\n')) {
    const [word, name, version] = line.split('\t')
    if (name === undefined) continue
    if (word === '=>' && modules.length > 0) modules.pop()
    if (word === 'mod' || word === 'dep' || word === '=>') modules.push({ name, version: version || '(devel)' })
  }
  return modules
}
